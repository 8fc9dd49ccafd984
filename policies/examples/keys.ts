import type { Examples } from "./example";

const provider = (keys: string): string => `selfservice:
  methods:
    oidc:
      enabled: true
      config:
        providers:
          - { id: work, provider: ${keys}, client_id: shop, client_secret: "secret:oidc", mapper_url: file:///work.jsonnet }`;

/** Of rules about what Kratos does not load. */
export const keyExamples: Examples = {
  "unknown-key": {
    bad: "session: { livespan: 24h }",
    good: "session: { lifespan: 24h }",
  },
  "code-unknown-key": {
    bad: "selfservice: { methods: { code: { mfa_enable: true } } }",
    good: "selfservice: { methods: { code: { mfa_enabled: true } } }",
  },
  "value-kind": {
    bad: 'selfservice: { methods: { password: { config: { min_password_length: "12" } } } }',
    good: "selfservice: { methods: { password: { config: { min_password_length: 12 } } } }",
  },
  "required-key": {
    bad: provider("microsoft"),
    good: provider("microsoft, microsoft_tenant: organizations"),
  },
  "excluded-key": {
    bad: provider("google, microsoft_tenant: organizations"),
    good: provider("google"),
  },
  "duration-format": {
    bad: "session: { lifespan: 30d }",
    good: "session: { lifespan: 720h }",
  },
  "hook-placement": {
    bad: "selfservice: { flows: { registration: { after: { hooks: [{ hook: session }] } } } }",
    good: "selfservice: { flows: { registration: { after: { password: { hooks: [{ hook: session }] } } } } }",
  },
  "webauthn-config-required": {
    bad: "selfservice: { methods: { webauthn: { enabled: true } } }",
    good: "selfservice:\n  methods: { webauthn: { enabled: true, config: { rp: { id: shop.example, display_name: Shop } } } }",
  },
  "weak-secrets": {
    bad: "secrets: { cookie: [too-short] }",
    good: "secrets: { cookie: [sixteen-characters-or-more] }",
  },
  "secret-placeholder": {
    bad: "secrets: { cookie: [PLEASE-CHANGE-ME-I-AM-VERY-INSECURE] }",
    good: "secrets: { cookie: [q8XyvDmb2R0tWf6Lz1Kc] }",
  },
};
