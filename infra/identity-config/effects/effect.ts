import { isDeepStrictEqual } from "node:util";
import type { Running } from "../kratos-version";
import { isEmptyObject, isUnknown } from "../model";

/**
 * What a change does to the protection of accounts: `weakening` makes it less, `hardening` more, `neutral` leaves it;
 * `unknown` where nothing here can tell. It is about who gets in who should not, and not about who is locked out.
 */
export type Effect = "weakening" | "hardening" | "neutral" | "unknown";

/** The effect of one change, with the reason in words. */
export interface Judged {
  effect: Effect;
  /** What it means for accounts: lower case, no full stop. Absent where nothing is to be said. */
  reason?: string;
}

/**
 * One key of the config, and how its values compare.
 * `path` is the key's, with `*` for any key of an object and for the id of an array's element:
 * `/courier/channels[id=*]/type`.
 */
export interface Row {
  path: string;
  /** @param before Absent values are undefined: Kratos's default holds. Values are in canonical spelling, in the clear. */
  judge(before: unknown, after: unknown, running: Running): Judged;
}

export const NEUTRAL: Judged = { effect: "neutral" };
export const UNKNOWN_EFFECT: Judged = { effect: "unknown" };

/** The effect of several changes together: it weakens where any of them does, else it is unknown where any is. */
export function together(parts: readonly Judged[]): Judged {
  const order: Effect[] = ["weakening", "unknown", "hardening"];
  const effect = order.find((one) => parts.some((part) => part.effect === one)) ?? "neutral";
  const reasons = parts.filter((part) => part.effect === effect).flatMap(({ reason }) => reason ?? []);
  return { effect, ...(reasons.length > 0 && { reason: [...new Set(reasons)].join("; ") }) };
}

/** What `row` says of a change; unknown without a row, or where a value is not known yet. Never throws. */
export function judged(row: Row | undefined, before: unknown, after: unknown, running: Running): Judged {
  const [old, value] = [before, after].map((one) => (isEmptyObject(one) ? undefined : one));
  // An empty object sets nothing.
  if (isDeepStrictEqual(old, value)) return NEUTRAL;
  if (row === undefined || holdsUnknown(old) || holdsUnknown(value)) return UNKNOWN_EFFECT;
  return row.judge(old, value, running);
}

function holdsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
