import * as fc from "fast-check";
import { type Comparison, compareStages, shownSetting } from "../../cli/promote/compare";
import { configPathOf, settingReason } from "../../cli/promote/setting-paths";
import { SETTINGS } from "../../infra/settings-schema";

const STAGING = {
  target: { kratos: { name: "staging" } },
  email: { smtp: { connectionUri: "secret:smtp-uri", fromAddress: "a@staging.example", fromName: "Shop" } },
  sms: { url: "https://sms.staging.example", method: "POST" },
  secondFactor: { code: true, totp: { issuer: "Shop" } },
  raw: {
    session: { lifespan: "24h" },
    selfservice: { default_browser_return_url: "https://staging.example" },
  },
  proof: { as: ["password+email"] },
  secrets: { "smtp-uri": { secure: "v1:canary" } },
};
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const PROD = { ...copy(STAGING), target: { kratos: { name: "prod" } }, promotion: { from: "staging" } };
PROD.email.smtp.fromAddress = "a@prod.example";
PROD.sms.url = "https://sms.prod.example";
PROD.raw.selfservice.default_browser_return_url = "https://prod.example";

const names = (paths: { path: string[] }[]) => paths.map(({ path }) => path.join("."));
/** What a promotion makes of `here`, by its comparison. */
function promoted(here: object, { unexplained }: Comparison): unknown {
  const result = copy(here) as Record<string, unknown>;
  for (const { path, there } of unexplained) {
    const above = path.slice(0, -1).reduce<Record<string, unknown>>((node, name) => {
      node[name] ??= {};
      return node[name] as Record<string, unknown>;
    }, result);
    if (there === undefined) delete above[path.at(-1)!];
    else above[path.at(-1)!] = there;
  }
  return result;
}

describe("two stacks' files", () => {
  it("differ on purpose in what belongs to an environment, each with its reason", () => {
    const found = compareStages(PROD, STAGING, []);
    expect(found.unexplained).toEqual([]);
    expect(found.intended.map(({ path, why }) => `${path.join(".")}: ${why}`)).toEqual([
      "target: the stack's own",
      "email.smtp.fromAddress: who messages come from",
      "sms.url: the services that requests and messages go to, and how one authenticates there",
      "raw.selfservice.default_browser_return_url: where the environment's application is",
    ]);
  });

  it("differ without a reason in everything else, whatever the spelling of values", () => {
    const here = copy(PROD);
    here.raw.session.lifespan = "1440m";
    expect(compareStages(here, STAGING, []).unexplained).toEqual([]);
    here.raw.session.lifespan = "1h";
    here.secondFactor = { code: false, totp: { issuer: "Prod" }, extra: 1 } as never;
    const { unexplained } = compareStages(here, STAGING, []);
    expect(names(unexplained)).toEqual([
      "secondFactor.code",
      "secondFactor.totp.issuer",
      "secondFactor.extra",
      "raw.session.lifespan",
    ]);
    const kept = ["secondFactor.totp.issuer", "/session/lifespan", "secondFactor.extra"];
    expect(names(compareStages(here, STAGING, kept).unexplained)).toEqual(["secondFactor.code"]);
  });

  it("are equal after a promotion but for what is meant to differ, which stays", () => {
    const toggles = fc.dictionary(fc.constantFrom("code", "lookupSecret"), fc.boolean());
    const tree = fc.dictionary(
      fc.constantFrom("session", "ui_url", "x"),
      fc.oneof(
        fc.boolean(),
        fc.dictionary(fc.constantFrom("lifespan", "ui_url"), fc.constantFrom("1h", "2h")),
      ),
    );
    const settings = fc.record({ secondFactor: toggles, raw: tree }, { requiredKeys: [] });
    fc.assert(
      fc.property(settings, settings, (here, there) => {
        const found = compareStages(here, there, []);
        if (found.unclear.length + found.missing.length > 0) return;
        const after = promoted(here, found) as Record<string, unknown>;
        const again = compareStages(after, there, []);
        expect(again.unexplained).toEqual([]);
        const own = ({ intended }: Comparison) =>
          intended.filter((one) => one.here !== undefined).map(({ path, here: value }) => [path, value]);
        expect(own(again)).toEqual(expect.arrayContaining(own(found)));
      }),
    );
  });

  it("promote a list with each environment's values in it, where its elements correspond", () => {
    const hooks = (url: string, method: string, more: object[] = []) => ({
      raw: {
        selfservice: {
          flows: { login: { after: { hooks: [{ hook: "web_hook", config: { url, method } }, ...more] } } },
        },
      },
    });
    const compared = (here: object, there: object) => compareStages(here as never, there as never, []);
    const [ours, theirs] = [hooks("https://p", "POST"), hooks("https://s", "POST")];
    expect(compared(ours, theirs)).toMatchObject({
      unexplained: [],
      intended: [{ here: expect.anything() }],
    });
    expect(compared(ours, hooks("https://s", "PUT")).unexplained[0]!.there).toEqual([
      { hook: "web_hook", config: { url: "https://p", method: "PUT" } },
    ]);
    // Whose URL is to be called by the second one?
    const more = compared(
      ours,
      hooks("https://s", "POST", [{ hook: "web_hook", config: { url: "https://t" } }]),
    );
    expect(more.unclear).toEqual([["raw", "selfservice", "flows", "login", "after", "hooks"]]);
    expect(more.unexplained).toEqual([]);
  });

  it("need a value of the environment's own for what comes to it", () => {
    const { sms: _, ...without } = PROD;
    expect(compareStages(without, STAGING, []).missing).toEqual([["sms", "url"]]);
    const { sms: __, ...stagingWithout } = STAGING;
    expect(compareStages(PROD, stagingWithout, []).unclear).toEqual([["sms"]]);
  });

  it("never promote what is encrypted, nor a URL of a key that nothing is known of", () => {
    const here = { token: { secure: "v1:a" }, api: "https://prod", size: 1 };
    const there = { token: { secure: "v1:b" }, api: "https://staging", size: 2, other: { secure: "v1:c" } };
    const found = compareStages(here, there, []);
    expect(names(found.unexplained)).toEqual(["size"]);
    expect(names(found.intended)).toEqual(["token", "api", "other"]);
    expect(shownSetting(["token"], here.token)).toBe('"[secret]"');
    expect(shownSetting(["raw", "dsn"], "postgres://user:canary@db")).not.toContain("canary");
  });

  it("are compared in each setting that a stack's file may have", () => {
    const known = Object.keys(SETTINGS.properties);
    const leaves = (schema: object, path: string[]): string[][] => {
      const { properties, anyOf = [] } = schema as { properties?: Record<string, object>; anyOf?: object[] };
      const below = Object.entries(properties ?? {}).flatMap(([name, one]) => leaves(one, [...path, name]));
      const all = [...below, ...anyOf.flatMap((one) => leaves(one, path))];
      return all.length > 0 ? all : [path];
    };
    const told = known
      .filter(
        (name) =>
          !["target", "proof", "acknowledge", "promotion", "rollback", "secrets", "raw"].includes(name),
      )
      .flatMap((name) => leaves((SETTINGS.properties as Record<string, object>)[name]!, [name]))
      .map(
        (path) => `${path.join(".")} -> ${configPathOf(path)}: ${settingReason(path, [], []) ?? "promoted"}`,
      );
    expect([...new Set(told)].sort()).toMatchSnapshot();
  });
});
