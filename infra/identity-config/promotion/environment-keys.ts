import { isSensitive } from "../sensitive";

/** Keys that belong to an environment and are never promoted, with the reason. */
export interface EnvironmentKeys {
  /** What they have in common: lower case, no full stop. */
  why: string;
  /** Their paths, each with all below it: `*` stands for one key, id or position, a leading `**` for anything before. */
  paths: readonly string[];
}

/** What of an identity config belongs to the environment that it is for. Everything else is promoted. */
export const environmentKeys: readonly EnvironmentKeys[] = [
  {
    why: "the server's own: where it listens, what it stores in, what it writes",
    paths: [
      "/dsn",
      "/serve",
      "/log",
      "/tracing",
      "/clients",
      "/secrets",
      "/version",
      "/revision",
      "/dev",
      "/help",
      "/config",
      "/sqa-opt-out",
      "/watch-courier",
      "/expose-metrics-port",
      "/enterprise/identity_schema_fallback_url_template",
    ],
  },
  {
    why: "where the environment's application is",
    paths: [
      "**/ui_url",
      "**/default_browser_return_url",
      "/selfservice/allowed_return_urls",
      "/selfservice/methods/link/config/base_url",
      "/oauth2_provider/url",
      "/session/cookie/domain",
      "/cookies/domain",
    ],
  },
  {
    why: "the names that security keys and passkeys are bound to",
    paths: ["**/config/rp/id", "**/config/rp/origin", "**/config/rp/origins", "**/config/rp/icon"],
  },
  {
    why: "the services that requests and messages go to, and how one authenticates there",
    paths: [
      "**/request_config/url",
      "**/request_config/auth",
      "**/hooks/*/config/url",
      "**/hooks/*/config/auth",
      "**/migrate_hook/config/url",
      "**/migrate_hook/config/auth",
      "/selfservice/methods/password/config/haveibeenpwned_host",
      "/courier/smtp/connection_uri",
      "/courier/smtp/client_cert_path",
      "/courier/smtp/client_key_path",
      "/courier/smtp/local_name",
      "/courier/template_override_path",
    ],
  },
  { why: "who messages come from", paths: ["/courier/smtp/from_address", "/courier/sms/from"] },
  {
    why: "the clients that are registered at other providers, and organizations",
    paths: [
      "/selfservice/methods/oidc/config/base_redirect_uri",
      ...[
        "client_id",
        "issuer_url",
        "auth_url",
        "token_url",
        "fedcm_config_url",
        "microsoft_tenant",
        "apple_team_id",
        "apple_private_key_id",
        "organization_id",
        "additional_id_token_audiences",
      ].map((key) => `/selfservice/methods/oidc/config/providers[id=*]/${key}`),
      "/selfservice/methods/b2b/config/organizations",
    ],
  },
  {
    why: "what a project on Ory Network is called, and which origins may call it",
    paths: [
      "/project/name",
      "/project/cors_public/origins",
      "/project/cors_admin/origins",
      "/project/services/*/config/urls",
    ],
  },
];

const patterns = environmentKeys.flatMap(({ why, paths }) =>
  paths.map((path) => ({ why, pattern: patternOf(path) })),
);

function patternOf(path: string): RegExp {
  const escaped = path
    .replace(/^\*\*/, "")
    .replace(/[[\].]/g, "\\$&")
    .replaceAll("*", "[^/[\\]]*")
    // In a stack's file an element stands at its position.
    .replaceAll("\\[id=[^/[\\]]*\\]", "(?:\\[id=[^\\]]*\\]|/\\d+)");
  return new RegExp(`${path.startsWith("**") ? "" : "^"}${escaped}([/[]|$)`);
}

/** Why what stands at `path` belongs to an environment; undefined where it is promoted. */
export const environmentReason = (path: string): string | undefined =>
  isSensitive(path) ? "a secret" : patterns.find(({ pattern }) => pattern.test(path))?.why;
