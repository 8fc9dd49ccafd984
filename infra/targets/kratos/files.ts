import { realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { canonicalLeaves } from "../../identity-config/canonical";
import { kindAt } from "../../identity-config/keys/paths";
import { documentOf, type Leaves, leavesOf, setLeaf } from "../../identity-config/leaves";
import { type Document, isBranch, type Json } from "../../identity-config/model";
import { isWithin, naturalKey, segments } from "../../identity-config/path";
import type { KratosFiles } from "./settings";

/** Absolute paths of a Kratos's configuration files. */
export interface Paths {
  dir: string;
  /** The operator's own file: read, never written. */
  operator: string;
  /** The one file that is ours. */
  identity: string;
}

/** Resolves the files of `settings` against `root`, the folder of Pulumi.yaml. */
export function pathsOf(settings: KratosFiles, root: string): Paths {
  const dir = resolve(root, settings.dir);
  return {
    dir,
    operator: resolve(dir, settings.config ?? "kratos.yml"),
    identity: resolve(dir, "identity.yml"),
  };
}

/** identity.yml by its real path, so that two ways to name its folder are one place. */
export function realPlace({ dir, identity }: Paths): string {
  try {
    return join(realpathSync(dir), basename(identity));
  } catch {
    return identity;
  }
}

/** What Kratos makes of two files: mappings merge, anything else, arrays included, is the later file's. */
export function overlay(base: Document, top: Document): Document {
  const merged = new Map<string, Json>(Object.entries(base));
  for (const [name, value] of Object.entries(top)) {
    const below = merged.get(name);
    merged.set(name, isBranch(below) && isBranch(value) ? overlay(below as Document, value) : value);
  }
  return Object.fromEntries(merged);
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
    const variable = variableOf(path);
    if (variable !== undefined && Object.hasOwn(env, variable))
      setLeaf(leaves, path, variableValue(path, env[variable]!));
  }
  return documentOf(leaves);
}

/** The environment variable that overrides `path`; undefined for what is in an array. */
export function variableOf(path: string): string | undefined {
  const steps = segments(path);
  return steps.every((step) => typeof step === "string") ? steps.join("_").toUpperCase() : undefined;
}

/** A variable's text as Kratos takes it: a list or a text where the key takes one, else what it looks like. */
function variableValue(path: string, text: string): unknown {
  const kind = kindAt(path);
  if (kind?.is === "list" && !text.startsWith("[")) return text.split(",");
  if (kind?.is === "choice" || (kind?.is === "scalar" && typeof kind.samples.right[0] === "string"))
    return text;
  const parsed = parseDocument(text);
  return parsed.errors.length + parsed.warnings.length > 0 ? text : parsed.toJS();
}

/**
 * The paths at which `own` decides what is in force and not the operator: what it sets otherwise, and what its arrays
 * hide, since an array replaces the operator's as a whole.
 */
export function managedPaths(operator: Document, own: Document): string[] {
  const [base, top] = [canonicalLeaves(operator), canonicalLeaves(own)];
  const arrays = new Set([...top.keys()].map(keyedArray));
  const set = [...top].filter(([path, value]) => JSON.stringify(base.get(path)) !== JSON.stringify(value));
  const hidden = [...base].filter(
    ([path]) => keyedArray(path) !== undefined && arrays.has(keyedArray(path)) && !top.has(path),
  );
  return [...set, ...hidden].map(([path]) => path);
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
