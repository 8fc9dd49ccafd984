import type { Openness } from "../../infra/identity-config/identity-schema";
import { isUnknown } from "../../infra/identity-config/model";
import { readAt } from "../../infra/identity-config/reading";
import type { Violation } from "./rule";

/** A statement about a config whose truth can be open. */
export interface Condition {
  /** Undefined: what stands at `path` decides, and cannot be read. */
  holds: boolean | undefined;
  /** Where the value stands that makes it true, false or open. */
  path: string;
  /** Why it is open, where `holds` is undefined. Default `unknown`. */
  because?: Openness;
}

/** Whether the key at `path` is on; where it is absent or no boolean, Kratos's default. */
export function isOn(document: unknown, path: string, byDefault = false): Condition {
  const value = readAt(document, path);
  if (isUnknown(value)) return { holds: undefined, path };
  return { holds: typeof value === "boolean" ? value : byDefault, path };
}

/** Whether `path` holds exactly `expected`. */
export function isExactly(document: unknown, path: string, expected: string): Condition {
  const value = readAt(document, path);
  return { holds: isUnknown(value) ? undefined : value === expected, path };
}

/** The opposite; open stays open. */
export function not(condition: Condition): Condition {
  return { ...condition, holds: condition.holds === undefined ? undefined : !condition.holds };
}

/** False if any is false, else open if any is open; told by the first condition that decides. */
export function allOf(first: Condition, ...others: Condition[]): Condition {
  const all = [first, ...others];
  return all.find(({ holds }) => holds === false) ?? all.find(({ holds }) => holds === undefined) ?? first;
}

/** True if any is true, else open if any is open; told by the first condition that decides. */
export function anyOf(first: Condition, ...others: Condition[]): Condition {
  return not(allOf(not(first), ...others.map(not)));
}

/** The violation where `condition` holds, a note where it is open, else nothing. */
export function violatedWhere(condition: Condition, violation: Violation): Violation[] {
  if (condition.holds === undefined) return [undecided(condition.path, condition.because)];
  return condition.holds ? [violation] : [];
}

/** The note of a rule that cannot tell before it can read what stands at `path`. */
export function undecided(path: string, because: Openness = "unknown"): Violation {
  return because === "unknown"
    ? {
        path,
        undecided: true,
        message: `cannot be checked until ${path} is known`,
        remedy: "nothing yet: the update checks it before it writes anything",
      }
    : {
        path,
        undecided: true,
        message: `cannot be checked: only the target can read what ${path} points at`,
        remedy: "inline the text instead of its URL, so that it can be checked",
      };
}
