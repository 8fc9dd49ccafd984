import { isDeepStrictEqual } from "node:util";
import type { Change, Step } from "./change-set";
import { isBranch, isUnknown } from "./model";
import { join } from "./path";

/**
 * One line for one change, with its effect unless that is neutral, or the value is not known yet:
 * `/session/lifespan: "24h0m0s" => "720h0m0s" (weakening: a stolen session stays valid for longer)`.
 */
export function describe(change: Change): string {
  const { after, effect, reason } = change;
  const told = reason === undefined ? `${effect} effect` : `${effect}: ${reason}`;
  return effect === "neutral" || isUnknown(after) ? stepLine(change) : `${stepLine(change)} (${told})`;
}

/** The line without its effect: `/session/lifespan: "24h0m0s" => "720h0m0s"`. */
export function stepLine({ path, before, after }: Step): string {
  if (isText(before) && isText(after)) {
    const lines = [before.split("\n"), after.split("\n")] as const;
    const first = lines[0].findIndex((line, index) => line !== lines[1][index]);
    const at = first < 0 ? lines[0].length : first;
    return `${path}: line ${at + 1} of the text: ${shown(lines[0][at]?.trim())} => ${shown(lines[1][at]?.trim())}`;
  }
  if (typeof before === "object" && isDeepStrictEqual(before, after))
    return `${path}: a secret in it differs`;
  const deepest = innerChange(path, before, after);
  return deepest === undefined ? `${path}: ${shown(before)} => ${shown(after)}` : stepLine(deepest);
}

/** Where one element or field alone differs in two arrays or their objects: that difference, at its position. */
function innerChange(path: string, before: unknown, after: unknown): Step | undefined {
  const arrays = Array.isArray(before) && Array.isArray(after) && before.length === after.length;
  if (!arrays && !(isBranch(before) && isBranch(after))) return undefined;
  if (isUnknown(before) || isUnknown(after)) return undefined;
  const [from, to] = [before, after] as [Record<string, unknown>, Record<string, unknown>];
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const [name, ...more] = names.filter((one) => !isDeepStrictEqual(from[one], to[one]));
  if (name === undefined || more.length > 0) return undefined;
  return { path: join(path, name), before: from[name], after: to[name] };
}

const isText = (value: unknown): value is string => typeof value === "string" && value.includes("\n");

const LONGEST = 200;

function shown(value: unknown): string {
  if (value === undefined) return "(default)";
  if (isUnknown(value)) return "(known after apply)";
  const text = isText(value) ? `text of ${value.split("\n").length} lines` : JSON.stringify(value);
  return shortened(text);
}

/** `text` as far as a line has room for it. */
export const shortened = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
