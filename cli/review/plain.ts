import { visible } from "../visible";

/** Characters that are not seen, or that change how others are seen, beyond those that terminals obey. */
const UNSEEN = /\p{Cf}|\p{Cs}|\u2028|\u2029|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0/gu;

/** `text` on one line, every character of it seen: control, direction and invisible ones as escapes. */
export const plain = (text: string): string => seen(text).replaceAll("\t", "\\u0009");

/** A line of a text, which may be indented by tabs. */
export const plainLine = (line: string): string => line.split("\t").map(seen).join("\t");

const seen = (text: string): string => visible(text).replaceAll("\n", "\\u000a").replace(UNSEEN, escaped);

const escaped = (character: string): string => {
  const code = character.codePointAt(0)!.toString(16).padStart(4, "0");
  return code.length > 4 ? `\\u{${code}}` : `\\u${code}`;
};

/** The first `most` characters of `text`, none of them cut in two, and how many there were where that is not all. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = [...text];
  if (characters.length <= most) return text;
  return `${characters.slice(0, most).join("")}… (${characters.length} characters)`;
}

/** A piece of a sentence: words, or what has to stand as it is, such as a path or a value. */
export interface Piece {
  code: boolean;
  text: string;
}

/** A text in quotation marks, an object, or whatever stands between spaces. */
const TOKEN = /"(?:[^"\\]|\\.)*"|\{[^{}]*\}|\S+/g;

/** A word of ours: nothing in it means anything to Markdown, or becomes a link, a mention or a reference. */
const WORD = /^\(?(?:[a-z]+(?:[-'’][a-z]+)*|\d{1,6}|→|—|=>|\+)[).,;:!?]{0,2}$/i;

/** Such as a commit's hash; these become links. */
const HASH = /^[0-9a-f]{7,}\W*$/i;

/** How long a sentence may get. */
const LONGEST = 600;

/**
 * A sentence apart into words and code. Sentences are made of our words and of what stands in a config; all that is no
 * plain word is code, which no reader takes for our words and no renderer for markup.
 */
export function sentence(text: string): Piece[] {
  const pieces: Piece[] = [];
  const add = (code: boolean, text: string, apart: boolean): void => {
    const last = pieces.at(-1);
    if (text === "") return;
    if (last !== undefined && !last.code && !code) last.text += (apart ? " " : "") + text;
    else if (last !== undefined && apart && code && !last.code) {
      last.text += " ";
      pieces.push({ code, text });
    } else pieces.push({ code, text: apart && last?.code ? ` ${text}` : text });
  };
  for (const token of clipped(plain(text), LONGEST).match(TOKEN) ?? []) {
    if (WORD.test(token) && !HASH.test(token)) {
      add(false, token, true);
      continue;
    }
    // Brackets and stops around a path are no part of it.
    const [, open, body, stop] = /^(\(?)(.*?)(\)?[,;:]?)$/s.exec(token)!;
    add(false, open!, true);
    add(true, body!, open === "");
    add(false, stop!, false);
  }
  return pieces;
}
