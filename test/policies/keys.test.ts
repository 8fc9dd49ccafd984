import { type Document, UNKNOWN } from "../../infra/identity-config/model";
import { findings } from "../../policies/rules";
import type { Review } from "../../policies/rules/rule";
import { refusals } from "./load-verdict";
import { reviewOf, schemaUrl, undecidedAt, violations, whole } from "./review";

const told = (rule: string, document: Document, review: Partial<Review> = {}) =>
  violations(rule, document, review).map(({ path, message, remedy }) => [path, message, remedy]);

test("a misspelt key is told with the one that was meant, beside it, above or below", () => {
  expect(told("unknown-key", { session: { livespan: "1h" } })).toEqual([
    ["/session/livespan", 'kratos does not know the key "livespan" here', "rename it to /session/lifespan"],
  ]);
  const remedies = (document: Document) => told("unknown-key", document).map(([, , remedy]) => remedy);
  expect(remedies({ session: { required_aal: "aal1" } })).toEqual([
    "move it to /session/whoami/required_aal",
  ]);
  expect(remedies({ session: { whoami: { lifespan: "1h" } } })).toEqual(["move it to /session/lifespan"]);
  expect(remedies({ courier: { channels: [{ id: "sms", url: "https://a.example" }] } })).toEqual([
    "move it to /courier/channels[id=sms]/request_config/url",
  ]);
  expect(remedies({ colours: {} })).toEqual(["remove it"]);
});

test("a key of newer versions is told with the first that knows it", () => {
  const style = { selfservice: { flows: { registration: { style: "unified" } } } };
  expect(told("unknown-key", style)[0]![2]).toBe("remove it, or run kratos 25.4.0 or newer, which reads it");
  for (const kratosVersion of ["25.4.0", "26.2.0", undefined])
    expect(told("unknown-key", style, { kratosVersion })).toEqual([]);
});

test("a value is told with what would be right", () => {
  expect(told("value-kind", { cookies: { same_site: "lax" } })).toEqual([
    [
      "/cookies/same_site",
      'same_site is "lax", not one of Strict, Lax, None',
      'set /cookies/same_site to "Lax"',
    ],
  ]);
  expect(told("duration-format", { session: { lifespan: 3600 } })).toEqual([
    [
      "/session/lifespan",
      "lifespan is 3600, which kratos does not take",
      "set /session/lifespan to a duration of whole numbers, such as 15m or 1h30m",
    ],
  ]);
});

test("each fault is found once", () => {
  const faults: Document[] = [
    { session: { lifespan: 15 } },
    { session: { whoami: { required_aal: "aal2" } } },
    { selfservice: { methods: { code: { mfa_enabled: true, passwordless_enabled: true } } } },
    { selfservice: { flows: { registration: { after: { hooks: [{ hook: "session" }] } } } } },
    { courier: { smtp: { connection_uri: "mail.example" } } },
    { secrets: { cookie: ["short"] } },
    { selfservice: { methods: { webauthn: { enabled: true } } } },
    { courier: { http: { request_config: { auth: { type: "bearer", config: { token: "x" } } } } } },
  ];
  for (const fault of faults) expect(refusals(whole(fault), "1.3.1")).toHaveLength(1);
});

test("what stands at a sensitive path is not shown, and neither is what stands in the place of an object", () => {
  const secret = "hunter2-hunter2";
  const document = whole({
    secrets: { cookie: [secret], cipher: secret, default: [[secret]] },
    dsn: [secret],
    courier: { smtp: { connection_uri: secret }, channels: secret },
    session: secret,
    selfservice: {
      methods: { oidc: { config: { providers: [{ id: "p", client_secret: { a: secret } }] } } },
    },
    identity: { schemas: [{ id: "default", url: schemaUrl({ a: { "ory.sh/kratos": secret } }) }] },
  });
  const all = findings(reviewOf(document));
  expect(all.length).toBeGreaterThan(8);
  expect(JSON.stringify(all)).not.toContain(secret);
});

test("what a provider has put in the place of a secret is not judged", () => {
  expect(violations("smtp-scheme", { courier: { smtp: { connection_uri: "[secret]" } } })).toEqual([]);
  expect(violations("weak-secrets", { secrets: { cookie: ["[secret]"] } })).toEqual([]);
});

test("what is not known yet is open, once, wherever it stands", () => {
  const cases: [rule: string, path: string, document: Document][] = [
    ["duration-format", "/session/lifespan", { session: { lifespan: UNKNOWN } }],
    ["value-kind", "/cookies/domain", { cookies: { domain: UNKNOWN } }],
    ["unknown-key", "/session", { session: UNKNOWN }],
    ["smtp-scheme", "/courier/smtp/connection_uri", { courier: { smtp: { connection_uri: UNKNOWN } } }],
    [
      "schema-url-readable",
      "/identity/schemas[id=a]/url",
      { identity: { schemas: [{ id: "a", url: UNKNOWN }] } },
    ],
    [
      "webauthn-config-required",
      "/selfservice/methods/webauthn/enabled",
      { selfservice: { methods: { webauthn: { enabled: UNKNOWN } } } },
    ],
  ];
  for (const [rule, path, document] of cases) expect(violations(rule, document)).toEqual([undecidedAt(path)]);
});

test("on Ory Network only what the program declares is blamed, by what the newest version takes", () => {
  const review = { target: "network" as const, kratosVersion: undefined };
  const live = {
    brand_new: 1,
    session: { lifespan: 5 },
    selfservice: { methods: { passkey: { enabled: true } } },
  };
  const rules = ["unknown-key", "duration-format", "webauthn-config-required", "required-key"];
  for (const rule of rules) expect(violations(rule, live, { ...review, declared: {} })).toEqual([]);
  expect(violations("unknown-key", live, review)).toEqual([]);
  expect(violations("unknown-key", { sesion: {} }, review)).toHaveLength(1);
  expect(violations("duration-format", live, review)).toHaveLength(1);
  const hooks = [{ hook: "verify_new_address" }];
  const newest = { selfservice: { flows: { settings: { after: { profile: { hooks } } } } } };
  expect(violations("hook-placement", newest, review)).toEqual([]);
  expect(violations("hook-placement", newest)).toHaveLength(1);
});
