import { Asset } from "../../infra/components/asset";

/** Longest line, in columns: Prettier's and Biome's default. */
const WIDTH = 80;

/** A constructor's call, `new Login("login", { … })`. */
export class Construction {
  constructor(
    readonly className: string,
    readonly name: string,
    readonly args: Record<string, unknown>,
  ) {}
}

/** A function's call with one text. */
export class Call {
  constructor(
    readonly name: string,
    readonly text: string,
  ) {}
}

/** An expression as it stands. */
export class Code {
  constructor(readonly text: string) {}
}

/** Something with lines of comment above it. */
export class Commented {
  constructor(
    readonly comments: readonly string[],
    readonly value: unknown,
  ) {}
}

/** A file's text whose place is told, not read by `textFile`. */
export class Path {
  constructor(readonly path: string) {}
}

/**
 * `value` as TypeScript, as Prettier and Biome lay it out.
 * @param indent Of the line that it begins on, in spaces.
 * @param before How many columns of that line are taken by what stands before it.
 * @param after How many are taken by what follows it.
 */
export function literal(value: unknown, indent: number, before: number, after: number): string {
  if (value instanceof Asset) return literal(new Call("textFile", value.name), indent, before, after);
  const flat = flatLiteral(value);
  if (flat !== undefined && before + flat.length + after <= WIDTH) return flat;
  const inner = indent + 2;
  const pad = " ".repeat(inner);
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    if (value.every((one) => typeof one === "number")) return filled(value, indent);
    const items = value.map(
      (item) => `${commentsOf(item, pad)}${pad}${literal(bare(item), inner, inner, 1)},\n`,
    );
    return `[\n${items.join("")}${" ".repeat(indent)}]`;
  }
  if (value instanceof Call)
    return `${value.name}(\n${pad}${textLiteral(value.text)},\n${" ".repeat(indent)})`;
  if (value instanceof Construction) {
    const head = `new ${value.className}(${textLiteral(value.name)}, `;
    return `${head}${literal(value.args, indent, before + head.length, after + 1)})`;
  }
  if (isPlain(value)) {
    const fields = Object.entries(value).map(([name, item]) => {
      const key = `${keyLiteral(name)}: `;
      const [bared, column] = [bare(item), inner + key.length];
      const text = literal(bared, inner, column, 1);
      const isLongText = typeof bared === "string" && column + text.length + 1 > WIDTH;
      const body = isLongText ? `\n${" ".repeat(inner + 2)}${text}` : text;
      return `${commentsOf(item, pad)}${pad}${isLongText ? key.trimEnd() : key}${body},\n`;
    });
    return fields.length === 0 ? "{}" : `{\n${fields.join("")}${" ".repeat(indent)}}`;
  }
  return flat ?? "";
}

/** On one line; undefined where it must be on several. */
function flatLiteral(value: unknown): string | undefined {
  if (typeof value === "string") return textLiteral(value);
  if (value instanceof Asset) return `textFile(${textLiteral(value.name)})`;
  if (value instanceof Call) return `${value.name}(${textLiteral(value.text)})`;
  if (value instanceof Path) return textLiteral(value.path);
  if (value instanceof Code) return value.text;
  if (value instanceof Commented) return undefined;
  if (value instanceof Construction) {
    const args = flatLiteral(value.args);
    return args && `new ${value.className}(${textLiteral(value.name)}, ${args})`;
  }
  if (Array.isArray(value)) {
    if (isTall(value)) return undefined;
    const items = value.map(flatLiteral);
    return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
  }
  if (!isPlain(value)) return Object.is(value, -0) ? "-0" : String(value);
  const fields = Object.entries(value).map(([name, item]) => {
    const text = flatLiteral(item);
    return text && `${keyLiteral(name)}: ${text}`;
  });
  if (fields.includes(undefined)) return undefined;
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** Several objects of several keys, or lists of several items, each get lines of their own. */
const isTall = (list: readonly unknown[]): boolean =>
  list.length > 1 &&
  (list.every((item) => isPlain(item) && Object.keys(item).length > 1) ||
    list.every((item) => Array.isArray(item) && item.length > 1));

/** Numbers stand as many to a line as fit. */
function filled(numbers: readonly number[], indent: number): string {
  const pad = " ".repeat(indent + 2);
  const lines: string[] = [];
  for (const number of numbers) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${number},`.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${number},`;
    else lines.push(`${pad}${number},`);
  }
  return `[\n${lines.join("\n")}\n${" ".repeat(indent)}]`;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

const bare = (item: unknown): unknown => (item instanceof Commented ? item.value : item);

const commentsOf = (item: unknown, pad: string): string =>
  item instanceof Commented ? item.comments.map((line) => comment(line, pad)).join("") : "";

/** `text` as lines of comment, broken between words. */
export function comment(text: string, pad = ""): string {
  const lines: string[] = [];
  for (const word of printable(text).split(/\s+/)) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last !== undefined && pad.length + longer.length <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push(`// ${last === undefined ? "" : "  "}${word}`);
  }
  return lines.map((line) => `${pad}${line}\n`).join("");
}

/** Characters that hide others, or change their direction, would make a program look like another one. */
const printable = (text: string): string =>
  text.replace(/(?! )[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufeff]/gu, (found) =>
    [...found].map((one) => unicode(one)).join(""),
  );

function unicode(character: string): string {
  let escaped = "";
  for (let index = 0; index < character.length; index++)
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  return escaped;
}

/** With fewer quotes to escape, as formatters have it. */
function textLiteral(text: string): string {
  const escaped = printable(JSON.stringify(text));
  const [double, single] = [text.split('"').length, text.split("'").length];
  if (double <= single) return escaped;
  return `'${escaped.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

const keyLiteral = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : textLiteral(name));
