import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse, stringify } from "yaml";
import { canonicalLeaves } from "../../identity-config/canonical";
import { documentOf, type Leaves, leavesOf, setLeaf } from "../../identity-config/leaves";
import { type Document, isBranch } from "../../identity-config/model";
import { isWithin, naturalKey, segments } from "../../identity-config/path";
import { UserError } from "../../identity-config/user-error";
import type { KratosSettings } from "./settings";

/** Absolute paths of a Kratos's configuration files. */
export interface Paths {
  dir: string;
  /** The operator's own file: read, never written. */
  operator: string;
  /** The one file that is ours. */
  identity: string;
}

/** Resolves the files of `settings` against `root`, the folder of Pulumi.yaml. */
export function pathsOf(settings: KratosSettings, root: string): Paths {
  const dir = resolve(root, settings.dir);
  return {
    dir,
    operator: resolve(dir, settings.config ?? "kratos.yml"),
    identity: resolve(dir, "identity.yml"),
  };
}

/** A parsed configuration file. */
export interface ConfigFile {
  text: string | undefined;
  document: Document;
  /** SHA-256 of the file's bytes, hexadecimal; `none` where there is no file. */
  revision: string;
}

/** Reads a YAML or JSON file; a missing one is empty. Throws UserError on what is unreadable or not a mapping. */
export async function readConfig(path: string): Promise<ConfigFile> {
  let text: string;
  try {
    text = new TextDecoder("utf8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { text: undefined, document: {}, revision: "none" };
    throw new UserError(
      `cannot read ${path}: ${code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "not UTF-8" : message}`,
    );
  }
  const revision = createHash("sha256").update(text).digest("hex");
  return { text, document: parseMapping(path, text), revision };
}

function parseMapping(path: string, text: string): Document {
  let document: unknown;
  try {
    document = parse(text) ?? {};
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new UserError(`cannot read ${path}: not valid YAML: ${reason?.replace(/:$/, "")}`);
  }
  if (!isBranch(document)) throw new UserError(`cannot read ${path}: the top level must be a mapping`);
  return document as Document;
}

/** What Kratos makes of two files: mappings merge, anything else, arrays included, is the later file's. */
export function overlay(base: Document, top: Document): Document {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(top)) {
    const below = Object.hasOwn(merged, name) ? merged[name] : undefined;
    merged[name] = isBranch(below) && isBranch(value) ? overlay(below as Document, value as Document) : value;
  }
  return merged as Document;
}

/**
 * The environment variables that override leaves of `document`, applied. Kratos names a key's variable by its path
 * in upper case, joined by `_`: `SELFSERVICE_METHODS_CODE_MFA_ENABLED`.
 */
export function overrideByEnvironment(
  document: Document,
  env: Record<string, string>,
  known: string[],
): Document {
  const leaves = leavesOf(document);
  for (const path of new Set([...leaves.keys(), ...known])) {
    const steps = segments(path);
    if (steps.some((step) => typeof step !== "string")) continue;
    const value = env[steps.join("_").toUpperCase()];
    if (value !== undefined) setLeaf(leaves, path, parse(value));
  }
  return documentOf(leaves);
}

/** The paths of `own` whose values are not already the operator's. */
export function managedPaths(operator: Document, own: Document): string[] {
  const base = canonicalLeaves(operator);
  return [...canonicalLeaves(own)]
    .filter(([path, value]) => JSON.stringify(base.get(path)) !== JSON.stringify(value))
    .map(([path]) => path);
}

/**
 * The content of identity.yml that puts `after` in force over the operator's file: what is declared or differs, and
 * every element of a keyed array of which one is there, since an array replaces the operator's as a whole.
 */
export function ownDocument(operator: Document, after: Document, declared: Document): Document {
  const [base, target, wanted] = [operator, after, declared].map(canonicalLeaves) as [Leaves, Leaves, Leaves];
  const isOurs = (path: string, value: unknown): boolean =>
    wanted.has(path) || JSON.stringify(base.get(path)) !== JSON.stringify(value);
  const arrays = new Set<string>();
  for (const [path, value] of target) {
    const array = keyedArray(path);
    if (array !== undefined && isOurs(path, value)) arrays.add(array);
  }
  const kept = [...target].filter(
    ([path, value]) => isOurs(path, value) || [...arrays].some((array) => isWithin(path, array)),
  );
  return documentOf(new Map(kept));
}

function keyedArray(path: string): string | undefined {
  const end = path.indexOf("[");
  return end >= 0 && naturalKey(path.slice(0, end)) !== undefined ? path.slice(0, end) : undefined;
}

const HEADER = "# Written by pulumi-ory. Edits are seen as drift and undone by the next `pulumi up`.\n";

/** The text of identity.yml. */
export function identityText(document: Document): string {
  return HEADER + stringify(document, { lineWidth: 0 });
}
