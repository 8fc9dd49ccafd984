import { readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { backOff } from "exponential-backoff";
import { lock } from "proper-lockfile";
import { UserError } from "../../identity-config/user-error";
import { type Ownership, writeWhole } from "../whole-file";
import { obstacle, readOwnConfig } from "./config-file";
import type { Paths } from "./files";

/** Where the file that was in force before the last write is kept. */
export const keptIn = (paths: Paths): string => `${paths.identity}.last-good`;

/** Runs `work` while no other process writes this identity.yml. Waits up to 30 s for the others. */
export async function withLock<T>(paths: Paths, work: () => Promise<T>): Promise<T> {
  const release = await backOff(() => lock(paths.identity, { realpath: false, stale: 10_000 }), {
    numOfAttempts: 60,
    startingDelay: 100,
    maxDelay: 500,
    // What is not a lock does not go away by waiting.
    retry: (error: NodeJS.ErrnoException) => error.code === "ELOCKED",
  }).catch((error: NodeJS.ErrnoException) => {
    const file = `${paths.identity}.lock`;
    const reason =
      error.code === "ELOCKED"
        ? `another process has locked it for 30 s; wait for it, or remove the folder ${file} where none runs`
        : error.code === "ENOTDIR"
          ? `${file} is a file where its lock belongs; remove it`
          : obstacle(error);
    throw new UserError(`cannot write ${paths.identity}: ${reason}; nothing was written`);
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
  await removeOrphans(paths);
  await keep(paths, current.text !== undefined);
  try {
    await writeWhole(paths.identity, text, await ownership(paths));
  } catch (error) {
    throw new UserError(`cannot write ${paths.identity}: ${obstacle(error)}; the old one is in force`);
  }
}

/** Keeps the last good file aside. */
async function keep(paths: Paths, exists: boolean): Promise<void> {
  const aside = keptIn(paths);
  try {
    if (exists) await writeWhole(aside, await readFile(paths.identity, "utf8"), await ownership(paths));
    else await rm(aside, { force: true });
  } catch (error) {
    throw new UserError(
      `cannot keep the old configuration in ${aside}: ${obstacle(error)}; nothing was written`,
    );
  }
}

/** Puts back what stood in identity.yml before `swapIn`; without an earlier file, removes it. */
export async function restore(paths: Paths, previous: string | undefined): Promise<void> {
  if (previous === undefined) await rm(paths.identity, { force: true });
  else await writeWhole(paths.identity, previous, await ownership(paths));
}

/** Files that a killed process was about to rename; under the lock, nobody else has one. */
async function removeOrphans({ identity }: Paths): Promise<void> {
  const [dir, name] = [dirname(identity), basename(identity)];
  const isOrphan = (other: string): boolean =>
    other.startsWith(name) && /^(\.last-good)?\.[0-9a-f]{12}$/.test(other.slice(name.length));
  const orphans = (await readdir(dir).catch(() => [])).filter(isOrphan);
  for (const orphan of orphans) await rm(join(dir, orphan), { force: true }).catch(() => undefined);
}

/** The file holds secrets: a new one is for its owner alone; an existing one keeps its mode and owner. */
async function ownership(paths: Paths): Promise<Ownership> {
  try {
    const { mode, uid, gid } = await stat(paths.identity);
    return { mode: mode & 0o777, chown: { uid, gid } };
  } catch {
    return { mode: 0o600 };
  }
}
