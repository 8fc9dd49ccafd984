import type { Document } from "../../../infra/identity-config/model";
import { kratosConfig, overlaid, schemaUrl, smsChannel } from "../../kratos/config";
import type { Outbox } from "../../kratos/outbox";
import { ORIGIN, RP_ID } from "./authenticator";
import type { SocialProvider } from "./social-provider";

const trait = (format: string, extension: Document): Document => ({
  type: "string",
  format,
  "ory.sh/kratos": extension,
});
const identifier = { identifier: true };
const byEmail = { verification: { via: "email" }, recovery: { via: "email" } };
const keys = { webauthn: identifier, passkey: { display_name: true }, totp: { account_name: true } };

/** The identity schemas that people have. */
export const SCHEMAS: Record<string, Document> = {
  /** E-mail and phone, both receive codes. */
  default: {
    email: trait("email", {
      credentials: { password: identifier, code: { identifier: true, via: "email" }, ...keys },
      ...byEmail,
    }),
    phone: trait("tel", {
      credentials: { code: { identifier: true, via: "sms" } },
      verification: { via: "sms" },
    }),
  },
  /** Nothing receives codes. */
  "no-codes": { email: trait("email", { credentials: { password: identifier, ...keys }, ...byEmail }) },
  /** The e-mail address is an identifier of the password and nothing else. */
  bare: { email: trait("email", { credentials: { password: identifier } }) },
  /** A phone instead of an e-mail address. */
  phone: {
    phone: trait("tel", {
      credentials: { password: identifier, code: { identifier: true, via: "sms" } },
      verification: { via: "sms" },
    }),
  },
};

/** What Kratos takes from 25.4 on: an identity schema whose phone recovers the account. */
export const RECOVERED_BY_PHONE: Document = {
  id: "recovered-by-phone",
  url: schemaUrl({
    phone: trait("tel", {
      credentials: { password: identifier, code: { identifier: true, via: "sms" } },
      verification: { via: "sms" },
      recovery: { via: "sms" },
    }),
  }),
};

const rp = { id: RP_ID, display_name: "Shop", origins: [ORIGIN] };
export const ALL_METHODS: Document = {
  code: { mfa_enabled: false },
  totp: { enabled: true },
  lookup_secret: { enabled: true },
  webauthn: { enabled: true, config: { passwordless: false, rp } },
  passkey: { enabled: true, config: { rp } },
};

/** The config that all others are laid over: passwords only, recovery by codes. @param social Who people can sign in with. */
export function baseConfig(outbox: Outbox, social?: SocialProvider): Document {
  return overlaid(kratosConfig(outbox), {
    hashers: { algorithm: "bcrypt", bcrypt: { cost: 4 } },
    selfservice: {
      methods: {
        code: { mfa_enabled: false },
        ...(social && { oidc: { enabled: false, config: { providers: [social.config] } } }),
      },
    },
    identity: {
      schemas: Object.entries(SCHEMAS).map(([id, traits]) => ({ id, url: schemaUrl(traits) })),
    },
    courier: { channels: [smsChannel(outbox)] },
  });
}

const methods = (changes: Document): Document => ({ selfservice: { methods: changes } });
const flows = (changes: Document): Document => ({ selfservice: { flows: changes } });
const CODE_MFA = methods({ code: { mfa_enabled: true } });
const SESSION_HOOKS = flows({
  registration: {
    after: {
      password: { hooks: [{ hook: "session" }] },
      code: { hooks: [{ hook: "session" }] },
      webauthn: { hooks: [{ hook: "session" }] },
      passkey: { hooks: [{ hook: "session" }] },
    },
  },
});
const VERIFIED = [{ hook: "require_verified_address" }];
const all = (...changes: Document[]): Document => changes.reduce(overlaid);

/** The same from 25.4 on. */
export const NEWER_CHANGES: Record<string, Document> = {
  "recovery by any address": { feature_flags: { choose_recovery_address: true } },
  "recovery by any address, and codes as second factor": all(CODE_MFA, {
    feature_flags: { choose_recovery_address: true },
  }),
};

/** What is laid over the base, by what it does. */
export const CHANGES: Record<string, Document> = {
  "a verified address is required after passwords": flows({
    login: { after: { password: { hooks: VERIFIED } } },
  }),
  "a verified address is required of all; codes instead of passwords": all(
    methods({ code: { passwordless_enabled: true } }),
    flows({ login: { after: { hooks: VERIFIED } } }),
  ),
  nothing: {},
  "codes as second factor": CODE_MFA,
  "codes as second factor, for signing up too": all(CODE_MFA, SESSION_HOOKS),
  "codes as second factor, demanded for settings only": all(CODE_MFA, {
    session: { whoami: { required_aal: "aal1" } },
  }),
  "codes as second factor, settings with the first": all(
    CODE_MFA,
    flows({ settings: { required_aal: "aal1" } }),
  ),
  "codes as second factor, also for those without the credential": all(
    CODE_MFA,
    methods({ code: { config: { missing_credential_fallback_enabled: true } } }),
  ),
  "codes as second factor, the method disabled": all(CODE_MFA, methods({ code: { enabled: false } })),
  "codes as second factor, identifier first": all(CODE_MFA, flows({ login: { style: "identifier_first" } })),
  "social sign-in": methods({ oidc: { enabled: true } }),
  "social sign-in and codes as second factor, passwords off": all(
    CODE_MFA,
    methods({ oidc: { enabled: true }, password: { enabled: false } }),
  ),
  "TOTP and lookup codes": methods({ totp: { enabled: true }, lookup_secret: { enabled: true } }),
  "security keys, lookup codes and codes as second factor": all(
    CODE_MFA,
    methods({
      lookup_secret: { enabled: true },
      webauthn: { enabled: true, config: { passwordless: false, rp } },
    }),
  ),
  "security keys and passkeys instead of passwords": all(
    SESSION_HOOKS,
    methods({
      webauthn: { enabled: true, config: { passwordless: true, rp } },
      passkey: { enabled: true, config: { rp } },
    }),
  ),
  "codes instead of passwords, and TOTP": all(
    SESSION_HOOKS,
    methods({ code: { passwordless_enabled: true }, totp: { enabled: true } }),
  ),
  "passwords off, codes also for those without the credential": methods({
    password: { enabled: false },
    code: { passwordless_enabled: true, config: { missing_credential_fallback_enabled: true } },
  }),
  "no sign-up and no recovery": flows({ registration: { enabled: false }, recovery: { enabled: false } }),
  "recovery by a method that is off": flows({ recovery: { use: "link" } }),
  "recovery by link, and TOTP": all(
    flows({ recovery: { use: "link" } }),
    methods({ link: { enabled: true }, totp: { enabled: true } }),
  ),
  "a default schema that is not listed": { identity: { default_schema_id: "nope" } },
  "a default schema that is not listed, and codes as second factor": all(CODE_MFA, {
    identity: { default_schema_id: "nope" },
  }),
  "another default schema, without codes; codes as second factor": all(CODE_MFA, SESSION_HOOKS, {
    identity: { default_schema_id: "no-codes" },
  }),
};
