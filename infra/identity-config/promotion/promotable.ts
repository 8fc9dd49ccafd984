import { createHash } from "node:crypto";
import { named } from "../acknowledgement";
import { canonicalLeaves } from "../canonical";
import { type Document, inlineText, isBranch, isEmptyObject, isUnknown } from "../model";
import { isWithin, join } from "../path";
import { resolveReferences } from "../references";
import { redact } from "../sensitive";
import { environmentReason } from "./environment-keys";

/** What of a declaration is promoted from stage to stage: all but what belongs to an environment. Holds no secret. */
export interface Promotable {
  /** Identifies it: SHA-256, hexadecimal. */
  digest: string;
  /** Each value by its path, as JSON; long ones and texts by their digest. */
  paths: Record<string, string>;
}

/**
 * The promotable part of `config`, in which `asset:<name>` refers to `assets`; undefined where a value in it is not
 * known yet. References to secrets count by their names.
 */
export function promotableOf(config: Document, assets: Record<string, unknown>): Promotable | undefined {
  const paths: Record<string, string> = {};
  for (const [path, leaf] of canonicalLeaves(resolveReferences(config, assets, {}).document)) {
    // An empty object says nothing, but that there is an element of a list.
    const value = isEmptyObject(leaf) && !path.endsWith("]") ? undefined : promoted(path, leaf);
    if (value === undefined) continue;
    if (holdsUnknown(value)) return undefined;
    paths[path] = JSON.stringify(briefly(path, value));
  }
  return { digest: digestOf(paths), paths };
}

const digestOf = (paths: Record<string, string>): string =>
  createHash("sha256")
    .update(JSON.stringify(Object.entries(paths)))
    .digest("hex");

/** `value` without what in it belongs to an environment; undefined where all of it does. */
function promoted(path: string, value: unknown): unknown {
  if (environmentReason(path) !== undefined) return undefined;
  if (Array.isArray(value))
    return value
      .map((item, index) => promoted(join(path, String(index)), item))
      .filter((item) => item !== undefined);
  if (!isBranch(value) || isUnknown(value)) return value;
  const kept = Object.entries(value).map(([name, item]) => [name, promoted(join(path, name), item)] as const);
  return Object.fromEntries(kept.filter(([, item]) => item !== undefined));
}

function holdsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}

/** Texts are named by their digest, as whatever has several lines is. */
function briefly(path: string, value: unknown): unknown {
  const text = inlineText(value);
  return named(redact(path, text === undefined ? value : `${text}\n`));
}

/** One path at which two stages differ, with its values as JSON; absent where a stage does not declare it. */
export interface StageDifference {
  path: string;
  here?: string;
  there?: string;
}

/** Where what is declared here differs from what another stage has proven, sorted by path. */
export function stageDifferences(here: Promotable["paths"], there: Promotable["paths"]): StageDifference[] {
  const all = [...new Set([...Object.keys(here), ...Object.keys(there)])].sort();
  return all
    .filter((path) => here[path] !== there[path])
    .map((path) => ({
      path,
      ...(here[path] !== undefined && { here: here[path] }),
      ...(there[path] !== undefined && { there: there[path] }),
    }));
}

/** Whether the user has named `path`, or what it is in, as this stage's own. */
export const isKept = (path: string, keep: readonly string[]): boolean =>
  keep.some((kept) => isWithin(path, kept));

/** `/session/lifespan (here "1h0m0s", in staging "24h0m0s")`. */
export const differenceLine = ({ path, here, there }: StageDifference, stage: string): string =>
  `${path} (here ${here ?? "not declared"}, in ${stage} ${there ?? "not declared"})`;
