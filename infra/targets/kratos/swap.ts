import { copyFile, rm, stat } from "node:fs/promises";
import { lock } from "proper-lockfile";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../../identity-config/user-error";
import { obstacle, readOwnConfig } from "./config-file";
import type { Paths } from "./files";

const lastGood = (paths: Paths): string => `${paths.identity}.last-good`;

/** Runs `work` while no other process writes this identity.yml. Waits up to 30 s for the others. */
export async function withLock<T>(paths: Paths, work: () => Promise<T>): Promise<T> {
  const release = await lock(paths.identity, {
    realpath: false,
    stale: 10_000,
    retries: { retries: 60, minTimeout: 100, maxTimeout: 500 },
  }).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ELOCKED" ? "another process holds its lock" : obstacle(error);
    throw new UserError(`cannot write ${paths.identity}: ${reason}`);
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

/**
 * Puts `text` in the place of identity.yml in one step, keeping the old file aside, if the file still has
 * `revision`. Throws UserError where it has changed, or cannot be written. Call it under the lock.
 */
export async function swapIn(paths: Paths, text: string, revision: string): Promise<void> {
  const current = await readOwnConfig(paths.identity);
  if (current.revision !== revision) {
    throw new UserError(
      `${paths.identity} has changed since it was read; nothing was written, run \`pulumi up\` again`,
    );
  }
  try {
    if (current.text === undefined) await rm(lastGood(paths), { force: true });
    else await copyFile(paths.identity, lastGood(paths));
    await writeFileAtomic(paths.identity, text, await ownership(paths));
  } catch (error) {
    throw new UserError(`cannot write ${paths.identity}: ${obstacle(error)}`);
  }
}

/** Puts back what stood in identity.yml before `swapIn`; without an earlier file, removes it. */
export async function restore(paths: Paths, previous: string | undefined): Promise<void> {
  if (previous === undefined) await rm(paths.identity, { force: true });
  else await writeFileAtomic(paths.identity, previous, await ownership(paths));
}

/** The file holds secrets: a new one is for its owner alone; an existing one keeps its mode and owner. */
async function ownership(paths: Paths): Promise<{ mode: number; chown?: { uid: number; gid: number } }> {
  try {
    const { mode, uid, gid } = await stat(paths.identity);
    return { mode: mode & 0o777, chown: { uid, gid } };
  } catch {
    return { mode: 0o600 };
  }
}
