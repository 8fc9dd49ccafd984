import type { Row } from "./effect";
import { greatIsStrong, memoryIsStrength, neutral, oneOf, opening, opens, protects } from "./kinds";

const ARGON2 = "/hashers/argon2";
const guessing = {
  weakens: "stolen password hashes are guessed faster",
  hardens: "stolen password hashes are guessed more slowly",
};

const origin = {
  weakens: "pages of another site call Kratos in the name of who visits them:",
  hardens: "pages of another site no longer call Kratos:",
};

/** How passwords are stored, and what is a server's own. */
export const serverRows: Row[] = [
  oneOf("/hashers/algorithm", ["bcrypt", "argon2"], { byDefault: "bcrypt", ...guessing }),
  greatIsStrong("/hashers/bcrypt/cost", { byDefault: 12, ...guessing }),
  greatIsStrong(`${ARGON2}/iterations`, { byDefault: 1, ...guessing }),
  memoryIsStrength(`${ARGON2}/memory`, { byDefault: "128MB", ...guessing }),
  greatIsStrong(`${ARGON2}/salt_length`, { byDefault: 16, ...guessing }),
  greatIsStrong(`${ARGON2}/key_length`, { byDefault: 32, ...guessing }),
  ...neutral(
    ...["parallelism", "expected_duration", "expected_deviation", "dedicated_memory"].map(
      (key) => `${ARGON2}/${key}`,
    ),
  ),
  oneOf("/ciphers/algorithm", ["noop", "aes", "xchacha20-poly1305"], {
    byDefault: "noop",
    weakens: "tokens of social sign-in are stored with less encryption, or none",
    hardens: "tokens of social sign-in are stored encrypted",
  }),
  protects("/clients/http/disallow_private_ip_ranges", {
    byDefault: false,
    weakens: "web hooks and other calls reach private addresses",
    hardens: "web hooks and other calls reach no private addresses",
  }),
  opening("/clients/http/private_ip_exception_urls", {
    byDefault: [],
    weakens: "calls reach a private address:",
    hardens: "calls no longer reach a private address:",
  }),
  opens("/log/leak_sensitive_values", {
    byDefault: false,
    weakens: "codes and other secrets are written to the log",
    hardens: "codes and other secrets are not written to the log",
  }),
  opens("/dev", {
    byDefault: false,
    weakens: "protections are off that Kratos has outside of development",
    hardens: "Kratos runs with all its protections",
  }),
  opening("/serve/public/cors/allowed_origins", { byDefault: ["*"], ...origin }),
  opening("/project/cors_public/origins", { byDefault: [], ...origin }),
  ...["/serve/public/cors", "/project/cors_public"].map((cors) =>
    opens(`${cors}/enabled`, {
      byDefault: false,
      weakens: "pages of other sites can call Kratos",
      hardens: "pages of other sites cannot call Kratos",
    }),
  ),
  opens("/feature_flags/cacheable_sessions", {
    byDefault: false,
    weakens: "a session that was ended can count as valid while it is cached",
    hardens: "sessions are not cached",
  }),
  ...neutral(
    "/feature_flags/use_continue_with_transitions",
    "/feature_flags/faster_session_extend",
    "/log/level",
    "/log/format",
    "/log/redaction_text",
    "/tracing/**",
    "/version",
    "/revision",
    "/sqa-opt-out",
    "/database/cleanup/**",
    "/serve/public/request_log/disable_for_health",
    "/serve/admin/request_log/disable_for_health",
  ),
];
