import { documentOf, inOrder, type Leaves, leavesOf } from "./leaves";
import { type Document, isBranch } from "./model";
import { ancestors } from "./path";
import { redact } from "./sensitive";

/**
 * What one part declares: a document whose leaves may be engine values. They are opaque here; merging never looks
 * into them, so that an unknown or secret leaf makes only itself unknown or secret.
 */
export interface Fragment {
  /** Names the part in errors: `MultiFactor "second-factor"`. */
  part: string;
  document: Record<string, unknown>;
}

/** Two parts declare different values for one path. */
export class ConflictError extends Error {
  override name = "ConflictError" as const;
}

interface Owner {
  part: string;
  value: unknown;
}

/**
 * The document that all fragments together declare; independent of their order. Parts may agree on a value.
 * Throws ConflictError, naming both parts and the path, where they do not.
 */
export function merge(fragments: readonly Fragment[]): Document {
  const owners: Leaves<Owner> = new Map();
  const conflicts: string[] = [];
  for (const { part, document } of [...fragments].sort((a, b) => compare(a.part, b.part))) {
    for (const [path, value] of leavesOf(document)) {
      const owner = owners.get(path);
      if (owner === undefined) owners.set(path, { part, value });
      else if (!same(owner.value, value)) conflicts.push(conflict(path, owner, { part, value }));
    }
  }
  for (const [path, { part }] of [...owners]) {
    for (const above of ancestors(path)) {
      const owner = owners.get(above);
      if (owner === undefined) continue;
      if (isEmpty(owner.value)) owners.delete(above);
      else conflicts.push(conflict(above, owner, { part, value: { [path.slice(above.length)]: "…" } }));
    }
  }
  if (conflicts.length > 0) throw new ConflictError(conflicts.sort().join("\n"));
  return documentOf(inOrder(owners).map(([path, { value }]) => [path, value]));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isEmpty = (value: unknown): boolean => isBranch(value) && Object.keys(value).length === 0;

const isPlain = (value: unknown): boolean =>
  typeof value !== "object" ||
  value === null ||
  (Array.isArray(value) ? value : isBranch(value) ? Object.values(value) : [value]).every(
    (item) => item !== value && isPlain(item),
  );

const same = (a: unknown, b: unknown): boolean =>
  a === b || (isPlain(a) && isPlain(b) && JSON.stringify(a) === JSON.stringify(b));

function conflict(path: string, a: Owner, b: Owner): string {
  const [first, second] = [a, b]
    .map(
      ({ part, value }) => `${part} to ${isPlain(value) ? JSON.stringify(redact(path, value)) : "an output"}`,
    )
    .sort();
  return `${path} is declared twice: by ${first} and by ${second}; keep one of them`;
}
