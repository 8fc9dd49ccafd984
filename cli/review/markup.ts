import { clipped, plain, sentence } from "./plain";
import type { DiffLine } from "./value-diff";

/** What stands in one line of Markdown as code, whatever it is; nothing in it means anything to Markdown or GitHub. */
export function code(text: string): string {
  const content = clipped(plain(text), 300) || " ";
  const ticks = fenceFor(content, 1);
  const pad = /^[` ]|[` ]$/.test(content) ? " " : "";
  return `${ticks}${pad}${content}${pad}${ticks}`;
}

/** A sentence in Markdown: words as words, all else as code. */
export const prose = (text: string): string =>
  sentence(text)
    .map((piece) => {
      const [, space, content] = /^( ?)(.*)$/s.exec(piece.text)!;
      return piece.code ? space + code(content!) : piece.text;
    })
    .join("");

/** A block of code: lines without line breaks in them. */
export function fenced(language: string, lines: readonly string[]): string {
  const fence = fenceFor(lines.join("\n"), 3);
  return `${fence}${language}\n${lines.join("\n")}\n${fence}\n\n`;
}

/** More backticks in a row than `text` has, so that none in it end what they begin. */
function fenceFor(text: string, least: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  return "`".repeat(Math.max(least, longest + 1));
}

/** A diff as GitHub colours it. */
export const diffBlock = (lines: readonly DiffLine[]): string => fenced("diff", lines.map(diffText));

const diffText = ({ sign, text }: DiffLine): string => (sign === "@" ? text : `${sign} ${text}`);

/** The first lines of a diff, each as far as there is room, and what is left out in words. */
export function diffBeginning(lines: readonly DiffLine[]): string {
  const [most, widest] = [12, 160];
  const shown = lines.slice(0, most).map((line) => ({ ...line, text: clipped(line.text, widest) }));
  const left = lines.length - shown.length;
  return diffBlock(
    left > 0 ? [...shown, { sign: "@", text: `@@ ${left} more lines are not shown here @@` }] : shown,
  );
}

/** What is folded, under a summary of ours. */
export const folded = (summary: string) => ({
  open: `<details>\n<summary>${summary}</summary>\n\n`,
  close: "</details>\n\n",
});
