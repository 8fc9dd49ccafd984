import { isDeepStrictEqual } from "node:util";
import { canonicalAt } from "./canonical";
import { type Effect, effectOf, type Judged } from "./effects/index";
import type { Running } from "./kratos-version";
import { branchesOf, documentOf, inOrder, type Leaves, leavesOf, removeLeaf, setLeaf } from "./leaves";
import { type Document, inlineText, isBranch, isEmptyObject } from "./model";
import { isWithin } from "./path";
import { redact, redactText } from "./sensitive";

/**
 * One path's value in force before and after; redacted, and absent where nothing is set (Kratos's default holds). With
 * what it does to the protection of accounts, in words where there is something to be said.
 */
export interface Change {
  path: string;
  before?: unknown;
  after?: unknown;
  effect: Effect;
  reason?: string;
}

/** A change without its effect. */
export type Step = Pick<Change, "path" | "before" | "after">;

/** What planning starts from. Documents are resolved: texts inlined as `base64://`, secrets in the clear. */
export interface Baseline {
  /** What the target runs. */
  effective: Document;
  /** What a path falls back to when nobody declares it. */
  defaults: Document;
  /** Paths in force only because an earlier apply, or somebody editing our file, wrote them. */
  managed: readonly string[];
}

/** What the program wants. */
export interface Intent {
  declared: Document;
  /** Paths that the program owned before; those no longer declared fall back to their default. */
  owned: readonly string[];
  /** Paths that are let go as they stand. */
  release: readonly string[];
  /** Texts of the secrets in `declared`. */
  secrets: readonly string[];
  /** Whether the program has a secret at a path. Default: nowhere. */
  isSecret?: (path: string) => boolean;
  /** Which Kratos the effects are told for. Default: a self-hosted one of an old version. */
  running?: Running;
}

/** The one answer to "what would change": preview, update, drift and review all use it. */
export interface Plan {
  /** What will be in force; in the clear, in the order of paths, new values in canonical spelling. */
  after: Document;
  changes: Change[];
}

/** Plans what `intent` makes of `baseline`. Pure, and empty when applied to its own result. */
export function plan(baseline: Baseline, intent: Intent): Plan {
  const before = leavesOf(baseline.effective);
  const declared = leavesOf(intent.declared);
  const defaults = leavesOf(baseline.defaults);
  const after: Leaves = new Map(before);
  const fallbacks = branchesOf(defaults);
  const branches = once(() => new Set([...branchesOf(before), ...fallbacks]));
  const put = (path: string, value: unknown): void => {
    // Most is in force as it is spelled.
    if (after.get(path) !== value) setLeaf(after, path, canonicalAt(path, value), branches);
  };
  const owned = new Set([...intent.owned, ...baseline.managed]);
  for (const path of owned) {
    if (declared.has(path) || intent.release.some((released) => isWithin(path, released))) continue;
    removeLeaf(after, path, branches);
    if (defaults.has(path)) put(path, defaults.get(path));
    else if (fallbacks.has(path))
      for (const [below, value] of defaults) if (isWithin(below, path)) put(below, value);
  }
  const isFilled = (path: string): boolean =>
    [...after.keys()].some((other) => other !== path && isWithin(other, path));
  for (const [path, value] of declared) {
    // An empty object asks for nothing below it.
    if (!isEmptyObject(value) || !isFilled(path)) put(path, value);
  }
  return {
    after: documentOf(inOrder(after)),
    changes: changesBetween(before, after, intent.secrets, intent.running, intent.isSecret),
  };
}

/** `make`, called when its result is asked for first, if ever. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * The paths at which two sets of leaves differ in meaning, sorted, with their values in canonical spelling. Compares in
 * the clear and shows redacted.
 */
export function changesBetween(
  before: Leaves,
  after: Leaves,
  secrets: readonly string[] = [],
  running: Running = { target: "kratos" },
  isSecret?: (path: string) => boolean,
): Change[] {
  const differs = (path: string): boolean => {
    const [old, value] = [before.get(path), after.get(path)];
    return old !== value && !isDeepStrictEqual(canonicalAt(path, old), canonicalAt(path, value));
  };
  const shown = (path: string, leaves: Leaves) => shownAt(path, leaves.get(path), secrets, isSecret);
  const effectShown = ({ effect, reason }: Judged) => ({
    effect,
    ...(reason !== undefined && { reason: redactText(reason, secrets) }),
  });
  const gone = [...before.keys()].filter((path) => !after.has(path));
  return [...gone, ...[...after.keys()].filter(differs)].sort().map((path) => ({
    path,
    ...(before.has(path) && { before: shown(path, before) }),
    ...(after.has(path) && { after: shown(path, after) }),
    ...effectShown(effectOf(path, before.get(path), after.get(path), running)),
  }));
}

/** `value`, which stands at `path`, as a change shows it: in canonical spelling, texts readable, redacted. */
export const shownAt = (
  path: string,
  value: unknown,
  secrets: readonly string[] = [],
  isSecret?: (path: string) => boolean,
): unknown => redact(path, readable(canonicalAt(path, value)), secrets, isSecret);

/** Inlined texts are shown as text, JSON among them line by line. */
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (isBranch(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, readable(item)]));
  }
  const text = inlineText(value);
  if (text === undefined) return value;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The paths that `document` declares: what its resource owns. */
export function ownedPaths(document: Document): string[] {
  const leaves = [...leavesOf(document)].filter(([, value]) => !isEmptyObject(value));
  return leaves.map(([path]) => path).sort();
}
