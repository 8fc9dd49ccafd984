import type { JsonPatch } from "@ory/client";
import { createPatch } from "rfc6902";
import { isBranch } from "../../identity-config/model";
import { naturalKey } from "../../identity-config/path";

/** Marks the names that elements of keyed arrays have while they are compared. */
const KEYED = "[]";

/**
 * The JSON patch that makes `after` of `before`. Elements of arrays with a natural key are compared by it, so that none
 * is ever rewritten as another, or moved: what the server hides in it would be lost. New ones come last.
 *
 * @param root The JSON pointer in both at which the identity config begins, whose paths natural keys are known for.
 */
export function keyedPatch(before: object, after: object, root: string): JsonPatch[] {
  const orders = new Map<string, string[]>();
  const [from, to] = [before, after].map((document) => byKey(document, "", root, orders));
  return createPatch(from, to).map((operation) => {
    const value = "value" in operation ? { value: inArrays(operation.value) } : {};
    return { op: operation.op, path: positioned(operation, orders), ...value };
  });
}

/** `node` with arrays that have a natural key as objects; `orders` gets the keys of the first one at each place. */
function byKey(node: unknown, pointer: string, root: string, orders: Map<string, string[]>): unknown {
  if (isBranch(node)) {
    const below = (name: string) => `${pointer}/${escaped(name)}`;
    return Object.fromEntries(
      Object.entries(node).map(([name, item]) => [name, byKey(item, below(name), root, orders)]),
    );
  }
  if (!Array.isArray(node)) return node;
  const key = pointer.startsWith(root) ? naturalKey(pointer.slice(root.length)) : undefined;
  const names = key === undefined ? [] : node.map((item) => (isBranch(item) ? item[key] : undefined));
  const isKeyed =
    node.length > 0 && names.every((name) => typeof name === "string") && new Set(names).size === node.length;
  if (key === undefined || !isKeyed) return node;
  if (!orders.has(pointer)) orders.set(pointer, names.map(String));
  return Object.fromEntries(node.map((item) => [KEYED + item[key], item]));
}

function inArrays(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inArrays);
  if (!isBranch(value)) return value;
  const names = Object.keys(value);
  if (names.length > 0 && names.every((name) => name.startsWith(KEYED))) return Object.values(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inArrays(item)]));
}

/** The operation's path with positions for keys, as of when its turn comes. */
function positioned({ op, path }: { op: string; path: string }, orders: Map<string, string[]>): string {
  let pointer = "";
  const steps = path.split("/").slice(1);
  steps.forEach((step, index) => {
    const name = unescaped(step);
    const order = name.startsWith(KEYED) ? orders.get(pointer) : undefined;
    if (order === undefined) {
      pointer += `/${step}`;
      return;
    }
    const key = name.slice(KEYED.length);
    const position = order.indexOf(key);
    const isLast = index === steps.length - 1;
    if (op === "add" && isLast) order.push(key);
    if (op === "remove" && isLast) order.splice(position, 1);
    pointer += `/${position < 0 ? "-" : position}`;
  });
  return pointer;
}

const escaped = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");
const unescaped = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");
