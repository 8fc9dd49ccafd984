import coerce from "semver/functions/coerce";
import gte from "semver/functions/gte";
import type { Review } from "./rule";

/**
 * Whether the target's Kratos is `version` or newer. A pre-release counts as its release. Where a self-hosted
 * Kratos's version is absent or unreadable, the answer is no: older versions have the harsher consequences.
 */
export function isAtLeast(review: Review, version: string): boolean {
  if (review.target === "network") return true;
  const actual = typeof review.kratosVersion === "string" ? coerce(review.kratosVersion) : null;
  return actual !== null && gte(actual, version);
}

/**
 * The same, but yes where the version is not known, as before the target is read: what a newer Kratos may take is
 * refused only once the version is known.
 */
export function mayBeAtLeast(review: Review, version: string): boolean {
  return review.kratosVersion === undefined || isAtLeast(review, version);
}
