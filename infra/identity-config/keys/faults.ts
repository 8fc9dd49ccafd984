import { isDeepStrictEqual } from "node:util";
import { isAtLeast, mayBeAtLeast, type Running } from "../kratos-version";
import { isBranch, isUnknown, type Json } from "../model";
import { join, naturalKey } from "../path";
import { readAt } from "../reading";
import { REDACTED } from "../sensitive";
import type { Choice, Keys, Kind, List, MapOf, Option, Topic, Variants, When } from "./kind";

/** Something in a document because of which Kratos does not load it. */
export interface Fault {
  topic: Topic;
  /** Where: of the value, or of the key that should not, or should, be there. */
  path: string;
  /** What is wrong with what stands there; `open`: cannot be told, since it is not known yet. */
  sort: "value" | "key" | "missing" | "excluded" | "repeated" | "open";
  value?: unknown;
  /** What would be right there, in words; of an excluded key, what excludes it. */
  expected: string;
  /** The keys, or values, that Kratos knows there. */
  known?: readonly string[];
  /** First version that knows the key, where a later one does. */
  since?: string;
}

/** Deeper than this nobody writes; what lies below is not looked at. */
const DEEPEST = 200;

/** What is wrong with `value`, which stands at `path`, if it should be of `kind`. */
export function faultsOf(value: unknown, kind: Kind, running: Running, path = ""): Fault[] {
  const found: Fault[] = [];
  look({ running, found, depth: 0 }, kind, value, path);
  return found;
}

interface Look {
  running: Running;
  found: Fault[];
  depth: number;
}

/** Whether the target's version knows what has come with `since` and gone with `until`. */
export const isKnown = (running: Running, { since, until }: { since?: string; until?: string }): boolean =>
  (since === undefined || mayBeAtLeast(running, since)) &&
  (until === undefined || !isAtLeast(running, until));

function look(at: Look, kind: Kind, value: unknown, path: string): void {
  if (isUnknown(value)) {
    at.found.push({ topic: unknownTopic(kind), path, sort: "open", expected: "" });
    return;
  }
  // Whoever has put it in the place of a secret has judged the secret.
  if (typeof value === "string" && value.includes(REDACTED)) return;
  switch (kind.is) {
    case "anything":
      return;
    case "same":
      if (at.depth < DEEPEST) look({ ...at, depth: at.depth + 1 }, kind.as(), value, path);
      return;
    case "either":
      look(at, Array.isArray(value) ? kind.many : kind.one, value, path);
      return;
    case "scalar":
      if (!kind.accepts(value)) wrong(at, kind, path, value, kind.expected);
      return;
    case "choice":
      choose(at, kind, value, path);
      return;
    case "list":
      if (Array.isArray(value)) lookAtList(at, kind, value, path);
      else wrong(at, kind, path, value, "a list");
      return;
    case "map":
      if (isBranch(value)) lookAtMap(at, kind, value, path);
      else wrong(at, kind, path, value, "an object");
      return;
    case "variants":
      if (isBranch(value)) lookAtVariant(at, kind, value, path);
      else wrong(at, { ...kind, topic: "value" }, path, value, "an object");
      return;
    case "keys":
      if (isBranch(value)) lookAtKeys(at, kind, value, path);
      else if (!isLoose(kind, value)) wrong(at, { ...kind, topic: "value" }, path, value, "an object");
  }
}

function isLoose({ loose }: Keys, value: unknown): boolean {
  if (loose === "boolean") return typeof value === "boolean";
  return loose === "any" || (loose === "null" && value === null);
}

function unknownTopic(kind: Kind): Topic {
  if (kind.is !== "keys") return kind.topic ?? "value";
  return kind.others === undefined || kind.others === "any" ? "unknown-key" : kind.others;
}

function wrong(at: Look, { topic = "value" }: Kind, path: string, value: unknown, expected: string): void {
  at.found.push({ topic, path, sort: "value", value, expected });
}

function choose(at: Look, kind: Choice, value: unknown, path: string): void {
  const option = kind.options.find((one) => one.value === value);
  if (option && isKnown(at.running, option)) return;
  const known = knownTexts(at, kind.options);
  at.found.push({
    topic: (option && kind.foreign) ?? kind.topic ?? "value",
    path,
    sort: "value",
    value,
    expected: known.length === 1 ? JSON.stringify(known[0]) : `one of ${known.join(", ")}`,
    known,
    ...(option?.since !== undefined && { since: option.since }),
  });
}

const knownTexts = (at: Look, options: readonly Option[]): string[] =>
  options.filter((one) => isKnown(at.running, one)).map(({ value }) => String(value));

function lookAtList(at: Look, kind: List, list: unknown[], path: string): void {
  if (list.length < (kind.min ?? 0)) wrong(at, kind, path, list, `a list of ${kind.min} or more`);
  list.forEach((element, index) => {
    const id = readAt(element, "/id");
    const natural = typeof id === "string" && naturalKey(path) === "id";
    look(at, kind.of, element, join(path, natural ? { key: "id", value: id } : String(index)));
    const isRepeated =
      kind.unique &&
      list.findIndex((other) => isDeepStrictEqual(other, element)) < index &&
      !isUnknown(element);
    if (isRepeated)
      at.found.push({
        topic: "excluded",
        path: join(path, String(index)),
        sort: "repeated",
        expected: "each element once",
      });
  });
}

function lookAtMap(at: Look, kind: MapOf, map: Record<string, unknown>, path: string): void {
  const names = Object.keys(map);
  if (names.length < (kind.min ?? 0)) wrong(at, kind, path, map, `an object with ${kind.min} key or more`);
  for (const name of names) {
    if (kind.names && !kind.names.accepts(name))
      wrong(at, { ...kind, topic: "value" }, join(path, name), name, kind.names.expected);
    if (kind.keys === undefined || kind.keys.test(name)) look(at, kind.of, map[name], join(path, name));
  }
}

function lookAtVariant(at: Look, kind: Variants, node: Record<string, unknown>, path: string): void {
  const name = Object.hasOwn(node, kind.by) ? node[kind.by] : undefined;
  const where = join(path, kind.by);
  const topic = kind.topic ?? "value";
  if (name === undefined) {
    at.found.push({ topic: "required", path: where, sort: "missing", expected: kind.by });
    return;
  }
  if (isUnknown(name)) {
    at.found.push({ topic, path: where, sort: "open", expected: "" });
    return;
  }
  const variant = typeof name === "string" && Object.hasOwn(kind.of, name) ? kind.of[name]! : undefined;
  if (variant && isKnown(at.running, variant)) {
    lookAtKeys(at, variant, node, path);
    return;
  }
  const known = Object.keys(kind.of).filter((one) => isKnown(at.running, kind.of[one]!));
  at.found.push({
    topic,
    path: where,
    sort: "value",
    value: name,
    expected: `one of ${known.join(", ")}`,
    known,
    ...(variant?.since !== undefined && { since: variant.since }),
  });
}

function lookAtKeys(at: Look, kind: Keys, node: Record<string, unknown>, path: string): void {
  for (const name of Object.keys(node)) {
    const below = join(path, name);
    const known = Object.hasOwn(kind.keys, name) ? kind.keys[name]! : undefined;
    if (known && isKnown(at.running, known)) look(at, known, node[name], below);
    else if (kind.others !== "any")
      at.found.push({
        topic: known?.foreign ?? kind.others ?? "unknown-key",
        path: below,
        sort: "key",
        expected: "",
        known: Object.keys(kind.keys).filter((one) => isKnown(at.running, kind.keys[one]!)),
        ...(known?.since !== undefined && { since: known.since }),
      });
  }
  for (const name of kind.required ?? []) {
    if (!Object.hasOwn(node, name)) lack(at, kind.requiredTopic, join(path, name), name);
  }
  for (const condition of kind.when ?? []) lookAtCondition(at, condition, node, path);
}

function lack(at: Look, topic: Topic = "required", path: string, expected: string): void {
  at.found.push({ topic, path, sort: "missing", expected });
}

function lookAtCondition(at: Look, when: When, node: Record<string, unknown>, path: string): void {
  const value = readAt(node, when.at);
  if (value === undefined) return;
  const needed = (when.needs ?? []).filter((one) => readAt(node, one) === undefined);
  const excluded = (when.excludes ?? []).filter(({ key, values, unlessEmpty }) => {
    const there = Object.hasOwn(node, key) ? node[key] : undefined;
    return there !== undefined && !(unlessEmpty && there === "") && (values?.includes(there as Json) ?? true);
  });
  if (isUnknown(value)) {
    if (needed.length + excluded.length > 0)
      at.found.push({
        topic: needed.length > 0 ? (when.needsTopic ?? "required") : "excluded",
        path: path + when.at,
        sort: "open",
        expected: "",
      });
    return;
  }
  if (when.is && !when.is.includes(value as Json)) return;
  if (when.isNot?.includes(value as Json)) return;
  for (const one of needed) lack(at, when.needsTopic, path + one, one.slice(1));
  for (const { key } of excluded)
    at.found.push({ topic: "excluded", path: join(path, key), sort: "excluded", expected: path + when.at });
}
