import { canonical } from "../../identity-config/canonical";
import { documentOf, type Leaves, leavesOf, valueAt } from "../../identity-config/leaves";
import { type Document, isBranch } from "../../identity-config/model";
import { isWithin, join } from "../../identity-config/path";
import type { Known } from "../target";
import { SCHEMA_HASH, STORAGE_URL } from "./behavior";

export const SCHEMAS = "/identity/schemas";
export const DEFAULT_SCHEMA = "/identity/default_schema_id";

/** The path of the identity schema with this id. */
export const schemaPath = (id: string): string => join(SCHEMAS, { key: "id", value: id });

/** Gives identity schemas the names that the program has for their content. Returns the server's ids by name. */
export function nameSchemas(leaves: Leaves, { declared, written }: Known): Map<string, string> {
  const shown = schemasIn(documentOf(leaves));
  const ids = new Map<string, string>();
  for (const document of [declared, written]) {
    for (const [name, content] of schemasIn(document)) {
      const id = [...shown].find(([id, text]) => text === content && SCHEMA_HASH.test(id))?.[0];
      if (id === undefined || ids.has(name) || shown.has(name) || [...ids.values()].includes(id)) continue;
      ids.set(name, id);
    }
  }
  for (const [name, id] of ids) renameSchema(leaves, id, name);
  return ids;
}

/**
 * `shown` with the ids that the server is about to give its schemas: until then they are called as they were written,
 * and it changes them without another revision.
 *
 * @returns Those ids by name, and their places in the array.
 */
export function settled(shown: Document): {
  document: Document;
  ids: Map<string, string>;
  places: Map<number, string>;
} {
  const leaves = leavesOf(shown);
  const ids = new Map<string, string>();
  const places = new Map<number, string>();
  const schemas = valueAt(shown, SCHEMAS);
  (Array.isArray(schemas) ? schemas : []).forEach((schema, index) => {
    const { id, url } = isBranch(schema) ? schema : {};
    const hash = typeof url === "string" ? STORAGE_URL.exec(url)?.[1] : undefined;
    if (typeof id !== "string" || hash === undefined || SCHEMA_HASH.test(id)) return;
    if (leaves.has(`${schemaPath(hash)}/url`)) return;
    ids.set(id, hash);
    places.set(index, hash);
    renameSchema(leaves, id, hash);
  });
  return { document: documentOf(leaves), ids, places };
}

/** Calls the schema `from` by the id `to`. */
export function renameSchema(leaves: Leaves, from: string, to: string): void {
  const [path, other] = [schemaPath(from), schemaPath(to)];
  const renamed = [...leaves].map(
    ([at, value]) => [isWithin(at, path) ? other + at.slice(path.length) : at, value] as const,
  );
  leaves.clear();
  for (const [at, value] of renamed) leaves.set(at, value);
  if (leaves.get(DEFAULT_SCHEMA) === from) leaves.set(DEFAULT_SCHEMA, to);
}

/** Canonical contents of a document's identity schemas, by id. */
function schemasIn(document: unknown): Map<string, unknown> {
  const schemas = valueAt(canonical(document), SCHEMAS);
  const listed = Array.isArray(schemas) ? schemas.filter(isBranch) : [];
  return new Map(listed.map(({ id, url }) => [String(id), url]));
}
