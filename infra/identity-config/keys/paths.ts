import type { Json } from "../model";
import { segments } from "../path";
import { DOCUMENT } from "./document";
import type { Kind } from "./kind";

/** A key that some version of Kratos knows. */
export interface KnownKey {
  /** With `[*]` for any element of a list, and `*` for any key of a map: `/courier/channels[*]/type`. */
  path: string;
  /** What Kratos takes where it is absent; undefined where it has no default. */
  default?: Json;
  /** First version that knows it; undefined: 1.3.1 or before. */
  since?: string;
  /** First version that no longer does. */
  until?: string;
}

/** Every key of an identity config that holds a value and no further keys: a scalar, a list of scalars, or anything. */
export function knownKeys(): readonly KnownKey[] {
  if (all === undefined) {
    const found = new Map<string, KnownKey>();
    collect(DOCUMENT, { path: "" }, found);
    all = [...found.values()];
  }
  return all;
}

let all: readonly KnownKey[] | undefined;

/** What may stand at `path`, which leads through no list; undefined where no version knows the key. */
export function kindAt(path: string): Kind | undefined {
  let kind: Kind | undefined = DOCUMENT;
  for (const name of segments(path)) {
    if (kind?.is === "map") kind = kind.of;
    else if (kind?.is === "keys" && typeof name === "string" && Object.hasOwn(kind.keys, name))
      kind = kind.keys[name];
    else return undefined;
  }
  return kind;
}

function collect(kind: Kind, at: KnownKey, found: Map<string, KnownKey>): void {
  const here: KnownKey = {
    ...at,
    ...(kind.since !== undefined && { since: kind.since }),
    ...(kind.until !== undefined && { until: kind.until }),
  };
  switch (kind.is) {
    case "keys":
      for (const [name, below] of Object.entries(kind.keys))
        collect(below, { ...here, path: `${at.path}/${name}` }, found);
      return;
    case "variants":
      for (const variant of Object.values(kind.of)) collect(variant, here, found);
      return;
    case "map":
      collect(kind.of, { ...here, path: `${at.path}/*` }, found);
      return;
    case "list":
      if (kind.of.is === "keys" || kind.of.is === "variants") {
        collect(kind.of, { ...here, path: `${at.path}[*]` }, found);
        return;
      }
  }
  // Several hooks have the same keys; one that came later does not make them new.
  if (found.has(at.path)) return;
  found.set(at.path, { ...here, ...(kind.default !== undefined && { default: kind.default }) });
}
