/** Where the identity config holds what Ory Network treats in a way of its own. `*` is one step, `**` any number. */

/** Values that are contents or URLs of contents, with the extension of what is stored. */
export const ASSETS: readonly { pointer: string; extension: string }[] = [
  { pointer: "/identity/schemas/*/url", extension: ".schema.json" },
  { pointer: "/courier/**/request_config/body", extension: ".jsonnet" },
  { pointer: "/selfservice/flows/**/hooks/*/config/body", extension: ".jsonnet" },
  { pointer: "/selfservice/methods/oidc/config/providers/*/mapper_url", extension: ".jsonnet" },
  { pointer: "/session/whoami/tokenizer/templates/*/claims_mapper_url", extension: ".jsonnet" },
  { pointer: "/session/whoami/tokenizer/templates/*/jwks_url", extension: ".json" },
  { pointer: "/courier/templates/**/subject", extension: ".txt" },
  { pointer: "/courier/templates/**/body/plaintext", extension: ".txt" },
  { pointer: "/courier/templates/**/body/html", extension: ".html" },
];

/** Values that are not answered as they are. */
export const SECRETS: readonly string[] = [
  "/courier/smtp/connection_uri",
  "/**/auth/config/value",
  "/**/auth/config/password",
  "/selfservice/methods/oidc/config/providers/*/client_secret",
  "/selfservice/methods/oidc/config/providers/*/apple_private_key",
  "/selfservice/methods/captcha/config/secret",
];

/** Values that are durations. */
export const DURATIONS: readonly string[] = [
  "/**/lifespan",
  "/**/privileged_session_max_age",
  "/**/earliest_possible_extend",
  "/**/cacheable_sessions_max_age",
  "/session/whoami/tokenizer/templates/*/ttl",
];

/** Keys that are reported elsewhere. */
export const MOVED: readonly { from: string; to: string }[] = [
  {
    from: "/selfservice/methods/code/max_submissions",
    to: "/selfservice/methods/code/config/max_submissions",
  },
];

/** The arrays that the Console puts its own hook into. */
export const ORGANIZATION_HOOKS: readonly string[] = [
  "/selfservice/flows/registration/after/password/hooks",
  "/selfservice/flows/settings/after/profile/hooks",
];
