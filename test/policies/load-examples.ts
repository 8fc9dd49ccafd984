import { type Document, inlineUri } from "../../infra/identity-config/model";
import { BODY } from "../kratos/config";

/** A change of a config that starts, after which Kratos does not load it, and one after which it does. */
export interface LoadExample {
  rule: string;
  /** What is wrong. */
  fault: string;
  bad: Document;
  good: Document;
  /** What Kratos says of it. */
  said: RegExp;
  /** First version that takes it. */
  until?: string;
}

const methods = (value: Document): Document => ({ selfservice: { methods: value } });
const after = (flow: string, value: Document): Document => ({
  selfservice: { flows: { [flow]: { after: value } } },
});
const request = (changes: Document = {}): Document => ({
  url: "https://sms.shop.example/",
  method: "POST",
  body: BODY,
  ...changes,
});
const channel = (changes: Document = {}): Document => ({
  courier: { channels: [{ id: "sms", type: "http", request_config: request(), ...changes }] },
});
const authenticated = (auth: Document): Document => channel({ request_config: request({ auth }) });
const apiKey = (where: string): Document =>
  authenticated({ type: "api_key", config: { name: "X-Key", value: "some-key", in: where } });
const provider = (changes: Document): Document =>
  methods({
    oidc: {
      config: {
        providers: [
          { id: "p", provider: "google", client_id: "c", client_secret: "s", mapper_url: BODY, ...changes },
        ],
      },
    },
  });

export const LOAD_EXAMPLES: LoadExample[] = [
  {
    rule: "code-mfa-xor-passwordless",
    fault: "codes are both factors",
    bad: methods({ code: { mfa_enabled: true, passwordless_enabled: true } }),
    good: methods({ code: { mfa_enabled: true, passwordless_enabled: false } }),
    said: /anyOf failed.*value must be false/s,
  },
  {
    rule: "required-aal-enum",
    fault: "a level that does not exist",
    bad: { session: { whoami: { required_aal: "aal2" } } },
    good: { session: { whoami: { required_aal: "highest_available" } } },
    said: /value must be one of "aal1", "highest_available"/,
  },
  {
    rule: "required-aal-enum",
    fault: "no level",
    bad: { selfservice: { flows: { settings: { required_aal: null } } } },
    good: { selfservice: { flows: { settings: { required_aal: "aal1" } } } },
    said: /required_aal: <nil>.*expected string, but got null/s,
  },
  {
    rule: "channel-id-sms",
    fault: "another channel than sms",
    bad: channel({ id: "whatsapp" }),
    good: channel(),
    said: /value must be "sms"|value must be one of "sms"/,
  },
  {
    rule: "channel-auth-kind",
    fault: "a bearer token",
    bad: authenticated({ type: "bearer", config: { token: "some-token" } }),
    good: apiKey("header"),
    said: /oneOf failed/,
  },
  {
    rule: "channel-auth-kind",
    fault: "a key in the query, as Terraform's documentation has it",
    bad: apiKey("query"),
    good: apiKey("cookie"),
    said: /oneOf failed/,
  },
  {
    rule: "body-uri-scheme",
    fault: "a path for a body",
    bad: channel({ request_config: request({ body: "/etc/kratos/sms.jsonnet" }) }),
    good: channel({ request_config: request({ body: "file:///etc/kratos/sms.jsonnet" }) }),
    said: /is not valid "uri"/,
  },
  {
    rule: "body-uri-scheme",
    fault: "a text for a template",
    bad: { courier: { templates: { login_code: { valid: { email: { subject: "Your code" } } } } } },
    good: {
      courier: { templates: { login_code: { valid: { email: { subject: inlineUri("Your code") } } } } },
    },
    said: /is not valid "uri"/,
  },
  {
    rule: "template-requires-email",
    fault: "a template for SMS alone",
    bad: { courier: { templates: { login_code: { valid: { sms: { body: { plaintext: BODY } } } } } } },
    good: {
      courier: { templates: { login_code: { valid: { email: {}, sms: { body: { plaintext: BODY } } } } } },
    },
    said: /missing properties: "email"|one or more required properties are missing/,
  },
  {
    rule: "template-sms-version",
    fault: "a template for codes of a registration by SMS",
    bad: { courier: { templates: { registration_code: { valid: { email: {}, sms: {} } } } } },
    good: { courier: { templates: { registration_code: { valid: { email: {} } } } } },
    said: /additionalProperties "sms" not allowed/,
    until: "25.4.0",
  },
  {
    rule: "duration-format",
    fault: "days",
    bad: { session: { lifespan: "30d" } },
    good: { session: { lifespan: "720h" } },
    said: /does not match pattern/,
  },
  {
    rule: "duration-format",
    fault: "a fraction, as Go prints it",
    bad: methods({ code: { config: { lifespan: "1.5h" } } }),
    good: methods({ code: { config: { lifespan: "1h30m" } } }),
    said: /does not match pattern/,
  },
  {
    rule: "duration-format",
    fault: "two units where there may be one",
    bad: { database: { cleanup: { older_than: "1h30m" } } },
    good: { database: { cleanup: { older_than: "90m" } } },
    said: /does not match pattern/,
  },
  {
    rule: "hook-placement",
    fault: "a session after every kind of registration",
    bad: after("registration", { hooks: [{ hook: "session" }] }),
    good: after("registration", { password: { hooks: [{ hook: "session" }] } }),
    said: /anyOf failed/,
  },
  {
    rule: "hook-placement",
    fault: "a hook that does not exist",
    bad: after("login", { password: { hooks: [{ hook: "revoke_sessions" }] } }),
    good: after("login", { password: { hooks: [{ hook: "revoke_active_sessions" }] } }),
    said: /anyOf failed/,
  },
  {
    rule: "hook-placement",
    fault: "a verification page after settings of the profile",
    bad: after("settings", { profile: { hooks: [{ hook: "show_verification_ui" }] } }),
    good: after("settings", { profile: { hooks: [] } }),
    said: /anyOf failed/,
    until: "25.4.0",
  },
  {
    rule: "webauthn-config-required",
    fault: "webauthn without a config",
    bad: methods({ webauthn: { enabled: true } }),
    good: methods({
      webauthn: { enabled: true, config: { rp: { id: "shop.example", display_name: "Shop" } } },
    }),
    said: /if-then failed/,
  },
  {
    rule: "webauthn-config-required",
    fault: "passkey without a config",
    bad: methods({ passkey: { enabled: true } }),
    good: methods({ passkey: { enabled: false } }),
    said: /if-then failed/,
  },
  {
    rule: "smtp-scheme",
    fault: "a server's name without a scheme",
    bad: { courier: { smtp: { connection_uri: "user:some-password@mail.shop.example:465" } } },
    good: { courier: { smtp: { connection_uri: "smtps://user:some-password@mail.shop.example:465" } } },
    said: /does not match pattern/,
  },
  {
    rule: "unknown-key",
    fault: "a misspelt key",
    bad: { session: { livespan: "24h" } },
    good: { session: { lifespan: "24h" } },
    said: /additionalProperties "livespan" not allowed/,
  },
  {
    rule: "unknown-key",
    fault: "a key of newer versions",
    bad: { selfservice: { flows: { registration: { style: "unified" } } } },
    good: { selfservice: { flows: { registration: { enabled: true } } } },
    said: /additionalProperties "style" not allowed/,
    until: "25.4.0",
  },
  {
    rule: "value-kind",
    fault: "a text for a number",
    bad: methods({ password: { config: { min_password_length: "12" } } }),
    good: methods({ password: { config: { min_password_length: 12 } } }),
    said: /expected integer, but got string/,
  },
  {
    rule: "value-kind",
    fault: "a number out of range",
    bad: { hashers: { bcrypt: { cost: 40 } } },
    good: { hashers: { bcrypt: { cost: 14 } } },
    said: /must be <= 31/,
  },
  {
    rule: "required-key",
    fault: "a provider of Microsoft's without its tenant",
    bad: provider({ provider: "microsoft" }),
    good: provider({}),
    said: /missing properties|one or more required properties are missing/,
  },
  {
    rule: "required-key",
    fault: "encryption without a secret",
    bad: { ciphers: { algorithm: "aes" } },
    good: { ciphers: { algorithm: "aes" }, secrets: { cipher: ["0123456789abcdef0123456789abcdef"] } },
    said: /if-then failed/,
  },
  {
    rule: "excluded-key",
    fault: "a tenant of Microsoft's for another provider",
    bad: provider({ microsoft_tenant: "common" }),
    good: provider({ provider: "microsoft", microsoft_tenant: "common" }),
    said: /not failed/,
  },
  {
    rule: "excluded-key",
    fault: "the same return URL of CORS twice",
    bad: { serve: { public: { cors: { allowed_origins: ["https://a.example", "https://a.example"] } } } },
    good: { serve: { public: { cors: { allowed_origins: ["https://a.example", "https://b.example"] } } } },
    said: /items at index 0 and 1 are equal/,
  },
  {
    rule: "weak-secrets",
    fault: "a short secret",
    bad: { secrets: { cookie: ["too-short"] } },
    good: { secrets: { cookie: ["long-enough-to-be-taken"] } },
    said: /length must be >= 16/,
  },
  {
    rule: "weak-secrets",
    fault: "a long secret of the cipher",
    bad: { secrets: { cipher: ["0123456789abcdef0123456789abcdef-"] } },
    good: { secrets: { cipher: ["0123456789abcdef0123456789abcdef"] } },
    said: /length must be <= 32/,
  },
];
