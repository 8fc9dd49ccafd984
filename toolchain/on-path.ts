import { constants } from "node:fs";
import { access, readFile, realpath, stat } from "node:fs/promises";
import { delimiter, dirname, join, sep } from "node:path";
import satisfies from "semver/functions/satisfies";
import writeFileAtomic from "write-file-atomic";
import { reasonOf, type Tool } from "./tool";

/** A binary's verdict, valid while its size and time stay. */
interface Verdict {
  size: number;
  mtimeMs: number;
  version?: string;
  reason?: string;
}

/** Where to look, and where not. */
export interface PathSearch {
  /** As the environment variable PATH. */
  path: string;
  /** Real folders whose binaries are ours, not the user's. */
  ours: string[];
  /** File that keeps verdicts, since asking a binary its version takes up to a second. */
  memory: string;
}

/** What was found: the first binary that fits, and why each of the others did not. */
export interface Found {
  binary?: string;
  rejected: string[];
}

/** All executables called `name` in the folders of `path`, in order. */
export async function executables(name: string, path: string, elsewhere: string[] = []): Promise<string[]> {
  const candidates = [...path.split(delimiter), ...elsewhere]
    .filter(Boolean)
    .map((folder) => join(folder, name));
  const usable = await Promise.all(
    candidates.map(async (file) => {
      try {
        await access(file, constants.X_OK);
        return (await stat(file)).isFile();
      } catch {
        return false;
      }
    }),
  );
  return candidates.filter((_, index) => usable[index]);
}

async function judge(tool: Tool, file: string): Promise<Verdict> {
  const { size, mtimeMs } = await stat(file);
  try {
    const version = await tool.probe(file);
    return { size, mtimeMs, version };
  } catch (error) {
    return { size, mtimeMs, reason: reasonOf(error) };
  }
}

async function recall(memory: string): Promise<Record<string, Verdict>> {
  try {
    return JSON.parse(await readFile(memory, "utf8"));
  } catch {
    return {};
  }
}

/** Looks for a `tool` of a fitting version on PATH. */
export async function findOnPath(tool: Tool, search: PathSearch): Promise<Found> {
  const rejected: string[] = [];
  const verdicts = await recall(search.memory);
  for (const file of await executables(tool.name, search.path, tool.elsewhere)) {
    const real = await realpath(file);
    // The npm package `pulumi` puts a downloader under the CLI's name; that way is a source of its own.
    const isDownloader = real.includes(`${sep}node_modules${sep}${tool.name}${sep}`);
    const places = [real, await realpath(dirname(file))];
    const isOurs = search.ours.some((folder) =>
      places.some((place) => `${place}${sep}`.startsWith(folder + sep)),
    );
    if (isDownloader || isOurs) {
      continue;
    }
    const { size, mtimeMs } = await stat(real);
    let verdict = verdicts[real];
    if (verdict?.size !== size || verdict.mtimeMs !== mtimeMs) {
      verdict = await judge(tool, real);
      verdicts[real] = verdict;
      await writeFileAtomic(search.memory, JSON.stringify(verdicts, null, 2));
    }
    if (verdict.version && satisfies(verdict.version, tool.range)) {
      return { binary: file, rejected };
    }
    rejected.push(`${file} ${verdict.version ? `is ${verdict.version}` : `fails: ${verdict.reason}`}`);
  }
  return { rejected };
}
