import { isDeepStrictEqual } from "node:util";
import { canonicalLeaves } from "../../identity-config/canonical";
import { branchesOf, documentOf, type Leaves, leavesOf, setLeaf } from "../../identity-config/leaves";
import { type Document, isBranch, isEmptyObject } from "../../identity-config/model";
import { isWithin, join } from "../../identity-config/path";
import { isSensitive, MASK } from "../../identity-config/sensitive";
import type { Known } from "../target";
import { CONSOLE_HOOKS, isPruned } from "./behavior";
import { nameSchemas } from "./schema-ids";
import { withTexts } from "./texts";

/** A project's document as the program would spell it. */
export interface Legible {
  document: Document;
  /** Ids that the server has given to identity schemas, by the names that `document` has them under. */
  schemaIds: ReadonlyMap<string, string>;
}

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
    // The server shows some that nobody has written, and none that somebody has.
    if (isEmptyObject(value)) leaves.delete(path);
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
