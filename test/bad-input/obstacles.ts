import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { chmod, chown } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

/** `it` where this machine lets us mount disks; else the tests are skipped, and the reason is printed. */
export function itOnDisk(): jest.It {
  const folder = mkdtempSync(join(tmpdir(), "disk-"));
  try {
    mountDisk(folder, "64k");
    unmountDisk(folder);
    return it;
  } catch (error) {
    process.stderr.write(
      `skipped: this machine does not allow mounting a disk: ${(error as Error).message.trim()}\n`,
    );
    return it.skip;
  } finally {
    rmdirSync(folder);
  }
}
