import { type Document, inlineUri } from "../../infra/identity-config/model";

const SCHEMA = {
  $id: "https://schemas.ory.sh/presets/kratos/identity.email.schema.json",
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Person",
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: {
        email: {
          type: "string",
          format: "email",
          title: "E-Mail",
          "ory.sh/kratos": {
            credentials: {
              password: { identifier: true },
              code: { identifier: true, via: "email" },
            },
            recovery: { via: "email" },
            verification: { via: "email" },
          },
        },
      },
      required: ["email"],
      additionalProperties: false,
    },
  },
};

const HEADERS = [
  "Accept",
  "Accept-Language",
  "Content-Type",
  "Origin",
  "Referer",
  "User-Agent",
  "X-Forwarded-Host",
];

/**
 * The identity config of a new project: sign-in with e-mail address and password, no second factor. Its keys are those
 * of an exported config of a live project.
 */
export function newIdentityConfig(slug = "fake-project"): Document {
  const domain = `${slug}.projects.oryapis.com`;
  const home = `https://${domain}`;
  const ui = (page: string) => `/ui/${page}`;
  const after = { default_browser_return_url: ui("welcome") };
  const signedUp = { hooks: [{ hook: "session" }] };
  const rp = { id: domain, display_name: slug, origins: [home] };
  return {
    clients: { web_hook: { header_allowlist: HEADERS } },
    cookies: { domain, path: "/", same_site: "Lax" },
    courier: { delivery_strategy: "smtp" },
    feature_flags: {
      cacheable_sessions: false,
      cacheable_sessions_max_age: "2m30s",
      password_profile_registration_node_group: "password",
    },
    identity: {
      default_schema_id: "email",
      schemas: [{ id: "email", url: inlineUri(JSON.stringify(SCHEMA)) }],
    },
    oauth2_provider: { override_return_to: true },
    preview: { default_read_consistency_level: "strong" },
    security: { account_enumeration: { mitigate: false } },
    selfservice: {
      allowed_return_urls: [home],
      default_browser_return_url: ui("welcome"),
      flows: {
        error: { ui_url: ui("error") },
        login: { after, style: "unified", ui_url: ui("login") },
        logout: { after },
        recovery: {
          after,
          enabled: true,
          notify_unknown_recipients: false,
          ui_url: ui("recovery"),
          use: "code",
        },
        registration: {
          after: {
            ...after,
            code: signedUp,
            oidc: signedUp,
            passkey: signedUp,
            password: signedUp,
            saml: signedUp,
            webauthn: signedUp,
          },
          enable_legacy_one_step: false,
          enabled: true,
          login_hints: true,
          style: "profile_first",
          ui_url: ui("registration"),
        },
        settings: {
          after,
          privileged_session_max_age: "15m0s",
          required_aal: "highest_available",
          ui_url: ui("settings"),
        },
        verification: {
          after,
          enabled: true,
          notify_unknown_recipients: false,
          ui_url: ui("verification"),
          use: "code",
        },
      },
      methods: {
        captcha: { config: { provider: "cf-turnstile" }, enabled: false },
        code: { config: { missing_credential_fallback_enabled: false }, mfa_enabled: false },
        link: { config: { base_url: home }, enabled: false },
        oidc: { enabled: false },
        passkey: { config: { rp } },
        password: { enabled: true },
        totp: { config: { issuer: slug }, enabled: false },
        webauthn: { config: { passwordless: false, rp } },
      },
    },
    serve: {
      admin: { base_url: `${home}/admin`, request_log: { disable_for_health: true } },
      public: { base_url: home, cors: { enabled: false }, request_log: { disable_for_health: true } },
    },
    session: {
      cookie: { domain, name: `ory_session_${slug.replaceAll("-", "")}`, path: "/", same_site: "Lax" },
      lifespan: "72h0m0s",
      whoami: { required_aal: "highest_available" },
    },
  };
}
