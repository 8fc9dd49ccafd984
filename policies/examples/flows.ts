import { CODES, type Examples, PASSWORD, trait, withTraits } from "./example";

const VERIFIED =
  '{ "credentials": { "password": { "identifier": true } }, "verification": { "via": "email" } }';
const RECOVERED = '{ "credentials": { "password": { "identifier": true } }, "recovery": { "via": "email" } }';
const MAILBOX =
  '{ "credentials": { "code": { "identifier": true, "via": "email" } }, "recovery": { "via": "email" } }';
const recovery = (keys: string, methods: string): string =>
  `selfservice:\n  flows: { recovery: { enabled: true${keys} } }\n  methods: { ${methods} }`;
const afterLogin = (hooks: string, more = ""): string =>
  `selfservice:\n  flows:\n    login:\n      after: { ${hooks} }${more}`;
const REQUIRES = "hooks: [{ hook: require_verified_address }]";
const webHook = (config: string): string =>
  `selfservice:
  flows:
    registration:
      after:
        password:
          hooks:
            - hook: web_hook
              config: { url: https://crm.shop.example/, method: POST${config} }
---
# user.jsonnet
function(ctx) { id: ctx.identity.id }`;

/** Of rules about recovery, verification and what runs after flows. */
export const flowExamples: Examples = {
  "recovery-method-enabled": {
    bad: recovery(", use: link", "link: { enabled: false }"),
    good: recovery(", use: link", "link: { enabled: true }"),
  },
  "verification-method-enabled": {
    bad: "selfservice:\n  flows: { verification: { enabled: true, use: code } }\n  methods: { code: { enabled: false } }",
    good: "selfservice:\n  flows: { verification: { enabled: true, use: code } }\n  methods: { code: { enabled: true } }",
  },
  "recovery-needs-trait": {
    bad: withTraits("selfservice: { flows: { recovery: { enabled: true } } }", trait("email", PASSWORD)),
    good: withTraits("selfservice: { flows: { recovery: { enabled: true } } }", trait("email", RECOVERED)),
  },
  "verification-needs-trait": {
    bad: withTraits("selfservice: { flows: { verification: { enabled: true } } }", trait("email", PASSWORD)),
    good: withTraits("selfservice: { flows: { verification: { enabled: true } } }", trait("email", VERIFIED)),
  },
  "sms-recovery-flag": {
    kratosVersion: "26.2.0",
    bad: withTraits(
      "selfservice: { flows: { recovery: { enabled: true } } }",
      trait("phone", '{ "recovery": { "via": "sms" } }', '"type": "string", "format": "tel",'),
    ),
    good: withTraits(
      "selfservice: { flows: { recovery: { enabled: true } } }\nfeature_flags: { choose_recovery_address: true }",
      trait("phone", '{ "recovery": { "via": "sms" } }', '"type": "string", "format": "tel",'),
    ),
  },
  "same-mailbox-factor": {
    bad: withTraits(recovery("", "code: { mfa_enabled: true }"), trait("email", MAILBOX)),
    good: withTraits(
      recovery("", "code: { mfa_enabled: true }, totp: { enabled: true }"),
      trait("email", MAILBOX),
    ),
  },
  "mailbox-undercuts-factors": {
    bad: withTraits(
      recovery("", "code: { mfa_enabled: true }, totp: { enabled: true }"),
      trait("email", MAILBOX),
    ),
    good: withTraits(
      recovery("", "code: { mfa_enabled: true }, totp: { enabled: true }"),
      trait("email", CODES),
    ),
  },
  "require-verified-needs-schema": {
    bad: withTraits(afterLogin(REQUIRES), trait("email", PASSWORD)),
    good: withTraits(afterLogin(REQUIRES), trait("email", VERIFIED)),
  },
  "require-verified-needs-flow": {
    bad: afterLogin(REQUIRES),
    good: afterLogin(REQUIRES, "\n    verification: { enabled: true }"),
  },
  "require-verified-coverage": {
    kratosVersion: "26.2.0",
    bad: `${afterLogin(`password: { ${REQUIRES} }`)}\n  methods: { oidc: { enabled: true } }`,
    good: `${afterLogin(REQUIRES)}\n  methods: { oidc: { enabled: true } }`,
  },
  "hooks-shadow-global": {
    bad: afterLogin(
      "hooks: [{ hook: require_verified_address }], password: { hooks: [{ hook: revoke_active_sessions }] }",
    ),
    good: afterLogin(
      "hooks: [{ hook: require_verified_address }], password: { hooks: [{ hook: revoke_active_sessions }, { hook: require_verified_address }] }",
    ),
  },
  "web-hook-body-required": {
    bad: webHook(""),
    good: webHook(", body: file://user.jsonnet"),
  },
  "web-hook-content-type": {
    bad: webHook(', body: file://user.jsonnet, headers: { Content-Type: "application/json; charset=utf-8" }'),
    good: webHook(", body: file://user.jsonnet, headers: { Content-Type: application/json }"),
  },
  "revoke-on-reset": {
    bad: "selfservice: { flows: { recovery: { enabled: true } } }",
    good: "selfservice: { flows: { recovery: { enabled: true, after: { hooks: [{ hook: revoke_active_sessions }] } } } }",
  },
  "verify-new-address": {
    target: "network",
    bad: "selfservice: { methods: { code: { mfa_enabled: true } } }",
    good: `selfservice:
  methods: { code: { mfa_enabled: true } }
  flows: { settings: { after: { profile: { hooks: [{ hook: verify_new_address }] } } } }`,
  },
};
