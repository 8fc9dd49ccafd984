/**
 * What Ory Network's servers are known to do with a project, as data: each entry says where it is known from, and can be
 * corrected here without touching what uses it. Sources: SDK = @ory/client 1.22.66; TF = documentation and sources of
 * ory/terraform-provider-ory; CLI = sources of ory/cli; DOCS = ory/docs.
 */

/**
 * Texts given as `base64://` come back as URLs of a storage whose file names are the SHA-512 of their content. Plain
 * texts and other URLs are refused. [TF project_config]
 */
export const STORAGE_URL = /^https?:\/\/[^/]+\/(?:[^/]+\/)*([0-9a-f]{128})(?:\.[a-z0-9.]+)?$/;

/** Ids of identity schemas become the SHA-512 of their content, later than the answer to the write. [TF identity_schema] */
export const SCHEMA_HASH = /^[0-9a-f]{128}$/;

/** Empty values are dropped from the document. [TF project_config] */
export const isPruned = (value: unknown): boolean =>
  value === "" ||
  value === 0 ||
  value === null ||
  (typeof value === "object" && Object.keys(value as object).length === 0);

/** Hooks that the Console puts into arrays which are ours otherwise; they are kept. [TF project_config] */
export const CONSOLE_HOOKS: readonly string[] = ["organization", "b2b_sso"];

/**
 * Keys for which a project starts with something else than Kratos does: Kratos's default is no default there. [an export
 * of a live project, TF project_config]
 */
export const OTHER_DEFAULTS: readonly string[] = [
  "/cookies/same_site",
  "/oauth2_provider/override_return_to",
  "/selfservice/flows/recovery/enabled",
  "/selfservice/flows/registration/enable_legacy_one_step",
  "/selfservice/flows/registration/login_hints",
  "/selfservice/flows/registration/style",
  "/selfservice/flows/settings/privileged_session_max_age",
  "/selfservice/flows/verification/enabled",
  "/selfservice/methods/code/config/lifespan",
  "/selfservice/methods/code/config/missing_credential_fallback_enabled",
  "/session/cookie/same_site",
  "/session/lifespan",
];

/** What a key may do, by its prefix. [DOCS concepts/personal-access-token] */
export const KEY_PREFIXES = { workspace: ["ory_wak_"], project: ["ory_pat_", "ory_apikey_"] } as const;

/** The header of an answer that says how many seconds to wait; the server is known to report 0. [TF client] */
export const RATE_LIMIT_RESET = "x-ratelimit-reset";

/** Calls to the Console API at the same time, and the least time between two, in milliseconds; its own limit is not published. */
export const THROTTLE = { maxConcurrent: 8, minTime: 20 } as const;

/** Waits for an answer, and the longest pause between two attempts, in milliseconds. [DOCS guides/rate-limits] */
export const TIMEOUT = 30_000;
export const LONGEST_PAUSE = 30_000;
export const ATTEMPTS = 6;
