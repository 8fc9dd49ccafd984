import { documentOf, inOrder, type Leaves, leavesOf } from "./leaves";
import { type Document, inlineText, inlineUri, isBranch } from "./model";

/** Keys whose values are Go duration strings of any number of units (Kratos's configuration schema, v1.3.1). */
const DURATIONS = new Set([
  "lifespan",
  "privileged_session_max_age",
  "earliest_possible_extend",
  "cacheable_sessions_max_age",
  "pull_wait",
  "expected_duration",
  "expected_deviation",
  "ttl",
]);

const UNITS = [
  ["h", 3_600_000_000_000n],
  ["m", 60_000_000_000n],
  ["s", 1_000_000_000n],
  ["ms", 1_000_000n],
  ["us", 1_000n],
  ["ns", 1n],
] as const;

/**
 * One spelling for Go duration strings of the same length: `90s` becomes `1m30s`, as Go prints it. Fractions, which Go
 * prints and Kratos refuses, are spelled in smaller units: `1500ms` becomes `1s500ms`. Other texts stay as they are.
 */
export function canonicalDuration(text: string): string {
  let rest = nanoseconds(text);
  if (rest === undefined) return text;
  let spelled = "";
  for (const [unit, length] of UNITS) {
    const count = rest / length;
    rest %= length;
    // From the first unit on, Go prints each down to seconds: `15m0s`.
    if (count > 0n || (spelled !== "" && length >= 1_000_000_000n)) spelled += `${count}${unit}`;
  }
  return spelled || "0s";
}

function nanoseconds(text: string): bigint | undefined {
  if (!/^([0-9]+(ns|us|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0n;
  for (const [, count, unit] of text.matchAll(/([0-9]+)(ns|us|ms|s|m|h)/g)) {
    total += BigInt(count!) * UNITS.find(([name]) => name === unit)![1];
  }
  return total;
}

/** How long a Go duration string is, in seconds; undefined where `text` is none. */
export function durationOf(text: string): number | undefined {
  const total = nanoseconds(text);
  return total === undefined ? undefined : Number(total) / 1e9;
}

/** White space in an inlined JSON text means nothing; its key order does (the UI shows traits in schema order). */
function canonicalInline(uri: string): string {
  const text = inlineText(uri);
  if (text === undefined) return uri;
  try {
    return inlineUri(JSON.stringify(JSON.parse(text)));
  } catch {
    return inlineUri(text);
  }
}

/** The canonical spelling of `value`, which stands at `path`. */
export const canonicalAt = (path: string, value: unknown): unknown =>
  canonicalValue(path.slice(path.lastIndexOf("/") + 1), value);

/** @param name The key that `value` stands at; elements of an array stand at the array's. */
function canonicalValue(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => canonicalValue(name, item));
  if (isBranch(value)) {
    const fields = Object.entries(value).map(([key, item]) => [key, canonicalValue(key, item)] as const);
    return Object.fromEntries(fields.sort(([a], [b]) => compare(a, b)));
  }
  if (typeof value !== "string") return value;
  return canonicalInline(DURATIONS.has(name) ? canonicalDuration(value) : value);
}

/** The canonical leaves of `document`: sorted by path, with durations and inlined JSON in one spelling. */
export function canonicalLeaves(document: unknown): Leaves {
  return new Map(inOrder(leavesOf(document)).map(([path, value]) => [path, canonicalAt(path, value)]));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The one form that two documents with the same meaning share; canonical(canonical(x)) equals canonical(x). */
export function canonical(document: unknown): Document {
  return documentOf(canonicalLeaves(document));
}
