import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { canonicalAt } from "./canonical";
import type { Step } from "./change-set";

/**
 * Consent to one step that a rule refuses: this rule, at this path, from this value to that one, and no other. A refusal
 * prints the entry. One that is expired, or whose step is not the one that is refused, changes nothing.
 *
 * @example
 * ```ts
 * const announced: Acknowledgement = {
 *   rule: "mfa-forces-everyone",
 *   path: "/selfservice/methods/code/mfa_enabled",
 *   from: false,
 *   to: true,
 *   reason: "announced to all users",
 *   until: "2026-12-15",
 * };
 * new IdentityConfig("shop", {
 *   target: { network: { project: "3f0c9a52-6d0b-4c1e-9c41-5d1f0e6f7a10", environment: "prod" } },
 *   parts: [new MultiFactor("second-factor", { code: true })],
 *   acknowledge: [announced],
 * });
 * ```
 */
export interface Acknowledgement {
  /** Id of the rule, such as `weakening-change`. */
  rule: string;
  /** Path that the refusal names: `/session/lifespan`. */
  path: string;
  /** Value before; left out where nothing is set, so that Kratos's default holds. Long texts by their digest. */
  from?: unknown;
  /** Value after; left out where nothing is set any more. Long texts by their digest. */
  to?: unknown;
  /** Why it is all right; for whoever reads the stack's file. */
  reason: string;
  /** Last day on which it holds, in UTC: `2026-12-15`. */
  until: string;
}

/** The day of `time` in UTC, as `until` is written. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** Whether `entry` no longer holds on the day `today`. */
export const isExpired = ({ until }: Acknowledgement, today: string): boolean => until < today;

/**
 * Whether `entry` is about `step`: the same path and the same values, whatever their spelling. Also once the step is
 * done: both sides are then what it led to.
 */
export function isAbout(entry: Acknowledgement, { path, before, after }: Step): boolean {
  if (entry.path !== path || !means(entry.to, path, after)) return false;
  return means(entry.from, path, before) || isDeepStrictEqual(before, after);
}

const means = (written: unknown, path: string, value: unknown): boolean =>
  isDeepStrictEqual(named(canonicalAt(path, written)), named(value));

const LONGEST = 80;

/** `value` as an entry names it: short ones as they are, others and texts of several lines by their digest. */
export function named(value: unknown): unknown {
  const text = JSON.stringify(value);
  if (text === undefined || (text.length <= LONGEST && !text.includes("\\n"))) return value;
  return `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

/** The entry that consents to `step`, ready to be pasted into a stack's file or a program. */
export function entryFor(rule: string, { path, before, after }: Step, until: string): string {
  const fields = { rule, path, from: named(before), to: named(after), reason: "why, and who agreed", until };
  const written = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}: ${JSON.stringify(value)}`,
  );
  return `{ ${written.join(", ")} }`;
}
