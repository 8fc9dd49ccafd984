import { isDeepStrictEqual } from "node:util";
import { diffArrays } from "diff";
import { type Document, isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { isBranch } from "../infra/identity-config/model";

/**
 * A node of `document` that holds `value`: `node` itself, of which all stays that the two have in common, with comments,
 * order and quotes; or a new one where `value` is of another kind.
 */
export function inPlaceOf(node: unknown, value: unknown, document: Document): unknown {
  if (isScalar(node) && (typeof value !== "object" || value === null)) node.value = value;
  else if (isMap(node) && isBranch(value)) editMap(node, value, document);
  else if (isSeq(node) && Array.isArray(value)) editList(node, value, document);
  else return document.createNode(value);
  return node;
}

function editMap(map: YAMLMap, value: Record<string, unknown>, document: Document): void {
  const nameOf = ({ key }: Pair) => String(isScalar(key) ? key.value : key);
  map.items = map.items.filter((pair) => Object.hasOwn(value, nameOf(pair)));
  for (const pair of map.items) pair.value = inPlaceOf(pair.value, value[nameOf(pair)], document);
  const known = map.items.map(nameOf);
  for (const [name, one] of Object.entries(value))
    if (!known.includes(name)) map.add(document.createPair(name, one));
}

/** Elements that are equal stay; those between two of them stay, edited, where there are as many as before. */
function editList(list: YAMLSeq, value: readonly unknown[], document: Document): void {
  const before = list.items.map((item) => (isNode(item) ? item.toJS(document) : item) as unknown);
  const left = [...list.items];
  let gone: unknown[] = [];
  list.items = [];
  for (const { value: part, added, removed } of diffArrays(before, [...value], {
    comparator: isDeepStrictEqual,
  })) {
    const old = gone.length === part.length ? gone : [];
    gone = removed ? left.splice(0, part.length) : [];
    if (added) list.items.push(...part.map((one, index) => inPlaceOf(old[index], one, document)));
    else if (!removed) list.items.push(...left.splice(0, part.length));
  }
}
