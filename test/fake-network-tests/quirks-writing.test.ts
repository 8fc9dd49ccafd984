import { newIdentityConfig, type Quirks } from "../fake-network";
import { at, configOf, failure, quirky, startConsole, stopAll } from "./console";

afterEach(stopAll);

const CODE = "/selfservice/methods/code";
const PASSWORD = "/selfservice/methods/password/enabled";

describe("values that are dropped", () => {
  const TEMPLATE = "/session/whoami/tokenizer/templates/shop";

  it("are accepted, and what was there before stays", async () => {
    const { write, value } = await quirky({ drops: ["/session/whoami/tokenizer/**", PASSWORD] });
    const { project, warnings } = await write(
      { op: "add", path: "/session/whoami/tokenizer", value: { templates: { shop: { ttl: "1h" } } } },
      { op: "replace", path: PASSWORD, value: false },
      { op: "replace", path: `${CODE}/mfa_enabled`, value: true },
    );
    expect(warnings).toEqual([]);
    expect(at(configOf(project), TEMPLATE)).toBeUndefined();
    expect(await value(PASSWORD)).toBe(true);
    expect(await value(`${CODE}/mfa_enabled`)).toBe(true);
  });

  it("stay as well where they are removed", async () => {
    const { write, value } = await quirky({ drops: [PASSWORD] });
    await write({ op: "remove", path: PASSWORD });
    expect(await value(PASSWORD)).toBe(true);
  });

  it("are kept without the quirk", async () => {
    const { write, value } = await quirky({});
    await write({
      op: "add",
      path: "/session/whoami/tokenizer",
      value: { templates: { shop: { ttl: "1h" } } },
    });
    expect(await value(`${TEMPLATE}/ttl`)).toBe("1h");
  });
});

describe("empty values", () => {
  const VALUE = { text: "", none: null, zero: 0, list: [], object: { inner: {} }, no: false, elements: [""] };

  it("are removed, but false and elements of arrays stay", async () => {
    const { set, value } = await quirky({ prunesEmpty: true, strictPatch: false });
    await set(`${CODE}/config`, VALUE);
    expect(await value(`${CODE}/config`)).toEqual({ no: false, elements: [""] });
  });

  it("are kept without the quirk", async () => {
    const { set, value } = await quirky({});
    await set(`${CODE}/config`, VALUE);
    expect(await value(`${CODE}/config`)).toEqual(VALUE);
  });

  it("are shown where nobody has written anything", async () => {
    const filled = await quirky({ prunesEmpty: true, fillsEmpty: true });
    expect(await filled.value("/selfservice/flows/login/after")).toMatchObject({
      hooks: [],
      password: { hooks: [] },
      lookup_secret: { hooks: [] },
    });
    expect(await filled.value("/courier/templates/login_code/valid")).toEqual({
      email: { body: {} },
      sms: { body: {} },
    });
    const bare = await quirky({ prunesEmpty: true });
    expect(await bare.value("/selfservice/flows/login/after")).toEqual({
      default_browser_return_url: "/ui/welcome",
    });
  });
});

describe("defaults of the server", () => {
  const METHODS = {
    totp: { enabled: true },
    webauthn: { enabled: true, config: { rp: { id: "shop.example", display_name: "Shop" } } },
    passkey: { config: { rp: { id: "shop.example", display_name: "Shop", origins: ["https://a.example"] } } },
  };
  const write = async (quirks: Partial<Quirks>) => {
    const { set, value } = await quirky(quirks);
    for (const [name, method] of Object.entries(METHODS)) {
      await set(`/selfservice/methods/${name}`, method);
    }
    return value("/selfservice/methods");
  };

  it("fill origins and the issuer where they are missing", async () => {
    expect(await write({ fillsDefaults: true, strictPatch: false })).toMatchObject({
      totp: { config: { issuer: expect.stringMatching(/^fake-project/) } },
      webauthn: { config: { rp: { origins: ["https://shop.example"] } } },
      passkey: { config: { rp: { origins: ["https://a.example"] } } },
    });
  });

  it("are not there without the quirk", async () => {
    expect(await write({ strictPatch: false })).toMatchObject(METHODS);
    expect(await write({ strictPatch: false })).not.toHaveProperty("totp.config");
  });
});

describe("durations", () => {
  it.each([
    ["15m", "15m0s"],
    ["720h", "720h0m0s"],
    ["90s", "1m30s"],
    ["1h30m", "1h30m0s"],
    ["1500ms", "1.5s"],
    ["45s", "45s"],
    ["250ms", "250ms"],
    ["0s", "0s"],
    ["soon", "soon"],
  ])("%s is shown as %s", async (written, shown) => {
    const { set, value } = await quirky({ rewritesDurations: true });
    await set("/session/lifespan", written);
    expect(await value("/session/lifespan")).toBe(shown);
  });

  it("are kept without the quirk, and what only looks like one always", async () => {
    const plain = await quirky({});
    await plain.set("/session/lifespan", "15m");
    expect(await plain.value("/session/lifespan")).toBe("15m");
    const rewriting = await quirky({ rewritesDurations: true, strictPatch: false });
    await rewriting.set("/courier/smtp/from_name", "15m");
    expect(await rewriting.value("/courier/smtp/from_name")).toBe("15m");
  });
});

describe("keys that are reported elsewhere", () => {
  it("move", async () => {
    const { set, value } = await quirky({ movesKeys: true, strictPatch: false });
    await set(`${CODE}/max_submissions`, 7);
    expect(await value(`${CODE}/max_submissions`)).toBeUndefined();
    expect(await value(`${CODE}/config/max_submissions`)).toBe(7);
  });

  it("stay without the quirk", async () => {
    const { set, value } = await quirky({ strictPatch: false });
    await set(`${CODE}/max_submissions`, 7);
    expect(await value(`${CODE}/max_submissions`)).toBe(7);
  });
});

describe("keys of operation", () => {
  const config = { ...newIdentityConfig(), serve: { public: { base_url: "https://shop.example/" } } };

  it("stay as they are, with a warning", async () => {
    const { write, value } = await startConsole({ projects: [{ config }] });
    const { warnings } = await write(
      { op: "replace", path: "/serve/public/base_url", value: "https://other.example/" },
      { op: "add", path: "/dsn", value: "memory" },
      { op: "replace", path: "/session/lifespan", value: "1h" },
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      'The configuration key "dsn" can not be set on Ory Network and was ignored.',
      'The configuration key "serve" can not be set on Ory Network and was ignored.',
    ]);
    expect(await value("/serve/public/base_url")).toBe("https://shop.example/");
    expect(await value("/dsn")).toBeUndefined();
    expect(await value("/session/lifespan")).toBe("1h0m0s");
  });

  it("are written without the quirk", async () => {
    const { write, value } = await startConsole({ projects: [{ config }], quirks: { ignoredKeys: [] } });
    const { warnings } = await write({ op: "add", path: "/dsn", value: "memory" });
    expect(warnings).toEqual([]);
    expect(await value("/dsn")).toBe("memory");
  });
});

describe("the Console's own hook", () => {
  const HOOKS = "/selfservice/flows/registration/after/password/hooks";
  const BOTH = [{ hook: "organization" }, { hook: "session" }];

  it("is there from the start, or added by another writer when it is switched on", async () => {
    const early = await startConsole({ quirks: { organizationHook: true } });
    expect(await early.value(HOOKS)).toEqual(BOTH);

    const { network, value, id, set } = await startConsole();
    await network.setQuirks({ organizationHook: true });
    const conflict = await failure(set("/session/lifespan", "1h"));
    expect(conflict.status).toBe(409);
    expect(await value(HOOKS)).toEqual(BOTH);
    const writers = [...network.projects.get(id)!.revisions.values()].map(({ writer }) => writer);
    expect(writers).toEqual(["seed", "other"]);
  });

  it("goes when somebody replaces the array", async () => {
    const { set, value } = await startConsole({ quirks: { organizationHook: true } });
    await set(HOOKS, [{ hook: "session" }]);
    expect(await value(HOOKS)).toEqual([{ hook: "session" }]);
  });

  it("is not there without the quirk", async () => {
    const { value } = await startConsole();
    expect(await value(HOOKS)).toEqual([{ hook: "session" }]);
  });
});

describe("features of a plan", () => {
  const planGates = { "/selfservice/methods/captcha": "captcha" };

  it("are refused by name when they are changed, and only then", async () => {
    const { set, write } = await startConsole({ quirks: { planGates } });
    const { status, data } = await failure(set("/selfservice/methods/captcha/enabled", true));
    expect(status).toBe(403);
    expect(data.error).toMatchObject({ id: "feature_not_available", details: { feature: "captcha" } });
    await write({ op: "replace", path: "/session/lifespan", value: "1h" });
  });

  it("are there without the quirk", async () => {
    const { set, value } = await startConsole();
    await set("/selfservice/methods/captcha/enabled", true);
    expect(await value("/selfservice/methods/captcha/enabled")).toBe(true);
  });
});

describe("patches", () => {
  it("are tolerant as ory/x is: parents are made, what is missing is replaced", async () => {
    const { set, value, write } = await startConsole();
    await set("/courier/http/request_config/url", "https://mail.example");
    await set("/courier/delivery_strategy", "http");
    expect(await value("/courier/http/request_config/url")).toBe("https://mail.example");
    await write({ op: "add", path: "/selfservice/flows/login/before/hooks/-", value: { hook: "x" } });
    expect(await value("/selfservice/flows/login/before/hooks")).toEqual([{ hook: "x" }]);
    await set("/selfservice/flows/login/before/hooks/0", { hook: "y" });
    expect(await value("/selfservice/flows/login/before/hooks")).toEqual([{ hook: "y" }]);
    for (const op of ["move", "copy", "test"] as const) {
      const refused = await failure(write({ op, path: "/session/lifespan", from: "/cookies", value: "x" }));
      expect(refused.data.error.reason).toBe(`unsupported operation: ${op}`);
    }
    expect((await failure(write({ op: "remove", path: "/session/nothing" }))).status).toBe(400);
    expect((await failure(set("/selfservice/allowed_return_urls/7", "x"))).status).toBe(400);
  });

  it("follow RFC 6902 where that is asked for", async () => {
    const { set, write, value } = await quirky({ strictPatch: true });
    expect((await failure(set("/session/nothing", 1))).status).toBe(400);
    expect((await failure(write({ op: "add", path: "/a/b", value: 1 }))).status).toBe(400);
    await write(
      { op: "test", path: "/session/lifespan", value: "72h0m0s" },
      { op: "copy", from: "/services/identity/config/session/lifespan", path: "/copied" },
    );
    expect(await value("/copied")).toBe("72h0m0s");
  });
});
