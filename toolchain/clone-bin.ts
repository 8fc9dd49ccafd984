import type { Stats } from "node:fs";
import {
  copyFile,
  link,
  lstat,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { executables } from "./on-path";
import { shellQuoted } from "./shell-quoted";

const LANGUAGE_HOST = "pulumi-language-nodejs";
const MARK = "# pulumi-ory language host";
const SCRIPT_LIMIT = 4096;
const EXECUTABLE = 0o755;

async function isOurs(file: string): Promise<boolean> {
  const isScript = (await stat(file)).size < SCRIPT_LIMIT;
  return isScript && (await readFile(file, "utf8")).includes(MARK);
}

/** Whether `pulumi` finds the official Node language host, beside itself or on `path`. */
export async function hasOfficialHost(pulumi: string, path: string): Promise<boolean> {
  for (const file of await executables(LANGUAGE_HOST, path, [dirname(await realpath(pulumi))])) {
    if (!(await isOurs(file))) {
      return true;
    }
  }
  return false;
}

function shim(): string {
  // tsx's loader for CommonJS alone starts in half the time.
  const loader = require.resolve("tsx/cjs");
  const host = join(__dirname, "language-host.ts");
  return `#!/bin/sh\n${MARK}\nexec node --require ${shellQuoted(loader)} ${shellQuoted(host)} "$@"\n`;
}

async function replace(file: string, make: (fresh: string) => Promise<void>): Promise<void> {
  const fresh = `${file}.${process.pid}`;
  await rm(fresh, { force: true });
  await make(fresh);
  await rename(fresh, file);
}

async function isCopy(file: string, target: Stats): Promise<boolean> {
  const there = await lstat(file).catch(() => undefined);
  return there?.isFile() === true && there.size === target.size && there.mtimeMs === target.mtimeMs;
}

/** Makes `file` the same as `target`, but at a path of its own, which a symbolic link would not be. */
async function place(target: string, file: string): Promise<void> {
  const original = await stat(target);
  if (await isCopy(file, original)) {
    return;
  }
  await replace(file, async (fresh) => {
    try {
      await link(await realpath(target), fresh);
    } catch {
      // Another file system, or another owner.
      await copyFile(target, fresh);
      await utimes(fresh, original.atime, original.mtime);
    }
  });
}

/**
 * Fills the clone's own folder of executables, the one folder that goes first on PATH. The folders that the tools lie in
 * may hold much else (another Node, say) that must not come first.
 */
export async function fillCloneBin(
  folder: string,
  tools: { pulumi: string; kratos: string },
  ownHost: boolean,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replace(join(folder, "kratos"), (fresh) => symlink(tools.kratos, fresh));
  const pulumi = join(folder, "pulumi");
  const host = join(folder, LANGUAGE_HOST);
  if (ownHost) {
    // The engine warns at every run about a language host that is not beside it.
    await place(tools.pulumi, pulumi);
    await writeFileAtomic(host, shim(), { mode: EXECUTABLE });
  } else {
    await replace(pulumi, (fresh) => symlink(tools.pulumi, fresh));
    await rm(host, { force: true });
  }
}
