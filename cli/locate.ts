import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { type Segment, segments } from "../infra/identity-config/path";
import type { SourceFile } from "./config-files";

/** A place in a file, for people: lines and columns count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/**
 * Finds where paths stand in `files`, of which later ones win. Of a path that stands nowhere, the place is that of the
 * nearest one above it; the beginning of the last file where there is none.
 */
export function locator(files: readonly SourceFile[]): (path: string) => Place {
  const parsed = files.map(({ name, text }) => {
    const lines = new LineCounter();
    return { name, lines, root: parseDocument(text, { lineCounter: lines, merge: true }).contents };
  });
  return (path) => {
    let best = { depth: -1, file: "", line: 1, column: 1 };
    for (const { name, lines, root } of parsed) {
      const { depth, offset } = deepest(root, segments(path));
      if (depth < best.depth) continue;
      const { line, col } = lines.linePos(offset);
      best = { depth, file: name, line: Math.max(line, 1), column: Math.max(col, 1) };
    }
    const { depth: _, ...place } = best;
    return place;
  };
}

/** How many of `path`'s steps are there below `root`, and where the last of these begins: at its key, if it has one. */
function deepest(root: Node | null, path: Segment[]): { depth: number; offset: number } {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, segment] of path.entries()) {
    const found = child(node, segment);
    if (found === undefined) return { depth, offset };
    node = found.value;
    offset = found.at?.range?.[0] ?? offset;
  }
  return { depth: path.length, offset };
}

function child(node: unknown, segment: Segment): { at: Node | undefined; value: unknown } | undefined {
  if (isMap(node) && typeof segment === "string") {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
    return pair && { at: isNode(pair.key) ? pair.key : undefined, value: pair.value };
  }
  if (!isSeq(node)) return undefined;
  const item =
    typeof segment === "string"
      ? /^\d+$/.test(segment) && node.items[Number(segment)]
      : node.items.find((one) => isMap(one) && String(one.get(segment.key)) === segment.value);
  return isNode(item) ? { at: item, value: item } : undefined;
}
