import coerce from "semver/functions/coerce";
import gte from "semver/functions/gte";

/** Which Kratos a config is for. */
export interface Running {
  /** Kind of target. */
  target: "kratos" | "network";
  /** Version of the target's Kratos, such as `1.3.1`; absent on Ory Network, which always runs the newest. */
  kratosVersion?: string;
}

/**
 * Whether the target's Kratos is `version` or newer. A pre-release counts as its release. Where a self-hosted
 * Kratos's version is absent or unreadable, the answer is no: older versions have the harsher consequences.
 */
export function isAtLeast(running: Running, version: string): boolean {
  if (running.target === "network") return true;
  const actual = typeof running.kratosVersion === "string" ? coerce(running.kratosVersion) : null;
  return actual !== null && gte(actual, version);
}

/**
 * The same, but yes where the version is not known, as before the target is read: what a newer Kratos may take is
 * refused only once the version is known.
 */
export function mayBeAtLeast(running: Running, version: string): boolean {
  return running.kratosVersion === undefined || isAtLeast(running, version);
}
