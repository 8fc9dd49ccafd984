import { createHmac, randomBytes } from "node:crypto";
import { canonicalLeaves } from "../identity-config/canonical";
import { shortened } from "../identity-config/describe";
import { type Document, inlineText } from "../identity-config/model";
import { isWithin } from "../identity-config/path";
import { redact } from "../identity-config/sensitive";

/** What was in force where nobody here manages it, as of the last update: salted digests by path. */
export interface Seen {
  salt: string;
  digests: Record<string, string>;
}

/** Short: nobody gains by a value that looks like another here. */
const LENGTH = 12;

/** Remembers what of `effective` is not at or below `owned`. */
export function seenIn(effective: Document, owned: readonly string[]): Seen {
  const salt = randomBytes(16).toString("hex");
  const digests = [...unmanaged(effective, owned)].map(
    ([path, value]) => [path, digest(salt, value)] as const,
  );
  return { salt, digests: Object.fromEntries(digests) };
}

/** What somebody else has changed beside what is managed. What it was before is not known: digests tell no value. */
export interface OthersChange {
  path: string;
  /** Redacted; absent where nothing is set any more. */
  live?: unknown;
}

/** What others have changed since, redacted. What has become ours meanwhile is not among it. */
export function othersChanges(
  { salt, digests }: Seen,
  effective: Document,
  owned: readonly string[],
  secrets: readonly string[],
): OthersChange[] {
  const live = unmanaged(effective, owned);
  const changed = [...live].filter(
    ([path, value]) => !Object.hasOwn(digests, path) || digests[path] !== digest(salt, value),
  );
  const gone = Object.keys(digests).filter((path) => !live.has(path) && !isOwned(path, owned));
  return [
    ...changed.map(([path, value]) => ({ path, live: redact(path, value, secrets) })),
    ...gone.map((path) => ({ path })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The same, a line each. */
export const changedByOthers = (...args: Parameters<typeof othersChanges>): string[] =>
  othersChanges(...args).map(othersLine);

/** `/session/lifespan: now "24h0m0s"`. */
export const othersLine = ({ path, live }: OthersChange): string =>
  `${path}: now ${live === undefined ? "(default)" : shown(live)}`;

function unmanaged(effective: Document, owned: readonly string[]): Map<string, unknown> {
  return new Map([...canonicalLeaves(effective)].filter(([path]) => !isOwned(path, owned)));
}

const isOwned = (path: string, owned: readonly string[]): boolean =>
  owned.some((one) => isWithin(path, one) || isWithin(one, path));

const digest = (salt: string, value: unknown): string =>
  createHmac("sha256", salt)
    .update(JSON.stringify(value) ?? "")
    .digest("hex")
    .slice(0, LENGTH);

function shown(value: unknown): string {
  const text = inlineText(value);
  if (text !== undefined) return `text of ${text.split("\n").length} lines`;
  return shortened(JSON.stringify(value));
}
