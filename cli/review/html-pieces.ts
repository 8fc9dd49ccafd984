import { clipped, plain, sentence } from "./plain";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** One line as text of a page, also within an attribute; every character of it seen. */
export const escaped = (text: string): string => escapedLine(clipped(plain(text), 1_000));

/** `line`, all of whose characters can be seen, as text of a page. */
export const escapedLine = (line: string): string => line.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

/** A sentence: words as words, all else as code. */
export const inline = (text: string): string =>
  sentence(text)
    .map((piece) => {
      const [, space, content] = /^( ?)(.*)$/s.exec(piece.text)!;
      return piece.code ? `${space}<code>${escapedLine(content!)}</code>` : escapedLine(piece.text);
    })
    .join("");

/** @param tone A class that colours it. */
export const badge = (tone: string, text: string): string => `<span class="badge ${tone}">${text}</span>`;

/** Each item has a class that colours it, and content that is HTML already. */
export const list = (items: readonly (readonly [tone: string, content: string])[]): string =>
  items.length === 0
    ? ""
    : `<ul class="list">${items.map(([tone, content]) => `<li class="${tone}">${content}</li>`).join("\n")}</ul>`;
