import { isDeepStrictEqual } from "node:util";
import { canonical, canonicalLeaves } from "../../identity-config/canonical";
import {
  branchesOf,
  documentOf,
  type Leaves,
  leavesOf,
  setLeaf,
  valueAt,
} from "../../identity-config/leaves";
import { type Document, isBranch } from "../../identity-config/model";
import { isWithin, join } from "../../identity-config/path";
import { isSensitive } from "../../identity-config/sensitive";
import type { Known } from "../target";
import { CONSOLE_HOOKS, isPruned, MASK, SCHEMA_HASH } from "./behavior";
import { withTexts } from "./texts";

/** A project's document as the program would spell it. */
export interface Legible {
  document: Document;
  /** Ids that the server has given to identity schemas, by the names that `document` has them under. */
  schemaIds: ReadonlyMap<string, string>;
}

export const SCHEMAS = "/identity/schemas";
export const DEFAULT_SCHEMA = "/identity/default_schema_id";

/** The path of the identity schema with this id. */
export const schemaPath = (id: string): string => join(SCHEMAS, { key: "id", value: id });

/**
 * Reads `shown`, the document of a project as the server shows it: hashes become the names and texts that the program
 * has for them; what the server hides is what was written last; empties that were pruned are there. Pure.
 *
 * @param texts Texts behind storage URLs, by SHA-512.
 */
export function legible(shown: Document, known: Known, texts: ReadonlyMap<string, string>): Legible {
  const leaves = leavesOf(withTexts(shown, texts));
  const schemaIds = nameSchemas(leaves, known);
  const declared = canonicalLeaves(known.declared);
  for (const [path, value] of leaves) {
    if (isHooks(path, value)) leaves.set(path, ownHooks(value, declared.get(path)));
  }
  showHidden(leaves, known);
  const branches = branchesOf(leaves);
  const absent = (path: string) => !leaves.has(path) && !branches.has(path);
  for (const [path, value] of declared) {
    if (isPruned(value) && absent(path)) setLeaf(leaves, path, value);
  }
  return { document: documentOf(leaves), schemaIds };
}

/** Puts what was written last in the place of what the server hides. */
function showHidden(leaves: Leaves, known: Known): void {
  const branches = branchesOf(leaves);
  const written = canonicalLeaves(known.written);
  const isShown = (path: string) => leaves.has(path) || branches.has(path);
  for (const [path, value] of written) {
    if (!isShown(path) && (!isHidden(path, value, known) || isGone(path, written, known, isShown))) continue;
    const unmasked = unmask(path, leaves.get(path), value, known);
    if (!isDeepStrictEqual(unmasked, leaves.get(path))) setLeaf(leaves, path, unmasked);
  }
}

/** Whether all that was written beside the hidden value at `path` is gone, and so the value, too. */
function isGone(path: string, written: Leaves, known: Known, isShown: (path: string) => boolean): boolean {
  const parent = path.slice(0, path.lastIndexOf("/"));
  const beside = [...written].filter(
    ([other, value]) => isWithin(other, parent) && !isHidden(other, value, known),
  );
  return beside.length > 0 && !beside.some(([other]) => isShown(other));
}

/** Hooks in `shown` that the Console has put there beside those that are declared. */
export function consoleHooks(shown: unknown, declared: unknown): unknown[] {
  const own = Array.isArray(declared) ? declared.map(hookName) : [];
  return Array.isArray(shown)
    ? shown.filter((hook) => CONSOLE_HOOKS.includes(hookName(hook)) && !own.includes(hookName(hook)))
    : [];
}

/** Whether the leaf at `path` is a list of hooks. */
export const isHooks = (path: string, value: unknown): value is unknown[] =>
  path.endsWith("/hooks") && Array.isArray(value);

const hookName = (hook: unknown): string => (isBranch(hook) ? String(hook.hook) : "");

function ownHooks(shown: unknown[], declared: unknown): unknown[] {
  const foreign = consoleHooks(shown, declared);
  return shown.filter((hook) => !foreign.includes(hook));
}

/** Gives identity schemas the names that the program has for their content. Returns the server's ids by name. */
function nameSchemas(leaves: Leaves, { declared, written }: Known): Map<string, string> {
  const shown = schemasIn(documentOf(leaves));
  const ids = new Map<string, string>();
  for (const document of [declared, written]) {
    for (const [name, content] of schemasIn(document)) {
      const id = [...shown].find(([id, text]) => text === content && SCHEMA_HASH.test(id))?.[0];
      if (id === undefined || ids.has(name) || shown.has(name) || [...ids.values()].includes(id)) continue;
      ids.set(name, id);
    }
  }
  for (const [name, id] of ids) {
    const [from, to] = [schemaPath(id), schemaPath(name)];
    for (const [path, value] of [...leaves]) {
      if (!isWithin(path, from)) continue;
      leaves.delete(path);
      leaves.set(to + path.slice(from.length), value);
    }
    if (leaves.get(DEFAULT_SCHEMA) === id) leaves.set(DEFAULT_SCHEMA, name);
  }
  return ids;
}

/** Canonical contents of a document's identity schemas, by id. */
function schemasIn(document: unknown): Map<string, unknown> {
  const schemas = valueAt(canonical(document), SCHEMAS);
  const listed = Array.isArray(schemas) ? schemas.filter(isBranch) : [];
  return new Map(listed.map(({ id, url }) => [String(id), url]));
}

/** Whether the server does not show what was written at `path`. */
function isHidden(path: string, value: unknown, known: Known): boolean {
  if (isBranch(value)) {
    const items = Object.entries(value);
    return items.length > 0 && items.every(([name, item]) => isHidden(join(path, name), item, known));
  }
  return (
    isSensitive(path) || (typeof value === "string" && known.secrets.some((secret) => value.includes(secret)))
  );
}

/** `shown` with what the server hides taken from `written`. */
function unmask(path: string, shown: unknown, written: unknown, known: Known): unknown {
  if (shown === undefined || (typeof shown === "string" && MASK.test(shown)))
    return isHidden(path, written, known) ? written : shown;
  if (Array.isArray(written) && Array.isArray(shown) && written.length === shown.length) {
    return shown.map((item, index) => unmask(join(path, String(index)), item, written[index], known));
  }
  if (isBranch(written) && isBranch(shown)) {
    const names = [...new Set([...Object.keys(shown), ...Object.keys(written)])];
    const fields = names.map(
      (name) => [name, unmask(join(path, name), shown[name], written[name], known)] as const,
    );
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
  return shown;
}
