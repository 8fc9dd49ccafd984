import { valueAt } from "../../identity-config/leaves";
import { type Document, inlineText, isBranch, parsedJson } from "../../identity-config/model";
import { join, naturalKey } from "../../identity-config/path";
import { REDACTED, redact, redactText } from "../../identity-config/sensitive";

const MOST = 10;
const LONGEST = 300;

/**
 * Why Kratos has not started on `config`, a line each, made from what it printed. It prints each complaint several
 * times, with whole objects and the secrets in them; here each stands once, and the value is looked up in `config`.
 * @param secrets Texts that must not be shown, those at sensitive paths of `config` among them.
 */
export function complaint(output: string, config: Document, secrets: readonly string[]): string[] {
  // What follows is help on the command line, or the stacks of a crash.
  const [told = ""] = output.split(/^(?:Usage:|goroutine \d)/m);
  const [, last] = /^Error: (.*)/ms.exec(told) ?? [];
  const lines = (last ?? logged(told)).split("\n").filter((line) => line.trim() !== "");
  const failures = failuresOf(lines);
  const words =
    failures.length > 0
      ? failures.map((failure) => inWords(failure, config))
      : lines.map((line) => line.trim()).slice(-MOST);
  const unique = [...new Set(words.map((line) => redactText(line, secrets).slice(0, LONGEST)))];
  const more = unique.length - MOST;
  return more > 0 ? [...unique.slice(0, MOST), `and ${more} more`] : unique;
}

/** The texts of a log's errors; the whole log where it has none. */
function logged(log: string): string {
  const lines = log.split("\n").filter((line) => !/\blevel=(info|debug|warning|trace)\b/.test(line));
  const texts = lines.map((line) => /\bmsg="?(.*?)"? (?:audience|service_name)=/.exec(line)?.[1] ?? line);
  return texts.join("\n").trim() === "" ? log : texts.join("\n");
}

/** One line of Kratos's schema validation: `I[<where in the document>] S[<where in the schema>] <reason>`. */
interface Failure {
  depth: number;
  pointer: string;
  keyword: string;
  reason: string;
}

/** The failures that have no others below them, without the branches of a choice that were not meant. */
function failuresOf(lines: string[]): Failure[] {
  const all = lines.flatMap((line): Failure[] => {
    const [, indent, pointer, schema, reason] = /^( *)I\[#([^\]]*)\] S\[#([^\]]*)\] (.*)$/.exec(line) ?? [];
    return indent === undefined
      ? []
      : [{ depth: indent.length, pointer: pointer!, keyword: schema!.split("/").at(-1)!, reason: reason! }];
  });
  return leaves(all);
}

function leaves(failures: Failure[]): Failure[] {
  const found: Failure[] = [];
  for (let index = 0; index < failures.length; ) {
    const failure = failures[index]!;
    const after = failures.findIndex(({ depth }, other) => other > index && depth <= failure.depth);
    const end = after < 0 ? failures.length : after;
    const below = failures.slice(index + 1, end);
    if (below.length === 0) found.push(failure);
    else if (["oneOf", "anyOf"].includes(failure.keyword)) found.push(...meant(below));
    else found.push(...leaves(below));
    index = end;
  }
  return found;
}

/** A choice whose kind (`type: basic_auth`) is another one was not meant, unless none was. */
function meant(below: Failure[]): Failure[] {
  const starts = below.flatMap(({ depth }, index) => (depth === below[0]!.depth ? [index] : []));
  const choices = starts.map((start, index) => leaves(below.slice(start, starts[index + 1])));
  const fitting = choices.filter(
    (choice) => !choice.some(({ keyword }) => ["const", "enum"].includes(keyword)),
  );
  return (fitting.length > 0 ? fitting : choices).flat();
}

function inWords(failure: Failure, config: Document): string {
  const { pointer, reason } = failure;
  if (isOfSchema(failure, config))
    return `${schemaWithin(config, pointer)}, at ${pointer || "its top level"}: ${reason}`;
  const { path, value } = found(config, pointer);
  const at = path === "" ? "the top level" : path;
  const safe = redact(path, value);
  if (typeof value === "object" && value !== null) return `${at}: ${reason}`;
  // Some reasons repeat the value.
  if (safe !== value)
    return `${at} (not shown, it may be a secret): ${reason.replaceAll(String(value), REDACTED)}`;
  return value === undefined ? `${at}: ${reason}` : `${at} is ${JSON.stringify(value)}: ${reason}`;
}

/** Kratos tells neither that it speaks of an identity schema, nor of which; a config is an object, and has no `properties`. */
function isOfSchema({ pointer, reason }: Failure, config: Document): boolean {
  const [, first] = pointer.split("/");
  return first === undefined
    ? /^expected object, but got|^missing properties: "(properties|type)"/.test(reason)
    : !Object.hasOwn(config, first);
}

/** The identity schemas in which `pointer` leads to something, in words. */
function schemaWithin(config: Document, pointer: string): string {
  const schemas = valueAt(config, "/identity/schemas");
  const listed = (Array.isArray(schemas) ? schemas : []).filter(isBranch);
  const having = listed.filter(({ url }) => found(parsedJson(inlineText(url)), pointer).value !== undefined);
  const ids = (having.length > 0 ? having : listed).map(({ id }) => `"${id}"`);
  return ids.length === 1 ? `identity schema ${ids[0]}` : `one of the identity schemas ${ids.join(", ")}`;
}

/** The value at a pointer that counts elements of arrays, and the path that names them by their key. */
function found(config: unknown, pointer: string): { path: string; value: unknown } {
  let path = "";
  let value: unknown = config;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const key = Array.isArray(value) ? naturalKey(path) : undefined;
    const below: unknown =
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined;
    const id = key !== undefined && isBranch(below) ? below[key] : undefined;
    path = join(path, key !== undefined && typeof id === "string" ? { key, value: id } : name);
    value = below;
  }
  return { path, value };
}
