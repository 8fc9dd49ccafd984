import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join, relative } from "node:path";

/** What a folder holds, by path: kind, digest of the content, and what else `describe` tells. */
type Traces = Record<string, string>;

async function traces(
  folder: string,
  describe: (path: string) => Promise<string>,
  root = folder,
): Promise<Traces> {
  const stats = await lstat(folder).catch(() => undefined);
  if (stats === undefined) return {};
  const found: Traces = { [relative(root, folder) || "."]: await describe(folder) };
  if (!stats.isDirectory()) return found;
  for (const name of await readdir(folder))
    Object.assign(found, await traces(join(folder, name), describe, root));
  return found;
}

async function content(path: string): Promise<string> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return `link to ${await readlink(path)}`;
  if (!stats.isFile()) return stats.isDirectory() ? "folder" : "special file";
  return `file ${createHash("sha256")
    .update(await readFile(path))
    .digest("hex")}`;
}

/** Everything in `folder` with its bytes. */
export const contentOf = (folder: string): Promise<Traces> => traces(folder, content);

/** Everything in `folder` with its bytes, its mode, its place on the disk, and when it was written. */
export const filesOf = (folder: string): Promise<Traces> =>
  traces(folder, async (path) => {
    const { mode, ino, mtimeNs } = await lstat(path, { bigint: true });
    return `${await content(path)} ${mode.toString(8)} ${ino} ${mtimeNs}`;
  });

/**
 * The ids and command lines of running processes that work in `folder` or name it. Empty on a machine without /proc.
 */
export async function processesBelow(folder: string): Promise<string[]> {
  const ids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const [cwd, command] = await Promise.all([
        readlink(`/proc/${id}/cwd`).catch(() => ""),
        readFile(`/proc/${id}/cmdline`, "utf8").catch(() => ""),
      ]);
      return command !== "" && (cwd.startsWith(folder) || command.includes(folder))
        ? [`${id} ${command.replaceAll("\0", " ")}`]
        : [];
    }),
  );
  return found.flat().sort();
}
