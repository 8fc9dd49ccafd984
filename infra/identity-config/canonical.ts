import { documentOf, type Leaves, leavesOf } from "./leaves";
import { type Document, inlineText, inlineUri } from "./model";

/** Keys whose values are Go duration strings (the pattern in Kratos's configuration schema, v1.3.1). */
const DURATIONS = new Set([
  "lifespan",
  "privileged_session_max_age",
  "earliest_possible_extend",
  "cacheable_sessions_max_age",
  "older_than",
  "pull_wait",
  "expected_duration",
  "expected_deviation",
  "ttl",
]);

const NANOSECONDS: Record<string, bigint> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** The form of a Go duration string that Go itself prints: `90s` becomes `1m30s`. Other texts stay as they are. */
export function canonicalDuration(text: string): string {
  if (!/^([0-9]+(ns|us|ms|s|m|h))+$/.test(text)) return text;
  let total = 0n;
  for (const [, count, unit] of text.matchAll(/([0-9]+)(ns|us|ms|s|m|h)/g)) {
    total += BigInt(count!) * NANOSECONDS[unit!]!;
  }
  if (total === 0n) return "0s";
  if (total < NANOSECONDS.s!) {
    const unit = (["ms", "us", "ns"] as const).find((one) => total >= NANOSECONDS[one]!)!;
    return decimal(total, NANOSECONDS[unit]!) + unit;
  }
  const hours = total / NANOSECONDS.h!;
  const minutes = (total % NANOSECONDS.h!) / NANOSECONDS.m!;
  const seconds = `${decimal(total % NANOSECONDS.m!, NANOSECONDS.s!)}s`;
  if (hours > 0n) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${minutes}m${seconds}` : seconds;
}

function decimal(amount: bigint, unit: bigint): string {
  const fraction = (amount % unit)
    .toString()
    .padStart(unit.toString().length - 1, "0")
    .replace(/0+$/, "");
  return `${amount / unit}${fraction && `.${fraction}`}`;
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

function canonicalLeaf(path: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return DURATIONS.has(name) ? canonicalDuration(value) : canonicalInline(value);
}

/** The canonical leaves of `document`: sorted by path, with durations and inlined JSON in one spelling. */
export function canonicalLeaves(document: unknown): Leaves {
  const spelled = [...leavesOf(document)].map(([path, value]) => [path, canonicalLeaf(path, value)] as const);
  return sorted(new Map(spelled));
}

/** `leaves` in the order of their paths. */
export function sorted<T>(leaves: Leaves<T>): Leaves<T> {
  return new Map([...leaves].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The one form that two documents with the same meaning share; canonical(canonical(x)) equals canonical(x). */
export function canonical(document: unknown): Document {
  return documentOf(canonicalLeaves(document));
}
