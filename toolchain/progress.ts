import { availableParallelism } from "node:os";
import { reasonOf } from "./tool";

const TTY_REFRESH_MS = 1000;
const LOG_REFRESH_MS = 25_000;

/** Where progress goes: a terminal is refreshed in place, anything else gets a line now and then. */
export interface Screen {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** `80_000` as `1m20s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60
    ? `${seconds}s`
    : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}

/** What `coreSeconds` of work come to here, as `about 4 minutes on 2 cores`. */
export function estimate(coreSeconds: number, cores = availableParallelism()): string {
  const minutes = Math.max(1, Math.ceil(coreSeconds / cores / 60));
  return `about ${minutes} minute${minutes === 1 ? "" : "s"} on ${cores} core${cores === 1 ? "" : "s"}`;
}

/** Says `title` at once, with the time that went by every second on a terminal and every 25 s elsewhere, while `work` runs. */
export async function withProgress<T>(title: string, screen: Screen, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const [before, after] = screen.isTTY ? ["\r\x1b[K", ""] : ["", "\n"];
  screen.write(`${title}${after}`);
  const timer = setInterval(
    () => screen.write(`${before}${title}: ${duration(Date.now() - start)}${after}`),
    screen.isTTY ? TTY_REFRESH_MS : LOG_REFRESH_MS,
  );
  try {
    const result = await work();
    screen.write(`${before}${title}: done in ${duration(Date.now() - start)}\n`);
    return result;
  } catch (error) {
    screen.write(`${before}${title}: failed after ${duration(Date.now() - start)}: ${reasonOf(error)}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
