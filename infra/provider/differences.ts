import { isDeepStrictEqual } from "node:util";
import type { Change } from "../identity-config/change-set";
import { leavesOf, valueAt } from "../identity-config/leaves";
import { isBranch } from "../identity-config/model";
import { segments } from "../identity-config/path";
import { PROMOTION } from "../identity-config/promotion/gate";
import type { IdentityConfigInputs } from "./inputs";
import type { DiffKind } from "./lifecycle";

/**
 * Where the engine shows `changes`: the paths of the inputs concerned. A text or secret that a path refers to differs
 * at the text or secret itself. Changes at paths that neither side's inputs have are left out: only logs show them.
 */
export function inputPaths(
  changes: readonly Change[],
  olds: Partial<IdentityConfigInputs>,
  news: IdentityConfigInputs,
): Map<string, DiffKind> {
  const paths = new Map<string, DiffKind>();
  for (const { path } of changes) {
    const [before, after] = [valueAt(olds.config, path), valueAt(news.config, path)];
    const sources = isDeepStrictEqual(before, after) ? changedReferences(after, olds, news) : [];
    for (const source of sources) paths.set(source, "update");
    if (sources.length > 0) continue;
    if (after !== undefined)
      paths.set(configPath(news.config, path), before === undefined ? "add" : "update");
    else if (before !== undefined) paths.set(configPath(olds.config, path), "delete");
  }
  return paths;
}

/** The texts and secrets that `value` refers to and that differ; all of them, where none does and so live ones do. */
function changedReferences(
  value: unknown,
  olds: Partial<IdentityConfigInputs>,
  news: IdentityConfigInputs,
): string[] {
  const references = referencesIn(value);
  const differing = references.filter(
    ({ kind, name }) => !isDeepStrictEqual(olds[kind]?.[name], news[kind][name]),
  );
  return (differing.length > 0 ? differing : references).map(({ kind, name }) => kind + property(name));
}

function referencesIn(value: unknown): { kind: "assets" | "secrets"; name: string }[] {
  if (Array.isArray(value) || isBranch(value)) return Object.values(value).flatMap(referencesIn);
  const [, kind, name] = /^(asset|secret):(.*)$/s.exec(typeof value === "string" ? value : "") ?? [];
  return kind === undefined ? [] : [{ kind: `${kind}s` as "assets" | "secrets", name: name! }];
}

/** `path` as the engine writes it, with the positions that array elements have in `config`. */
export function configPath(config: unknown, path: string): string {
  let node: unknown = config;
  let written = "config";
  for (const segment of segments(path)) {
    if (typeof segment === "string") {
      written += property(segment);
      node = isBranch(node) ? node[segment] : undefined;
    } else {
      const { key, value } = segment;
      const array: unknown[] = Array.isArray(node) ? node : [];
      const index = array.findIndex((element) => isBranch(element) && element[key] === value);
      written += `[${Math.max(index, 0)}]`;
      node = array[index];
    }
  }
  return written;
}

const property = (name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `["${name.replaceAll(/[\\"]/g, "\\$&")}"]`;

/** The path of `config` that a finding at `path` is shown at: its own, or the nearest declared one. */
export function findingPath(config: unknown, path: string): string {
  if (path === PROMOTION) return "promotion";
  for (let nearest = path; nearest !== ""; nearest = nearest.replace(/(\/[^/[]*|\[[^\]]*\])$/, "")) {
    if (valueAt(config, nearest) !== undefined) return configPath(config, nearest);
  }
  const [first] = leavesOf(config).keys();
  return first === undefined ? "config" : configPath(config, first);
}
