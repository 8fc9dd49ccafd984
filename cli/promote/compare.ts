import { isDeepStrictEqual } from "node:util";
import { canonicalAt } from "../../infra/identity-config/canonical";
import { isBranch, isEmptyObject } from "../../infra/identity-config/model";
import { REDACTED, redact } from "../../infra/identity-config/sensitive";
import { configPathOf, isEncrypted, isOwn, settingReason } from "./setting-paths";

/** One setting that two stacks have different values of; absent where a stack does not set it. */
export interface SettingDifference {
  path: string[];
  here?: unknown;
  there?: unknown;
}

/** How the files of two stacks compare. */
export interface Comparison {
  equal: string[][];
  /** Differences that belong to an environment, with the reason. */
  intended: (SettingDifference & { why: string })[];
  /** All other differences: promotion ends them. */
  unexplained: SettingDifference[];
  /** Settings of an environment that are needed here, since what stands beside them is promoted. */
  missing: string[][];
  /** What only a person can decide: it holds values of an environment that have no counterpart on the other side. */
  unclear: string[][];
}

export type Settings = Record<string, unknown>;

/**
 * Compares what two stacks set.
 * @param keep Paths of settings, or of the identity config, that are this stack's own.
 */
export function compareStages(here: Settings, there: Settings, keep: readonly string[]): Comparison {
  const found: Comparison = { equal: [], intended: [], unexplained: [], missing: [], unclear: [] };
  new Comparing(keep, found).branches([], here, there);
  return found;
}

const isTree = (value: unknown): value is Settings =>
  isBranch(value) && !isEncrypted(value) && Object.keys(value).length > 0;

class Comparing {
  constructor(
    private readonly keep: readonly string[],
    private readonly found: Comparison,
  ) {}

  branches(path: string[], here: Settings, there: Settings): void {
    for (const name of [...new Set([...Object.keys(here), ...Object.keys(there)])])
      this.settings([...path, name], here[name], there[name]);
  }

  private settings(path: string[], here: unknown, there: unknown): void {
    const why = this.reason(path, here, there);
    if (why !== undefined) {
      if (same(path, here, there)) this.found.equal.push(path);
      else if (!isOwn(path) || path[0] === "target")
        this.found.intended.push({ ...difference(path, here, there), why });
    } else if (isTree(here) && isTree(there)) this.branches(path, here, there);
    else if (isTree(there) && here === undefined) this.comes(path, there);
    else if (isTree(here) && there === undefined) this.goes(path, here);
    else this.values(path, here, there);
  }

  /** A tree that there is none of here. */
  private comes(path: string[], there: Settings): void {
    const [promoted, own] = this.parted(path, there);
    // Outside of `raw`, an object stands for a part, even where all in it is an environment's.
    if (own.length > 0 && (promoted > 0 || path[0] !== "raw")) this.found.missing.push(...own);
    this.branches(path, {}, there);
  }

  private goes(path: string[], here: Settings): void {
    const [, own] = this.parted(path, here);
    if (own.length > 0 && path[0] !== "raw") this.found.unclear.push(path);
    else this.branches(path, here, {});
  }

  /** How many leaves of `tree` are promoted, and which are an environment's. */
  private parted(path: string[], tree: unknown): [promoted: number, own: string[][]] {
    if (this.reason(path, tree, undefined) !== undefined) return [0, [path]];
    if (!isTree(tree)) return [1, []];
    const parts = Object.entries(tree).map(([name, value]) => this.parted([...path, name], value));
    return [parts.reduce((sum, [count]) => sum + count, 0), parts.flatMap(([, own]) => own)];
  }

  private values(path: string[], here: unknown, there: unknown): void {
    const change = difference(path, here, there);
    if (same(path, here, there)) {
      if (here !== undefined) this.found.equal.push(path);
      return;
    }
    const [ours, theirs] = [here, there].map((one) => this.promoted(path, one));
    if (here !== undefined && there !== undefined && same(path, ours, theirs))
      this.found.intended.push({ ...change, why: "values of each environment in a list" });
    else if (isDeepStrictEqual([ours, theirs], [here, there])) this.found.unexplained.push(change);
    else {
      const merged = this.merged(path, here, there);
      if (merged === undefined) this.found.unclear.push(path);
      else this.found.unexplained.push({ ...change, there: merged });
    }
  }

  /** `value` without what in it belongs to an environment. */
  private promoted(path: string[], value: unknown): unknown {
    if (this.reason(path, value, undefined) !== undefined) return undefined;
    if (Array.isArray(value))
      return value.map((item, index) => this.promoted([...path, String(index)], item));
    if (!isBranch(value)) return value;
    const fields = Object.entries(value).map(([name, item]) => [name, this.promoted([...path, name], item)]);
    return Object.fromEntries(fields.filter(([, item]) => item !== undefined));
  }

  /** `there` with the environment's values of `here` in it; undefined where the two do not correspond. */
  private merged(path: string[], here: unknown, there: unknown): unknown {
    if (this.reason(path, here, there) !== undefined) return here;
    if (Array.isArray(there)) {
      if (!Array.isArray(here) || here.length !== there.length) return undefined;
      const items = there.map((item, index) => this.merged([...path, String(index)], here[index], item));
      return items.includes(undefined) ? undefined : items;
    }
    if (!isBranch(there)) return there;
    if (!isBranch(here)) return isDeepStrictEqual(this.promoted(path, there), there) ? there : undefined;
    const fields: [string, unknown][] = [];
    for (const name of new Set([...Object.keys(there), ...Object.keys(here)])) {
      const at = [...path, name];
      const isOurs = this.reason(at, here[name], there[name]) !== undefined;
      const value = isOurs
        ? here[name]
        : name in there
          ? this.merged(at, here[name], there[name])
          : undefined;
      // A value of the other environment, which there is none for here.
      if (value === undefined && name in there) return undefined;
      if (value !== undefined) fields.push([name, value]);
    }
    return Object.fromEntries(fields);
  }

  private reason = (path: string[], here: unknown, there: unknown): string | undefined =>
    settingReason(path, [here, there], this.keep);
}

const difference = (path: string[], here: unknown, there: unknown): SettingDifference => ({
  path,
  ...(here !== undefined && { here }),
  ...(there !== undefined && { there }),
});

function same(path: readonly string[], one: unknown, other: unknown): boolean {
  const config = configPathOf(path);
  // An empty object sets nothing.
  const [a, b] = [one, other].map((value) => (isEmptyObject(value) ? undefined : value));
  return config === undefined
    ? isDeepStrictEqual(a, b)
    : isDeepStrictEqual(canonicalAt(config, a), canonicalAt(config, b));
}

/** `value` as it may be shown: without secrets, encrypted ones neither. */
export const withoutSecrets = (path: readonly string[], value: unknown): unknown =>
  isEncrypted(value) ? REDACTED : redact(configPathOf(path) ?? `/${path.join("/")}`, value);

/** `value` on one line. */
export function shownSetting(path: readonly string[], value: unknown): string {
  if (value === undefined) return "(not set)";
  const text = JSON.stringify(withoutSecrets(path, value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 100;
