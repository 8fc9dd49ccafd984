import { styleText } from "node:util";

/** `text` without what a terminal obeys: control and direction characters as escapes, line breaks kept. */
export function visible(text: string): string {
  return text.replace(
    /(?!\n)\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `text` in a style, where standard output is a terminal that wants colours. */
export const styled = (style: Parameters<typeof styleText>[0], text: string): string =>
  styleText(style, text, { stream: process.stdout });
