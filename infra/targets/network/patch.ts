import type { JsonPatch } from "@ory/client";
import {
  documentOf,
  type Leaves,
  leavesOf,
  removeLeaf,
  setLeaf,
  valueAt,
} from "../../identity-config/leaves";
import { type Document, inlineText } from "../../identity-config/model";
import { isWithin, join, segments } from "../../identity-config/path";
import { isSensitive, MASK } from "../../identity-config/sensitive";
import { UserError } from "../../identity-config/user-error";
import { keyedPatch } from "./keyed-patch";
import { consoleHooks, isHooks, type Legible } from "./legible";
import { IDENTITY_CONFIG, projectOfDocument } from "./project-document";
import { DEFAULT_SCHEMA, SCHEMAS, schemaPath, settled } from "./schema-ids";
import { hashOf } from "./texts";

/** What a patch is made from. */
export interface Wanted {
  /** The project's document as the server shows it. */
  shown: Document;
  /** The same as the program would spell it, and how schemas are called. */
  legible: Legible;
  /** What shall be in force; in the clear. */
  after: Document;
  /** The paths that change. */
  paths: readonly string[];
}

/**
 * The JSON patch that makes `after` of what the server shows: only what changes, with everything that the server hides
 * or spells in its own way left as it stands. Throws UserError where it would write a mask in the place of a secret.
 *
 * An identity schema whose text changes becomes a new one, since the server's are immutable; the old one stays listed,
 * as the identities that were made with it refer to it.
 */
export function projectPatch({ shown, legible, after, paths }: Wanted): JsonPatch[] {
  const { document, ids } = settled(shown);
  const leaves = leavesOf(document);
  const wanted = leavesOf(after);
  const idOf = (name: string): string | undefined => legible.schemaIds.get(name) ?? ids.get(name);
  const renewed = new Map<string, string>();
  for (const path of paths) {
    const value = wanted.get(path);
    const name = schemaOf(path);
    const id = name === undefined ? undefined : idOf(name);
    if (name !== undefined && id !== undefined && wanted.has(`${schemaPath(name)}/url`)) {
      if (renewed.has(name)) continue;
      const listed = listedAs(wanted.get(`${schemaPath(name)}/url`), leaves);
      renewed.set(name, listed ?? name);
      if (listed !== undefined) continue;
      for (const [other, whole] of wanted)
        if (isWithin(other, schemaPath(name))) setLeaf(leaves, other, whole);
      continue;
    }
    const at = id === undefined ? path : schemaPath(id) + path.slice(schemaPath(name!).length);
    if (!wanted.has(path)) removeLeaf(leaves, at);
    else if (isHooks(path, value)) setLeaf(leaves, at, withConsoleHooks(valueAt(document, path), value));
    else setLeaf(leaves, at, value);
  }
  const standard = wanted.get(DEFAULT_SCHEMA);
  if (typeof standard === "string" && (renewed.has(standard) || paths.includes(DEFAULT_SCHEMA)))
    setLeaf(leaves, DEFAULT_SCHEMA, renewed.get(standard) ?? idOf(standard) ?? standard);
  return documentPatch(shown, documentOf(leaves));
}

/**
 * The JSON patch that makes `before` of `now` again, both as the server shows them, with the secrets at `paths` as they
 * are known to have been.
 */
export function restoringPatch(
  now: Document,
  before: Document,
  effective: Document,
  paths: readonly string[],
): JsonPatch[] {
  const leaves = leavesOf(settled(before).document);
  const known = leavesOf(effective);
  for (const path of paths) if (isSensitive(path) && known.has(path)) setLeaf(leaves, path, known.get(path));
  return documentPatch(now, documentOf(leaves));
}

/** The JSON patch that makes `after` of what the server shows; it fits before and after the server names schemas. */
function documentPatch(shown: Document, after: Document): JsonPatch[] {
  const { document, places } = settled(shown);
  const patch = keyedPatch(projectOfDocument(document), projectOfDocument(after), IDENTITY_CONFIG);
  for (const { path, value } of patch) refuseMasks(path, value);
  const touchesSchemas = patch.some(({ path }) => path.startsWith(`${IDENTITY_CONFIG}/identity/`));
  const naming = [...places].map(([place, id]) => ({
    op: "replace" as const,
    path: `${IDENTITY_CONFIG}${SCHEMAS}/${place}/id`,
    value: id,
  }));
  return touchesSchemas ? [...naming, ...patch] : patch;
}

/** The id under which a text is among the schemas already: one that is left, and returned to before it had its id. */
function listedAs(url: unknown, leaves: Leaves): string | undefined {
  const text = inlineText(url);
  const hash = text === undefined ? undefined : hashOf(text);
  return hash !== undefined && leaves.has(`${schemaPath(hash)}/url`) ? hash : undefined;
}

/** The name of the identity schema that `path` lies in. */
function schemaOf(path: string): string | undefined {
  const [, , element] = isWithin(path, SCHEMAS) ? segments(path) : [];
  return typeof element === "object" ? element.value : undefined;
}

/** `declared` beside the Console's own hooks, which stay in front where they stood in front. */
function withConsoleHooks(shown: unknown, declared: unknown[]): unknown[] {
  const foreign = consoleHooks(shown, declared);
  const before = foreign.filter((_, index) => (shown as unknown[])[index] === foreign[index]);
  return [...before, ...declared, ...foreign.filter((hook) => !before.includes(hook))];
}

/** A mask that is written replaces the secret: one that is declared as such, or that stands beside what is declared. */
function refuseMasks(path: string, value: unknown): void {
  if (typeof value === "string" && MASK.test(value) && isSensitive(path)) {
    throw new UserError(
      `the secret at ${path} is ${JSON.stringify(value)}, which is what Ory Network shows in the place of secrets; set it to the secret itself`,
    );
  }
  if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) refuseMasks(join(path, name), item);
  }
}
