import { type Document, type Json, UNKNOWN } from "../../infra/identity-config/model";
import { judges } from "./examples";
import { undecidedAt, violations } from "./review";

const web = (config: Document = {}): Document => ({
  hook: "web_hook",
  config: { url: "https://crm.shop.example/", method: "POST", body: "base64://e30=", ...config },
});
const login = (after: Document, before: Json[] = []): Document => ({
  selfservice: { flows: { login: { before: { hooks: before }, after } } },
});
const AFTER = "/selfservice/flows/login/after";

describe("web-hook-body-required", () => {
  const id = "web-hook-body-required";
  const { body: _, ...config } = web().config as Document;
  const bodiless: Document = { hook: "web_hook", config };

  test.each<[string, Document, string]>([
    [
      "for a method",
      login({ password: { hooks: [web(), bodiless] } }),
      `${AFTER}/password/hooks/1/config/body`,
    ],
    ["for all methods", login({ hooks: [bodiless] }), `${AFTER}/hooks/0/config/body`],
    ["before a flow", login({}, [bodiless]), "/selfservice/flows/login/before/hooks/0/config/body"],
    ["with an empty one", login({ hooks: [web({ body: "" })] }), `${AFTER}/hooks/0/config/body`],
    ["that is a GET", login({ hooks: [web({ body: "", method: "GET" })] }), `${AFTER}/hooks/0/config/body`],
  ])("refuses a web hook without a body %s", (_where, document, path) => {
    expect(violations(id, document)).toEqual([expect.objectContaining({ path })]);
  });

  test("accepts web hooks with a body, TRACE without, and other hooks", () => {
    const hooks = [web(), web({ body: "", method: "TRACE" }), { hook: "revoke_active_sessions" }];
    expect(violations(id, login({ password: { hooks } }))).toEqual([]);
    expect(violations(id, login({ password: { hooks: [{ hook: "web_hook" }] } }))).toEqual([]);
  });

  test("waits for what is not known yet, a body that is coming apart", () => {
    expect(violations(id, login({ hooks: UNKNOWN }))).toEqual([undecidedAt(`${AFTER}/hooks`)]);
    expect(violations(id, login({ hooks: [web({ body: UNKNOWN })] }))).toEqual([]);
  });
});

describe("hooks-shadow-global", () => {
  const id = "hooks-shadow-global";
  const own = { hook: "revoke_active_sessions" };

  test("warns where a method's own hooks replace those for all", () => {
    expect(
      violations(id, login({ hooks: [web()], password: { hooks: [own] }, code: { hooks: [] } })),
    ).toEqual([
      {
        path: `${AFTER}/password/hooks`,
        message: `1 of the hooks at ${AFTER}/hooks does not run for password, which has hooks of its own`,
        remedy: `repeat it at ${AFTER}/password/hooks, or remove the hooks there`,
      },
    ]);
  });

  test("accepts a method that repeats them, and lists without any", () => {
    expect(violations(id, login({ hooks: [web()], password: { hooks: [own, web()] } }))).toEqual([]);
    expect(violations(id, login({ hooks: [], password: { hooks: [own] } }))).toEqual([]);
    expect(violations(id, login({ hooks: [web()], password: { default_browser_return_url: "/" } }))).toEqual(
      [],
    );
  });

  test("does not warn of what it cannot know", () => {
    expect(violations(id, login({ hooks: [web()], password: { hooks: UNKNOWN } }))).toEqual([]);
  });
});

const HEADERS = "/selfservice/flows/registration/after/password/hooks/0/config/headers";
const webHook = (headers: Json, hook = "web_hook"): Document => ({
  selfservice: {
    flows: {
      registration: {
        after: {
          password: { hooks: [{ hook, config: { url: "https://crm.example/", method: "POST", headers } }] },
        },
      },
    },
  },
});

judges("web-hook-content-type", {
  violated: [
    [`${HEADERS}/Content-Type`, webHook({ "Content-Type": "application/json; charset=utf-8" })],
    [`${HEADERS}/content-type`, webHook({ "X-Shop": "1", "content-type": "text/plain" })],
  ],
  kept: [
    [webHook({ "Content-Type": "application/json" })],
    [webHook({ "Content-Type": "application/x-www-form-urlencoded" })],
    [webHook({ "X-Shop": "text/plain" })],
    [webHook({ "Content-Type": "text/plain" }, "session")],
    [{}],
  ],
  undecided: [
    [`${HEADERS}/Content-Type`, webHook({ "Content-Type": UNKNOWN })],
    [HEADERS, webHook(UNKNOWN)],
  ],
});
