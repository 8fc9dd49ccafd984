import { visible } from "./visible";

/** What takes less time needs no word, in milliseconds. */
const SOON = 1_000;

/** A terminal, or a stream that is none. */
export type Screen = Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write">;

/** To the line's beginning, and clear it. */
const CLEAR = "\r\u001b[K";

/** One line on a terminal that tells what is going on. Nothing is written where there is no terminal. */
export interface ProgressLine {
  /** Puts `text` in the place of what the line said. */
  say(text: string): void;
  /** Takes the line back. */
  end(): void;
}

/** A line that says `doing` once a second has passed, unless it was told something else by then. */
export function progressLine(doing: string, screen: Screen = process.stderr): ProgressLine {
  if (!screen.isTTY) return { say: () => {}, end: () => {} };
  const write = (text: string): void => {
    clearTimeout(timer);
    // What is wider than the terminal would take a second line, which is not taken back.
    const widest = Math.max(1, (screen.columns || 80) - 1);
    screen.write(CLEAR + Array.from(visible(text).replaceAll("\n", " ")).slice(0, widest).join(""));
  };
  const timer = setTimeout(() => write(doing), SOON);
  return { say: write, end: () => write("") };
}

/** Says `doing` on a terminal while `work` runs, once it has taken a second, and takes it back at the end. */
export async function withProgress<T>(doing: string, work: Promise<T>, screen?: Screen): Promise<T> {
  const line = progressLine(doing, screen);
  return work.finally(line.end);
}
