import { execFileSync } from "node:child_process";
import { chmod, chown } from "node:fs/promises";

const NOBODY = 65534;

const run = (command: string, ...args: string[]): void => {
  execFileSync(command, args, { stdio: "pipe" });
};

const isRoot = process.getuid?.() === 0;

/** A command that takes root's right to write where others may not. */
export const UNPRIVILEGED = isRoot
  ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]
  : [];

/** Makes `path` one that a process under `UNPRIVILEGED` can, with the default mode, read and not write. */
export async function makeUnwritable(path: string, mode = 0o555): Promise<void> {
  if (isRoot) await chown(path, NOBODY, NOBODY);
  await chmod(path, mode);
}

/** Undoes `makeUnwritable`. */
export async function makeWritable(folder: string): Promise<void> {
  if (isRoot) await chown(folder, 0, 0);
  await chmod(folder, 0o755);
}

/** A disk of its own at `folder`, which must be empty. */
export const mountDisk = (folder: string, size: string): void =>
  run("mount", "-t", "tmpfs", "-o", `size=${size},mode=0755`, "tmpfs", folder);

/** Makes the disk at `folder` read-only. */
export const freezeDisk = (folder: string): void => run("mount", "-o", "remount,ro", folder);

export const unmountDisk = (folder: string): void => run("umount", folder);

/** Why this machine cannot do `what`; undefined where it can. Printed, so that a test that is left out shows. */
export function unable(what: string, attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    const reason = `this machine does not allow ${what}: ${(error as Error).message.trim()}`;
    process.stderr.write(`skipped: ${reason}\n`);
    return reason;
  }
}
