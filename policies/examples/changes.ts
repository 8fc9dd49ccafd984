import { CODES, type Examples, PASSWORD, trait, withSchema, withTraits } from "./example";

const methods = (keys: string): string => `selfservice: { methods: { ${keys} } }`;
const EMAIL = trait("email", PASSWORD);
const NAME = '        "name": { "type": "string" }';
const REQUIRED = withSchema(
  "",
  `"required": ["name"],
      "properties": {
${[EMAIL, NAME].join(",\n")}
      }`,
);
const listing = (standard: string, ...ids: string[]): string =>
  `identity:
  default_schema_id: ${standard}
  schemas:${ids.map((id) => `\n    - { id: ${id}, url: file:///etc/kratos/${id}.schema.json }`).join("")}`;

/** Of rules about what a change does, and about the stage before. */
export const changeExamples: Examples = {
  "weakening-change": {
    before: "session: { lifespan: 24h }",
    bad: "session: { lifespan: 720h }",
    good: "session: { lifespan: 12h }",
  },
  "remove-enrolled-method": {
    before: methods("totp: { enabled: true }"),
    bad: methods("totp: { enabled: false }"),
    good: methods("totp: { enabled: true }, lookup_secret: { enabled: true }"),
  },
  "remove-sign-in-method": {
    before: methods("code: { passwordless_enabled: true }"),
    bad: methods("code: { passwordless_enabled: false }"),
    good: methods(
      "code: { passwordless_enabled: true }, passkey: { enabled: true, config: { rp: { id: shop.example, display_name: Shop } } }",
    ),
  },
  "mfa-forces-everyone": {
    before: methods("code: { mfa_enabled: false }"),
    bad: methods("code: { mfa_enabled: true }"),
    good: `session: { whoami: { required_aal: aal1 } }
selfservice:
  flows: { settings: { required_aal: aal1 } }
  methods: { code: { mfa_enabled: true } }`,
  },
  "mfa-off-strands-sessions": {
    before: methods("code: { mfa_enabled: true }"),
    bad: methods("code: { mfa_enabled: false }"),
    good: `session: { whoami: { required_aal: aal1 } }
selfservice:
  flows: { settings: { required_aal: aal1 } }
  methods: { code: { mfa_enabled: false } }`,
  },
  "restart-required": {
    before: "session: { lifespan: 24h }\nlog: { level: info }",
    bad: "session: { lifespan: 12h }\nlog: { level: warning }",
    good: "session: { lifespan: 12h }\nlog: { level: info }",
  },
  "schema-rejects-stored": {
    before: withTraits("", EMAIL, NAME),
    bad: REQUIRED,
    good: withTraits("", EMAIL, NAME),
  },
  "schema-forgets-trait": {
    before: withTraits("", EMAIL, NAME),
    bad: withTraits("", EMAIL),
    good: withTraits("", EMAIL, NAME),
  },
  "schema-loses-identifier": {
    before: withTraits("", EMAIL, trait("user", PASSWORD)),
    bad: withTraits("", EMAIL, '        "user": { "type": "string" }'),
    good: withTraits("", EMAIL, trait("user", PASSWORD)),
  },
  "schema-needs-rewrite": {
    before: withTraits("", EMAIL),
    bad: withTraits("", trait("email", CODES)),
    good: withTraits(
      methods("code: { config: { missing_credential_fallback_enabled: true } }"),
      trait("email", CODES),
    ),
  },
  "schema-changed-in-place": {
    before: withTraits("", EMAIL),
    bad: withTraits("", EMAIL, NAME),
    good: withTraits("", EMAIL),
  },
  "schema-unlisted": {
    before: listing("customer", "customer", "staff"),
    bad: listing("customer", "customer"),
    good: listing("customer", "customer", "staff"),
  },
  "default-schema-switch": {
    before: listing("customer", "customer", "customer-2"),
    bad: listing("customer-2", "customer", "customer-2"),
    good: listing("customer", "customer", "customer-2"),
  },
  "weaker-than-lower-env": {
    lower: "session: { lifespan: 12h }",
    bad: "session: { lifespan: 720h }",
    good: "session: { lifespan: 12h }",
  },
  "unpromoted-change": {
    lower: methods("code: { mfa_enabled: true }"),
    bad: methods("code: { mfa_enabled: true }, totp: { enabled: true }"),
    good: methods("code: { mfa_enabled: true }"),
  },
  "stack-parity": {
    lower: methods("totp: { enabled: false }"),
    bad: methods("totp: { enabled: true }"),
    good: methods("totp: { enabled: false }"),
  },
};
