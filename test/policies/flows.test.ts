import { type Document, type Json, UNKNOWN } from "../../infra/identity-config/model";
import { judges } from "./examples";
import { trait, violations, withTraits } from "./review";

/** A config with flows and methods, and a default schema with `traits` where they are given. */
const config = (flows: Json, methods: Json = {}, traits?: Record<string, Json>): Document =>
  traits ? withTraits(traits, { selfservice: { flows, methods } }) : { selfservice: { flows, methods } };
const unread = (flows: Json, methods: Json = {}): Document => ({
  ...config(flows, methods),
  identity: { schemas: [{ id: "default", url: UNKNOWN }] },
});
const remote = { identity: { schemas: [{ id: "default", url: "https://shop.example/schema.json" }] } };
const SCHEMA = "/identity/schemas[id=default]/url";
const ON = { enabled: true };
const email = (extension: Document) => ({ email: trait(extension) });
const code = (via: string) => ({ credentials: { code: { identifier: true, via } } });
const recovery = { recovery: { via: "email" } };
const verification = { verification: { via: "email" } };

for (const flow of ["recovery", "verification"]) {
  const use = (method: Json) => ({ [flow]: { ...ON, use: method } });
  judges(`${flow}-method-enabled`, {
    violated: [
      ["/selfservice/methods/link/enabled", config(use("link"))],
      ["/selfservice/methods/code/enabled", config({ [flow]: ON }, { code: { enabled: false } })],
    ],
    kept: [
      [config({ [flow]: ON })],
      [config(use("link"), { link: ON })],
      [config({ [flow]: { use: "link" } })],
      [config(use("code"), { code: { enabled: false, passwordless_enabled: true } })],
    ],
    undecided: [
      [`/selfservice/flows/${flow}/use`, config(use(UNKNOWN))],
      ["/selfservice/methods/link/enabled", config(use("link"), { link: { enabled: UNKNOWN } })],
    ],
  });
  judges(`${flow}-needs-trait`, {
    violated: [[`/selfservice/flows/${flow}/enabled`, config({ [flow]: ON }, {}, email(code("email")))]],
    kept: [
      [config({ [flow]: ON }, {}, email({ ...recovery, ...verification }))],
      [config({}, {}, email(code("email")))],
      [config({ [flow]: ON })],
    ],
    undecided: [[SCHEMA, unread({ [flow]: ON })]],
  });
}

test("a schema behind a URL is said to be one that only the target reads", () => {
  expect(violations("recovery-needs-trait", { ...config({ recovery: ON }), ...remote })).toEqual([
    expect.objectContaining({
      path: SCHEMA,
      undecided: true,
      message: expect.stringContaining("only the target"),
    }),
  ]);
});

const CHOOSE = "/feature_flags/choose_recovery_address";
const bySms = config({ recovery: ON }, {}, { phone: trait({ recovery: { via: "sms" } }) });
const newer = { kratosVersion: "26.2.0" };

judges("sms-recovery-flag", {
  violated: [
    [CHOOSE, bySms, newer],
    [CHOOSE, bySms, { target: "network" }],
  ],
  kept: [
    [{ ...bySms, feature_flags: { choose_recovery_address: true } }, newer],
    [config({ recovery: ON }, {}, email(recovery)), newer],
    [bySms],
  ],
  undecided: [[CHOOSE, { ...bySms, feature_flags: { choose_recovery_address: UNKNOWN } }, newer]],
});

const MFA = "/selfservice/methods/code/mfa_enabled";
const both = email({ ...code("email"), ...recovery });
const flows: Document = { recovery: ON };
const mfa = { code: { mfa_enabled: true } };
const byFallback = { code: { ...mfa.code, config: { missing_credential_fallback_enabled: true } } };
const phone = { phone: trait(code("sms")) };
const open = { ...flows, settings: { required_aal: "aal1" } };

judges("same-mailbox-factor", {
  violated: [
    [MFA, config(flows, mfa, both)],
    [MFA, config(flows, byFallback, email({ ...recovery, ...verification }))],
    [MFA, config(flows, { ...mfa, webauthn: { ...ON, config: { passwordless: true } } }, both)],
  ],
  kept: [
    [config(flows, { ...mfa, totp: ON }, both)],
    [config(flows, mfa, { ...both, ...phone })],
    [config({}, mfa, both)],
    [config(flows, {}, both)],
    [config(flows, mfa, { ...email(recovery), ...phone })],
    // Told by settings-aal-bypass.
    [config(open, mfa, both)],
  ],
  undecided: [
    [SCHEMA, unread(flows, mfa)],
    ["/selfservice/methods/totp/enabled", config(flows, { ...mfa, totp: { enabled: UNKNOWN } }, both)],
  ],
});

judges("mailbox-undercuts-factors", {
  violated: [
    [MFA, config(flows, { ...mfa, totp: ON }, both)],
    [MFA, config(flows, mfa, { ...both, ...phone })],
  ],
  kept: [
    [config(flows, mfa, both)],
    [config(flows, { ...mfa, totp: ON }, { ...email(recovery), ...phone })],
    [config(flows, { totp: ON }, both)],
  ],
  undecided: [
    ["/selfservice/methods/totp/enabled", config(flows, { ...mfa, totp: { enabled: UNKNOWN } }, both)],
  ],
});

const FIRST = "/selfservice/methods/code/passwordless_enabled";
const first = { code: { passwordless_enabled: true } };

judges("passwordless-needs-identifier", {
  violated: [[FIRST, config({}, first, email({}))]],
  kept: [
    [config({}, first, email(code("email")))],
    [config({}, { code: { ...first.code, config: byFallback.code.config } }, email({}))],
    [config({}, {}, email({}))],
  ],
  undecided: [[SCHEMA, unread({}, first)]],
});

judges("passwordless-sms-version", {
  violated: [[FIRST, config({}, first, phone)]],
  kept: [
    [config({}, first, phone), newer],
    [config({}, first, phone), { target: "network" }],
    [config({ registration: { enabled: false } }, first, phone)],
    [config({}, first, email(code("email")))],
  ],
  undecided: [[SCHEMA, unread({}, first)]],
});

const old = { kratosVersion: "1.2.0" };

judges("passwordless-min-version", {
  violated: [[FIRST, config({}, { ...first, totp: ON }), old]],
  kept: [
    [config({}, { ...first, totp: ON })],
    [config({}, first), old],
    [config({}, { ...first, totp: ON }), { target: "network", kratosVersion: undefined }],
  ],
  undecided: [
    ["/selfservice/methods/totp/enabled", config({}, { ...first, totp: { enabled: UNKNOWN } }), old],
  ],
});

const required = { hooks: [{ hook: "require_verified_address" }] };
const LOGIN = "/selfservice/flows/login/after";
const after = (places: Json, more: Document = {}) => ({ login: { after: places }, ...more });

judges("require-verified-needs-schema", {
  violated: [
    [`${LOGIN}/password/hooks`, config(after({ password: required }), {}, email({}))],
    [`${LOGIN}/hooks`, config(after(required), {}, email({}))],
    [`${LOGIN}/oidc/hooks`, config(after({ oidc: required }), { oidc: ON }, email({})), newer],
  ],
  kept: [
    [config(after({ password: required }), {}, email(verification))],
    // Where it looks at nothing.
    [config(after({ oidc: required }), { oidc: ON }, email({}))],
    [config(after({ oidc: required }), {}, email({})), newer],
    [config(after({ ...required, password: { hooks: [{ hook: "web_hook" }] } }), {}, email({}))],
  ],
  undecided: [
    [SCHEMA, unread(after({ password: required }))],
    [`${LOGIN}/password/hooks`, config(after({ password: { hooks: UNKNOWN } }), {}, email({}))],
  ],
});

const VERIFICATION = "/selfservice/flows/verification/enabled";

judges("require-verified-needs-flow", {
  violated: [[VERIFICATION, config(after({ password: required }))]],
  kept: [[config(after({ password: required }, { verification: ON }))], [config(after({}))]],
  undecided: [[VERIFICATION, config(after({ password: required }, { verification: { enabled: UNKNOWN } }))]],
});

judges("require-verified-coverage", {
  violated: [
    [`${LOGIN}/oidc/hooks`, config(after({ password: required }), { oidc: ON }), newer],
    [`${LOGIN}/oidc/hooks`, config(after({ password: required, oidc: required }), { oidc: ON })],
    [`${LOGIN}/password/hooks`, config(after({ oidc: required }), { oidc: ON }), newer],
    [
      `${LOGIN}/passkey/hooks`,
      config(after({ ...required, passkey: { hooks: [{ hook: "web_hook" }] } }), { passkey: ON }),
      newer,
    ],
  ],
  kept: [
    [config(after({ password: required }))],
    [config(after(required), { oidc: ON, passkey: ON }), newer],
    [config(after({}), { oidc: ON })],
  ],
  undecided: [
    [
      "/selfservice/methods/oidc/enabled",
      config(after({ password: required }), { oidc: { enabled: UNKNOWN } }),
      newer,
    ],
  ],
});

const text = (more: Json) => withTraits({ address: { type: "string", ...(more as Document) } });
const kratos = (extension: Json, format?: string) =>
  text({ ...(format !== undefined && { format }), "ory.sh/kratos": extension });

judges("schema-code-via", {
  violated: [
    [SCHEMA, kratos({ credentials: { code: { identifier: true } } })],
    [SCHEMA, kratos({ credentials: { code: { identifier: true, via: "" } } })],
  ],
  kept: [[kratos(code("sms"))], [kratos({ credentials: { code: { identifier: false } } })], [{}]],
  undecided: [[SCHEMA, unread({})]],
});

const verifiedBySms = { verification: { via: "sms" } };

judges("schema-sms-verification-format", {
  violated: [[SCHEMA, kratos(verifiedBySms)]],
  kept: [
    [kratos(verifiedBySms, "tel")],
    [kratos(verifiedBySms, "no-validate")],
    [kratos(verification)],
    [kratos(code("sms"))],
  ],
  undecided: [[SCHEMA, unread({})]],
});

judges("schema-phone-format", {
  violated: [[SCHEMA, kratos(verifiedBySms, "no-validate")]],
  kept: [
    [kratos(verifiedBySms, "tel")],
    // Told by schema-sms-verification-format.
    [kratos(verifiedBySms)],
    [kratos({ ...verifiedBySms, ...code("sms") }, "no-validate")],
    [kratos(verification, "no-validate")],
  ],
  undecided: [[SCHEMA, unread({})]],
});
