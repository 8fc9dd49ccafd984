import { isBranch, isUnknown, UNKNOWN } from "./model";
import { join, segments } from "./path";

/** A value in a document and where it stands. */
export interface Located {
  path: string;
  value: unknown;
}

/**
 * What stands at `path` below `value`: undefined where there is nothing, UNKNOWN where it, or a branch above it, is
 * not known yet. Unlike a lookup of a leaf, it never takes a branch that is unknown for one that is absent.
 */
export function readAt(value: unknown, path: string): unknown {
  let node = value;
  for (const segment of segments(path)) {
    if (isUnknown(node)) return UNKNOWN;
    if (typeof segment !== "string" || !isBranch(node) || !Object.hasOwn(node, segment)) return undefined;
    node = node[segment];
  }
  return node;
}

/**
 * The elements of the array at `path`, each with its path by `id` (by position where it has none). An array that is
 * not known yet counts as one unknown element, and what is no array has none.
 */
export function elementsAt(value: unknown, path: string): Located[] {
  const array = readAt(value, path);
  if (isUnknown(array)) return [{ path, value: UNKNOWN }];
  if (!Array.isArray(array)) return [];
  return array.map((element, index) => {
    const id = readAt(element, "/id");
    const segment = typeof id === "string" ? { key: "id", value: id } : String(index);
    return { path: join(path, segment), value: element };
  });
}

/** `value` for a message: scalars as JSON, cut at 60 characters; anything else by its kind. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
