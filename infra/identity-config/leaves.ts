import { type Document, isBranch, isUnknown } from "./model";
import { ancestors, isWithin, join, naturalKey, type Segment, segments } from "./path";

/**
 * A document as its leaves by path. Scalars, empty objects, unknowns and arrays without a natural key are leaves;
 * so is, in a fragment, an engine's Output. An undefined value is no leaf. The natural key of an array's element is in the path, not a leaf.
 */
export type Leaves<T = unknown> = Map<string, T>;

/** The leaves of `tree`, in its own order. */
export function leavesOf(tree: unknown): Leaves {
  const leaves: Leaves = new Map();
  collect(tree, "", leaves);
  return leaves;
}

function collect(node: unknown, path: string, leaves: Leaves, implied?: string): void {
  if (isBranch(node) && !isUnknown(node)) {
    const names = Object.keys(node);
    for (const name of names) {
      if (name !== implied && node[name] !== undefined) collect(node[name], join(path, name), leaves);
    }
    const isEmpty = names.length === 0 || (names.length === 1 && names[0] === implied);
    if (isEmpty && path !== "") leaves.set(path, {});
    return;
  }
  const key = Array.isArray(node) ? elementKey(node, path) : undefined;
  if (key === undefined) {
    leaves.set(path, node);
    return;
  }
  for (const element of node as Record<string, unknown>[]) {
    collect(element, join(path, { key, value: String(element[key]) }), leaves, key);
  }
}

/** The natural key of an array, if all its elements carry it with a different value each. */
function elementKey(array: unknown[], path: string): string | undefined {
  const key = naturalKey(path);
  if (key === undefined || array.length === 0) return undefined;
  const values = array.map((element) => (isBranch(element) ? element[key] : undefined));
  const unique = new Set(values).size === values.length;
  return unique && values.every((value) => typeof value === "string") ? key : undefined;
}

/** `leaves` in the order of their paths. */
export function inOrder<T>(leaves: Leaves<T>): [path: string, value: T][] {
  return [...leaves.keys()].sort().map((path) => [path, leaves.get(path)!]);
}

/** The document that `leaves` make up; the inverse of `leavesOf`. Array elements come in the leaves' order. */
export function documentOf(leaves: Iterable<readonly [path: string, value: unknown]>): Document {
  const root: Record<string, unknown> = {};
  // Most leaves stand beside the one before them.
  let beside: { above: string; parent: Record<string, unknown> } | undefined;
  for (const [path, value] of leaves) {
    const above = path.slice(0, path.lastIndexOf("/"));
    const name = path.slice(above.length + 1);
    if (above === beside?.above && !/[~[]/.test(name)) {
      define(beside.parent, name, value);
    } else {
      const parent = place(root, segments(path), value);
      beside = name.includes("[") ? undefined : { above, parent };
    }
  }
  return root as Document;
}

/** Returns the object that `value` was placed in. */
function place(root: Record<string, unknown>, path: Segment[], value: unknown): Record<string, unknown> {
  let parent = root;
  path.forEach((segment, index) => {
    const last = index === path.length - 1;
    if (typeof segment !== "string") {
      if (last && isBranch(value)) Object.assign(parent, value);
      return;
    }
    const next = path[index + 1];
    if (last) {
      define(parent, segment, value);
    } else if (typeof next === "object") {
      parent = element(child(parent, segment, () => []) as Record<string, unknown>[], next);
    } else {
      parent = child(parent, segment, () => ({})) as Record<string, unknown>;
    }
  });
  return parent;
}

function child(parent: Record<string, unknown>, name: string, make: () => unknown): unknown {
  if (!Object.hasOwn(parent, name)) define(parent, name, make());
  return parent[name];
}

/** `__proto__` is a key like any other in a document; an assignment would set the prototype. */
function define(parent: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") parent[name] = value;
  else Object.defineProperty(parent, name, { value, enumerable: true, writable: true, configurable: true });
}

function element(array: Record<string, unknown>[], { key, value }: { key: string; value: string }) {
  // Leaves of one element mostly follow each other.
  const last = array.at(-1);
  const existing = last?.[key] === value ? last : array.find((candidate) => candidate[key] === value);
  if (existing) return existing;
  const added = { [key]: value };
  array.push(added);
  return added;
}

/** The value at `path`: a leaf, or the document below it; undefined where there is nothing. */
export function valueAt(document: unknown, path: string): unknown {
  let node: unknown = document;
  for (const segment of segments(path)) {
    if (typeof segment === "string") {
      node = isBranch(node) && Object.hasOwn(node, segment) ? node[segment] : undefined;
    } else {
      const { key, value } = segment;
      node = Array.isArray(node) ? node.find((one) => isBranch(one) && one[key] === value) : undefined;
    }
  }
  return node;
}

/** The paths that have leaves below them. */
export function branchesOf(leaves: Leaves): Set<string> {
  const branches = new Set<string>();
  for (const path of leaves.keys()) {
    const above = ancestors(path);
    // Where one is known, so are those above it.
    for (let index = above.length - 1; index >= 0 && !branches.has(above[index]!); index--)
      branches.add(above[index]!);
  }
  return branches;
}

/**
 * Sets `path` to `value` in `leaves`, dropping what stood at, below or, as a leaf, above it.
 * @param branches At least the branches of `leaves`; asked for where `path` is no leaf yet.
 */
export function setLeaf(
  leaves: Leaves,
  path: string,
  value: unknown,
  branches = () => branchesOf(leaves),
): void {
  // Nothing stands above or below a leaf.
  if (!leaves.has(path)) {
    for (const above of ancestors(path)) leaves.delete(above);
    removeLeaf(leaves, path, branches);
  }
  leaves.set(path, value);
}

/** Removes what stands at or below `path`. @param branches As for `setLeaf`. */
export function removeLeaf(leaves: Leaves, path: string, branches = () => branchesOf(leaves)): void {
  if (leaves.delete(path) || !branches().has(path)) return;
  for (const other of [...leaves.keys()]) if (isWithin(other, path)) leaves.delete(other);
}
