import { type Document, type Json, UNKNOWN } from "../../infra/identity-config/model";
import { judges, methods } from "./examples";
import { trait, withTraits } from "./review";

const SESSION = "/session/whoami/required_aal";
const SETTINGS = "/selfservice/flows/settings/required_aal";
const TOTP: Document = { totp: { enabled: true } };
const CODES: Document = { code: { mfa_enabled: true } };
const session = (required_aal: Json) => ({ session: { whoami: { required_aal } } });
const byEmail = trait({ credentials: { code: { identifier: true, via: "email" } } });
const bySms = trait({ credentials: { code: { identifier: true, via: "sms" } } });

judges("whoami-aal1-with-mfa", {
  violated: [
    [SESSION, methods(TOTP, session("aal1"))],
    [SESSION, methods(CODES, session("aal1"))],
  ],
  kept: [[methods(TOTP)], [methods(TOTP, session("highest_available"))], [methods({}, session("aal1"))]],
  undecided: [
    [SESSION, methods(TOTP, session(UNKNOWN))],
    ["/selfservice/methods/totp/enabled", methods({ totp: { enabled: UNKNOWN } }, session("aal1"))],
  ],
});

const KEYS: Document = { webauthn: { enabled: true, config: { passwordless: true } } };
const settings = (of: Document) => ({
  selfservice: { methods: of, flows: { settings: { required_aal: "highest_available" } } },
});

judges("highest-needs-second-factor", {
  violated: [
    [SESSION, session("highest_available")],
    [SETTINGS, settings({})],
    [SESSION, { ...session("highest_available"), ...settings({}) }],
  ],
  kept: [
    // Nobody has asked for anything.
    [{}],
    [session("aal1")],
    [methods(TOTP, session("highest_available"))],
    // A rule of its own tells of these.
    [methods(KEYS, session("highest_available"))],
  ],
  undecided: [
    [
      "/selfservice/methods/totp/enabled",
      methods({ totp: { enabled: UNKNOWN } }, session("highest_available")),
    ],
  ],
});

const LOOKUP = "/selfservice/methods/lookup_secret/enabled";

judges("lookup-fallback", {
  violated: [
    [LOOKUP, methods(TOTP)],
    [LOOKUP, methods({ webauthn: { enabled: true } })],
    [LOOKUP, withTraits({ phone: bySms }, methods(CODES))],
    [LOOKUP, withTraits({ phone: bySms }, methods({ ...CODES, ...TOTP }))],
  ],
  kept: [
    [{}],
    [methods({ ...TOTP, lookup_secret: { enabled: true } })],
    [methods(KEYS)],
    [withTraits({ email: byEmail }, methods(CODES))],
    // Codes by e-mail do without the device.
    [withTraits({ email: byEmail, phone: bySms }, methods({ ...CODES, ...TOTP }))],
  ],
  undecided: [
    [LOOKUP, methods({ ...TOTP, lookup_secret: { enabled: UNKNOWN } })],
    [
      "/identity/schemas[id=default]/url",
      { identity: { schemas: [{ id: "default", url: UNKNOWN }] }, ...methods({ ...CODES, ...TOTP }) },
    ],
  ],
});

const FALLBACK = "/selfservice/methods/code/config/missing_credential_fallback_enabled";
const fallback = (on: Json, code: Document) =>
  methods({ code: { ...code, config: { missing_credential_fallback_enabled: on } } });

judges("fallback-enabled", {
  violated: [
    [FALLBACK, fallback(true, { mfa_enabled: true })],
    [FALLBACK, fallback(true, { passwordless_enabled: true })],
  ],
  kept: [[fallback(false, { mfa_enabled: true })], [fallback(true, {})], [methods(CODES)]],
  undecided: [[FALLBACK, fallback(UNKNOWN, { mfa_enabled: true })]],
});

const WEBAUTHN = "/selfservice/methods/webauthn/config/passwordless";

judges("webauthn-passwordless-not-2fa", {
  violated: [
    [WEBAUTHN, methods(KEYS, session("highest_available"))],
    [WEBAUTHN, settings(KEYS)],
  ],
  kept: [
    [methods(KEYS)],
    [methods({ ...KEYS, ...TOTP }, session("highest_available"))],
    [methods({ webauthn: { enabled: true } }, session("highest_available"))],
  ],
  undecided: [
    [
      WEBAUTHN,
      methods(
        { webauthn: { enabled: true, config: { passwordless: UNKNOWN } } },
        session("highest_available"),
      ),
    ],
  ],
});
