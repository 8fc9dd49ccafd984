import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IdentityConfig, type IdentityConfigArgs, RequiredAal } from "../../infra/index";
import { MockEngine, secretly } from "./engine";

const engine = new MockEngine();
const promotable = { digest: "p1", paths: { "/session/whoami/required_aal": '"aal1"' } };
const proof = { digest: "d1", promotable, at: "2026-11-23T22:26:13.869Z", journeys: [] };

const start = (outputs: object) => engine.start({ computed: { outputs, secretOutputNames: [] } });
const config = (more: Partial<IdentityConfigArgs>) =>
  new IdentityConfig("shop", {
    target: { kratos: { name: "shop", dir: "/etc/kratos" } },
    parts: [new RequiredAal("aal", { session: "aal1" })],
    ...more,
  });
const sent = async (more: Partial<IdentityConfigArgs>) => (await engine.sent("shop", config(more))).inputs;

describe("promotion", () => {
  it("tells what the stage before has proven, and nothing else that the stage gives out", async () => {
    await start({ proof, other: "canary" });
    const { promotion } = await sent({ promotion: { from: "staging", keep: ["/session/lifespan"] } });
    expect(promotion).toEqual({
      from: "staging",
      keep: ["/session/lifespan"],
      proven: { promotable, at: proof.at },
    });
  });

  it("reads the output that is named, of any stack", async () => {
    await start({ signIn: proof });
    const { promotion } = await sent({ promotion: { from: "acme/other/stage", output: "signIn" } });
    expect(promotion).toMatchObject({ proven: { promotable } });
  });

  it("tells that nothing is proven where there is no such output, or it is none of a proof", async () => {
    for (const outputs of [{}, { proof: "yes" }, { proof: null }]) {
      await start(outputs);
      expect((await sent({ promotion: { from: "staging" } })).promotion).toEqual({ from: "staging" });
    }
  });

  it("is refused from the same stack, and without a stack", async () => {
    await start({});
    expect(() => config({ promotion: { from: "test" } })).toThrow(
      "promotion.from is this very stack, test; name the stage before it",
    );
    expect(() => config({ promotion: { from: "" } })).toThrow("promotion.from is no stack's name");
  });
});

describe("rollback", () => {
  let dir: string;
  const file = (text: string) => {
    writeFileSync(join(dir, "rollback.yaml"), text);
    return { rollback: { file: join(dir, "rollback.yaml") } };
  };
  const EARLIER = `resource: shop
version: "update 3"
config: { courier: { smtp: { connection_uri: "secret:smtp-uri" } }, identity: { schemas: [{ id: a, url: "asset:a" }] } }
assets: { a: "{}" }
`;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "rollback-"));
    await engine.start();
  });
  beforeAll(() => jest.spyOn(console, "warn").mockImplementation());
  afterAll(() => jest.restoreAllMocks());
  afterEach(() => rmSync(dir, { recursive: true }));

  it("declares the earlier config instead of the program's, with the secrets of today", async () => {
    const inputs = await sent({ ...file(EARLIER), secrets: { "smtp-uri": "smtp://x", unused: "y" } });
    expect(inputs).toMatchObject({
      config: { courier: { smtp: { connection_uri: "secret:smtp-uri" } } },
      assets: { a: "{}" },
      secrets: { "smtp-uri": secretly("smtp://x") },
    });
    expect(inputs.config).not.toHaveProperty("session");
    expect(inputs.secrets).not.toHaveProperty("unused");
  });

  it.each([
    ["", "it is no mapping"],
    ["{", "it is not valid YAML"],
    ["resource: other\nconfig: {}", 'it is about "other"'],
    ["resource: shop", "its config and assets are no mappings"],
    ["resource: shop\nconfig: {}\nassets: { a: 1 }", "its assets are no texts"],
  ])("refuses %j", (text, reason) => {
    expect(() => config(file(text))).toThrow(`is no rollback: ${reason}; `);
  });
});
