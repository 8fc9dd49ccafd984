import { createHash, randomBytes } from "node:crypto";
import { documentOf, leavesOf, valueAt } from "../../identity-config/leaves";
import { type Document, inlineText, inlineUri, isBranch, parsedJson } from "../../identity-config/model";
import { join } from "../../identity-config/path";
import type { RevisionMarker } from "./versions";

const COMMENT = / ?revision:[0-9a-f]{32}$/;

/**
 * A new marker for `own`. It is salted with fresh random bytes: the marker is public (`GET /schemas/<id>`), and a
 * plain digest would let anybody test guesses at the secrets in the file.
 */
export function newMarker(own: Document): string {
  return createHash("sha256").update(randomBytes(16)).update(JSON.stringify(own)).digest("hex").slice(0, 32);
}

/** Path of the schema that carries the marker: the default one. */
export function markedSchema(effective: Document): { id: string; path: string } {
  const id = String(valueAt(effective, "/identity/default_schema_id") ?? "default");
  return { id, path: `${join("/identity/schemas", { key: "id", value: id })}/url` };
}

/** `own` with `marker`; undefined where there is no place for it, as `own` does not deliver the default schema. */
export function mark(
  own: Document,
  effective: Document,
  marker: string,
  kind: RevisionMarker,
): Document | undefined {
  if (kind === "revision-key") return { ...own, revision: marker };
  const leaves = leavesOf(own);
  const { path } = markedSchema(effective);
  const schema = parseSchema(leaves.get(path));
  if (schema === undefined) return undefined;
  const comment = typeof schema.$comment === "string" ? `${schema.$comment} ` : "";
  leaves.set(path, inlineUri(JSON.stringify({ ...schema, $comment: `${comment}revision:${marker}` })));
  return documentOf(leaves);
}

/** `own` as it was before `mark`. */
export function unmark({ revision: _, ...own }: Document): Document {
  const leaves = leavesOf(own);
  for (const [path, value] of leaves) {
    const schema = path.startsWith("/identity/schemas[") ? parseSchema(value) : undefined;
    if (typeof schema?.$comment !== "string" || !COMMENT.test(schema.$comment)) continue;
    const { $comment, ...rest } = schema;
    const comment = $comment.replace(COMMENT, "");
    leaves.set(path, inlineUri(JSON.stringify(comment === "" ? rest : { ...schema, $comment: comment })));
  }
  return documentOf(leaves);
}

function parseSchema(uri: unknown): Record<string, unknown> | undefined {
  const schema = parsedJson(inlineText(uri));
  return isBranch(schema) ? schema : undefined;
}
