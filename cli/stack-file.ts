import { readFile, stat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, type Pair, parseDocument, type Scalar, stringify } from "yaml";
import { isBranch } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import { obstacle } from "../infra/targets/kratos/config-file";
import { writeWhole } from "../infra/targets/whole-file";
import { inPlaceOf } from "./yaml-in-place";

/** A value to be set in a stack's configuration; undefined removes it. */
export interface Edit {
  /** The key as the file has it, such as `shop:raw`, and the keys below it. */
  path: readonly string[];
  value: unknown;
}

/** A stack's file, `Pulumi.<stack>.yaml`. */
export class StackFile {
  private constructor(
    readonly name: string,
    readonly text: string,
    /** What stands under `config`, by the keys that the file has. */
    readonly config: Readonly<Record<string, unknown>>,
  ) {}

  /** Throws UserError where it cannot be read, or is no stack's file. */
  static async read(name: string, path: string): Promise<StackFile> {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? "there is no such file" : obstacle(error);
      throw new UserError(`cannot read ${name}: ${reason}`);
    });
    return StackFile.parsed(name, text);
  }

  static parsed(name: string, text: string): StackFile {
    const config = configIn(text);
    if (config === undefined)
      throw new UserError(
        `cannot use ${name}: it must be valid YAML with a mapping \`config\`${fault(text)}`,
      );
    return new StackFile(name, text, config);
  }

  /** What the project `project` is set to, by keys without its name. */
  settings(project: string): Record<string, unknown> {
    const own = Object.entries(this.config).flatMap(([key, value]) => {
      const name = key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
      return name.includes(":") ? [] : [[name, value] as const];
    });
    return Object.fromEntries(own);
  }

  /** The key of the setting `name`, as the file has it or would have it. */
  key(project: string, name: string): string {
    if (Object.hasOwn(this.config, name)) return name;
    const isPrefixed = Object.keys(this.config).some((key) => key.startsWith(`${project}:`));
    return isPrefixed ? `${project}:${name}` : name;
  }

  /**
   * The text with `edits` made. What they do not touch stays as it is, byte for byte; of the top-level keys that they
   * touch, comments, order and quotes stay. Throws UserError where the text is written in a way that is not understood.
   */
  edited(edits: readonly Edit[]): string {
    const expected = copied(this.config) as Record<string, unknown>;
    for (const { path, value } of edits) put(expected, path, value);
    let { text } = this;
    for (const key of new Set(edits.map(({ path }) => path[0]!)))
      text = withEntry(
        text,
        key,
        edits.filter(({ path }) => path[0] === key),
      );
    const outcome = configIn(text);
    const rest = (of: string) => ({ ...(parseDocument(of).toJS() as object), config: undefined });
    if (
      outcome === undefined ||
      !isDeepStrictEqual(outcome, expected) ||
      !isDeepStrictEqual(rest(text), rest(this.text))
    )
      throw new UserError(
        `cannot edit ${this.name}: it is written in a way that is not understood here, such as with anchors; set ${edits.map(({ path }) => path.join(".")).join(", ")} by hand`,
      );
    return text;
  }
}

/** Puts `text` in the place of a stack's file, all at once. Throws UserError where it has changed since it was read. */
export async function writeStackFile(file: StackFile, path: string, text: string): Promise<void> {
  const [now, { mode }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
  if (now !== file.text)
    throw new UserError(`${file.name} has changed meanwhile; nothing was written, run this again`);
  await writeWhole(path, text, { mode: mode & 0o7777 }).catch((error: unknown) => {
    throw new UserError(`cannot write ${file.name}: ${obstacle(error)}`);
  });
}

function configIn(text: string): Record<string, unknown> | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  try {
    const config = (document.toJS() as { config?: unknown } | null)?.config ?? {};
    return isBranch(config) ? config : undefined;
  } catch {
    return undefined;
  }
}

/** Where `text` breaks off being YAML, to be put behind a message; empty where it is YAML. */
function fault(text: string): string {
  const [start] = parseDocument(text).errors[0]?.linePos ?? [];
  return start ? `; it is none at line ${start.line}, column ${start.col}` : "";
}

/** Of what YAML holds, all is JSON but odd numbers. */
const copied = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Sets or removes, and with the last key of an object the object. */
function put(object: Record<string, unknown>, [name, ...below]: readonly string[], value: unknown): void {
  if (below.length === 0) {
    if (value === undefined) delete object[name!];
    else object[name!] = copied(value);
    return;
  }
  if (!isBranch(object[name!])) {
    if (value === undefined) return;
    object[name!] = {};
  }
  put(object[name!] as Record<string, unknown>, below, value);
  if (value === undefined && Object.keys(object[name!] as object).length === 0) delete object[name!];
}

const STYLE = { lineWidth: 0 } as const;

/** `text` with the top-level setting `key` edited, and all else as it is. */
function withEntry(text: string, key: string, edits: readonly Edit[]): string {
  const map = parseDocument(text).get("config");
  const pairs = isMap(map) ? (map.items as Pair<Scalar, Scalar>[]) : [];
  const pair = pairs.find((one) => one.key.value === key);
  if (pair === undefined) return withNewEntry(text, pairs, key, edits);
  const start = pair.key.range![0];
  const end = (pair.value ?? pair.key).range![2];
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const indentation = text.slice(lineStart, start);
  const fragment = text
    .slice(start, end)
    .split("\n")
    .map((line, index) => (index > 0 && line.startsWith(indentation) ? line.slice(indentation.length) : line))
    .join("\n");
  const document = parseDocument(fragment);
  const value = configIn(`config:\n  ${fragment.split("\n").join("\n  ")}`);
  // An alias, whose anchor stands elsewhere. The comparison at the end tells.
  if (value === undefined) return text;
  for (const edit of edits) put(value, edit.path, edit.value);
  if (!Object.hasOwn(value, key)) return text.slice(0, lineStart) + text.slice(end);
  for (const edit of edits) change(document, edit);
  const written = respelled(fragment, document);
  const lines = written
    .split("\n")
    .map((line, index) => (index > 0 && line !== "" ? indentation + line : line));
  return text.slice(0, start) + lines.join("\n") + text.slice(end);
}

function change(document: Document, { path, value }: Edit): void {
  if (value === undefined) {
    document.deleteIn(path);
    // An object that nothing is left in goes, too.
    for (let above = path.slice(0, -1); above.length > 0; above = above.slice(0, -1)) {
      const node = document.getIn(above);
      if (!isMap(node) || node.items.length > 0) return;
      document.deleteIn(above);
    }
    return;
  }
  document.setIn(path, inPlaceOf(document.getIn(path, true), value, document));
}

/** `document` in the style of `fragment`, which it was read from. */
function respelled(fragment: string, document: Document): string {
  const nested = /\n( +)\S/.exec(fragment)?.[1]?.length ?? 2;
  const style = {
    ...STYLE,
    indent: Math.max(nested, 1),
    indentSeq: !/\n( *)[^\s#-][^\n]*:[^\S\n]*\n\1- /.test(fragment),
    flowCollectionPadding: !/[{[]\S/.test(fragment),
  };
  try {
    const text = document.toString(style);
    return fragment.endsWith("\n") ? text : text.replace(/\n$/, "");
  } catch {
    // An alias, whose anchor is no longer there. The comparison at the end tells.
    return fragment;
  }
}

function withNewEntry(
  text: string,
  pairs: Pair<Scalar, Scalar>[],
  key: string,
  edits: readonly Edit[],
): string {
  const value: Record<string, unknown> = {};
  for (const edit of edits) put(value, edit.path, edit.value);
  if (!Object.hasOwn(value, key)) return text;
  const last = pairs.at(-1);
  if (last === undefined) {
    const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    return before + stringify({ config: value }, STYLE);
  }
  const start = last.key.range![0];
  const indentation = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const end = start + text.slice(start, (last.value ?? last.key).range![1]).trimEnd().length;
  const lineEnd = text.indexOf("\n", end);
  const [before, after] =
    lineEnd < 0 ? [`${text}\n`, ""] : [text.slice(0, lineEnd + 1), text.slice(lineEnd + 1)];
  const lines = stringify(value, { ...STYLE, indent: Math.max(indentation.length, 2) })
    .split("\n")
    .map((line) => (line === "" ? line : indentation + line));
  return before + lines.join("\n") + after;
}
