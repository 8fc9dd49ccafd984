import { visible } from "./visible";

/** What takes less time needs no word, in milliseconds. */
const SOON = 1_000;

/** Says `doing` on a terminal while `work` runs, once it has taken a second, and takes it back at the end. */
export async function withProgress<T>(
  doing: string,
  work: Promise<T>,
  screen: Pick<NodeJS.WriteStream, "isTTY" | "write"> = process.stderr,
): Promise<T> {
  if (!screen.isTTY) return work;
  const timer = setTimeout(() => screen.write(visible(doing)), SOON);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    // To the line's beginning, and clear it.
    screen.write("\r\u001b[K");
  }
}
