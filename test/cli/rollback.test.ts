import * as fc from "fast-check";
import { parse } from "yaml";
import { type Declared, declaredChanges, declaredIn, rollbackText } from "../../cli/rollback/declared";
import type { Document } from "../../infra/identity-config/model";
import { documents } from "../identity-config/documents";

const TYPE = "ory:index:IdentityConfig";
const resource = (name: string, inputs: object, revision = "r1") => ({
  type: TYPE,
  urn: `urn:pulumi:prod::shop::${TYPE}::${name}`,
  inputs,
  outputs: { revision },
});
const declared = (config: Document, assets = {}): Declared => ({
  resource: "shop",
  config,
  assets,
  revision: "r1",
});

describe("what an earlier update declared", () => {
  it("is found in a state by its name, which may be left out where there is one only", () => {
    const shop = resource("shop", { config: { session: { lifespan: "1h" } } });
    const other = resource("other", { config: {}, assets: { a: "{}" } }, "r2");
    expect(declaredIn([{ type: "pulumi:pulumi:Stack" }, shop], undefined)).toEqual({
      resource: "shop",
      config: { session: { lifespan: "1h" } },
      assets: {},
      revision: "r1",
    });
    expect(declaredIn([shop, other], "other")).toMatchObject({ assets: { a: "{}" }, revision: "r2" });
    expect(() => declaredIn([shop, other], undefined)).toThrow(
      "several identity configs; name one with --resource: shop, other",
    );
    expect(declaredIn([shop], "third")).toBeUndefined();
    expect(declaredIn([], undefined)).toBeUndefined();
  });

  it("is refused where the state holds it as a secret", () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1:canary",
    };
    expect(() => declaredIn([resource("shop", { config: { session: secret } })], undefined)).toThrow(
      "cannot roll back shop: the state holds its config as a secret",
    );
  });

  it("is written so that it is read as it was, whatever it holds", () => {
    const texts = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(documents, texts, (config, assets) => {
        const then = declared(config, assets);
        expect(parse(rollbackText(then, "prod", "update 2"))).toEqual({ ...then, version: "update 2" });
      }),
    );
  });

  it("shows texts as lines, so that they can be reviewed", () => {
    const text = rollbackText(
      declared({}, { "a.jsonnet": "function(ctx) {\n  to: ctx.To,\n}\n" }),
      "prod",
      "update 2",
    );
    expect(text).toContain("  a.jsonnet: |\n    function(ctx) {\n      to: ctx.To,\n    }\n");
  });

  it("differs from what is declared now where a path does, texts and all, and nowhere else", () => {
    const now = declared(
      { session: { lifespan: "1h" }, identity: { schemas: [{ id: "a", url: "asset:s" }] } },
      { s: "{}" },
    );
    expect(declaredChanges(now, now)).toEqual([]);
    const then = { ...now, assets: { s: '{"a":1}' } };
    expect(declaredChanges(now, then).map(({ path }) => path)).toEqual(["/identity/schemas[id=a]/url"]);
  });
});
