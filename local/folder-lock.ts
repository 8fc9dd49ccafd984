import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { UserError } from "../infra/identity-config/user-error";

export type FolderLockOptions = {
  folder: string;
  /** How long to wait for whoever holds it, in milliseconds. A holder that was killed keeps it for 10 seconds. */
  waitMs: number;
  /** Ends the wait. */
  signal: AbortSignal;
  /** What to do when it stays taken; the end of the error's text. */
  remedy: string;
  log: (line: string) => void;
};

const STALE_MS = 10_000;
const POLL_MS = 500;

/**
 * Makes this process the only one that uses a folder, which need not be there yet. Returns what gives it back.
 *
 * @throws UserError when another process holds it for longer than `waitMs`
 */
export async function lockFolder({
  folder,
  waitMs,
  signal,
  remedy,
  log,
}: FolderLockOptions): Promise<() => Promise<void>> {
  mkdirSync(dirname(folder), { recursive: true });
  const deadline = Date.now() + waitMs;
  for (let waited = 0; ; waited += POLL_MS) {
    try {
      return await lockfile.lock(folder, {
        realpath: false,
        stale: STALE_MS,
        onCompromised: () => log(`${folder} is used by another process as well; stop one of the two`),
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (Date.now() > deadline) {
        throw new UserError(`${folder} is used by another process; ${remedy}`, { cause: error });
      }
    }
    if (waited === 2 * POLL_MS) log(`waiting for another process, which uses ${folder}`);
    await delay(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
