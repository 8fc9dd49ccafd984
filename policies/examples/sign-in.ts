import { CODES, type Examples, PASSWORD, trait, withTraits } from "./example";

const codes = (keys: string): string => `selfservice: { methods: { code: { ${keys} } } }`;
const levels = (session: string, settings: string, methods: string): string =>
  `session: { whoami: { required_aal: ${session} } }
selfservice:
  flows: { settings: { required_aal: ${settings} } }
  methods: { ${methods} }`;

const EMAIL_WITHOUT_CODES = trait("email", PASSWORD);
const EMAIL = trait("email", CODES);
const PHONE = trait("phone", '{ "credentials": { "code": { "identifier": true, "via": "sms" } } }');
const KEYS = (passwordless: boolean) =>
  `webauthn: { enabled: true, config: { passwordless: ${passwordless}, rp: { id: shop.example, display_name: Shop } } }`;

/** Of rules about how people sign in, and with how many factors. */
export const signInExamples: Examples = {
  "code-mfa-xor-passwordless": {
    bad: codes("mfa_enabled: true, passwordless_enabled: true"),
    good: codes("mfa_enabled: true, passwordless_enabled: false"),
  },
  "mfa-needs-code-enabled": {
    bad: codes("enabled: false, mfa_enabled: true"),
    good: codes("enabled: true, mfa_enabled: true"),
  },
  "mfa-needs-code-identifier": {
    bad: withTraits(codes("mfa_enabled: true"), EMAIL_WITHOUT_CODES),
    good: withTraits(codes("mfa_enabled: true"), EMAIL),
  },
  "required-aal-enum": {
    bad: "session: { whoami: { required_aal: aal2 } }",
    good: "session: { whoami: { required_aal: highest_available } }",
  },
  "settings-aal-bypass": {
    bad: levels("highest_available", "aal1", "code: { mfa_enabled: true }"),
    good: levels("highest_available", "highest_available", "code: { mfa_enabled: true }"),
  },
  "settings-aal-open": {
    bad: levels("aal1", "aal1", "code: { mfa_enabled: true }"),
    good: levels("aal1", "highest_available", "code: { mfa_enabled: true }"),
  },
  "whoami-aal1-with-mfa": {
    bad: levels("aal1", "highest_available", "totp: { enabled: true }"),
    good: levels("highest_available", "highest_available", "totp: { enabled: true }"),
  },
  "highest-needs-second-factor": {
    bad: levels("highest_available", "highest_available", "totp: { enabled: false }"),
    good: levels("highest_available", "highest_available", "totp: { enabled: true }"),
  },
  "lookup-fallback": {
    bad: "selfservice: { methods: { totp: { enabled: true } } }",
    good: "selfservice: { methods: { totp: { enabled: true }, lookup_secret: { enabled: true } } }",
  },
  "fallback-enabled": {
    bad: codes("mfa_enabled: true, config: { missing_credential_fallback_enabled: true }"),
    good: codes("mfa_enabled: true, config: { missing_credential_fallback_enabled: false }"),
  },
  "passwordless-needs-identifier": {
    bad: withTraits(codes("passwordless_enabled: true"), EMAIL_WITHOUT_CODES),
    good: withTraits(codes("passwordless_enabled: true"), EMAIL),
  },
  "passwordless-sms-version": {
    bad: withTraits(codes("passwordless_enabled: true"), EMAIL, PHONE),
    good: withTraits(codes("passwordless_enabled: true"), EMAIL),
  },
  "passwordless-min-version": {
    kratosVersion: "1.2.0",
    bad: "selfservice: { methods: { code: { passwordless_enabled: true }, totp: { enabled: true } } }",
    good: "selfservice: { methods: { code: { passwordless_enabled: false }, totp: { enabled: true } } }",
  },
  "webauthn-passwordless-not-2fa": {
    bad: levels("highest_available", "highest_available", KEYS(true)),
    good: levels("highest_available", "highest_available", KEYS(false)),
  },
  "code-lifespan-max": {
    bad: codes("mfa_enabled: true, config: { lifespan: 1h }"),
    good: codes("mfa_enabled: true, config: { lifespan: 15m }"),
  },
  "max-submissions": {
    kratosVersion: "26.2.0",
    bad: codes("config: { max_submissions: 50 }"),
    good: codes("config: { max_submissions: 5 }"),
  },
  "privileged-age": {
    bad: "selfservice: { flows: { settings: { privileged_session_max_age: 24h } } }",
    good: "selfservice: { flows: { settings: { privileged_session_max_age: 15m } } }",
  },
  "enumeration-mitigation": {
    bad: "selfservice: { flows: { login: { lifespan: 10m } } }",
    good: "selfservice: { flows: { login: { lifespan: 10m } } }\nsecurity: { account_enumeration: { mitigate: true } }",
  },
  "otp-in-logs": {
    bad: "log: { level: info, leak_sensitive_values: true }",
    good: "log: { level: info, leak_sensitive_values: false }",
  },
};
