import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import lockfile from "proper-lockfile";
import { type Screen, withProgress } from "./progress";
import { reasonOf, type Source, type Tool, ToolchainError } from "./tool";

const RECORD = "installed.json";
const LOCK_STALE_MS = 6000;

interface InstallRecord {
  version: string;
  source: Source["name"];
  /** Of the binary, in bytes: tells a broken copy without running it. */
  size: number;
  /** ISO 8601. */
  at: string;
}

/** A tool in the cache. */
export interface Installed {
  binary: string;
  source: Source["name"];
}

/** The folder of `tool` in `cache`. Names platform and processor, since a home can be shared between machines. */
export function toolFolder(tool: Tool, cache: string): string {
  return join(cache, `${tool.name}-${tool.version}-${process.platform}-${process.arch}`);
}

async function readInstalled(tool: Tool, folder: string): Promise<Installed | undefined> {
  const binary = join(folder, "bin", tool.name);
  try {
    const record: InstallRecord = JSON.parse(await readFile(join(folder, RECORD), "utf8"));
    await access(binary, constants.X_OK);
    const whole = (await stat(binary)).size === record.size && record.version === tool.version;
    return whole ? { binary, source: record.source } : undefined;
  } catch {
    return undefined;
  }
}

async function installFrom(source: Source, tool: Tool, folder: string): Promise<Installed> {
  const partial = await mkdtemp(`${folder}.partial-`);
  try {
    await source.fetch(partial);
    const binary = join(partial, "bin", tool.name);
    const version = await tool.probe(binary);
    if (version !== tool.version) {
      throw new Error(`it brought version ${version}, not ${tool.version}`);
    }
    const record: InstallRecord = {
      version,
      source: source.name,
      size: (await stat(binary)).size,
      at: new Date().toISOString(),
    };
    await writeFile(join(partial, RECORD), JSON.stringify(record, null, 2));
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    return { binary: join(folder, "bin", tool.name), source: source.name };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  const left = (await readdir(dirname(folder))).filter((name) =>
    name.startsWith(`${basename(folder)}.partial-`),
  );
  await Promise.all(left.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })));
}

async function lock(tool: Tool, folder: string, screen: Screen): Promise<() => Promise<void>> {
  // A run that lost its lock (a laptop that slept) does no harm: it works in a folder of its own until the rename.
  const options = {
    realpath: false,
    stale: LOCK_STALE_MS,
    update: LOCK_STALE_MS / 3,
    onCompromised: () => {},
  };
  try {
    return await lockfile.lock(folder, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") {
      throw error;
    }
  }
  const wait = { forever: true, minTimeout: 200, maxTimeout: 2000 };
  return withProgress(`waiting for another run that is getting ${tool.title} ${tool.version}`, screen, () =>
    lockfile.lock(folder, { ...options, retries: wait }),
  );
}

/**
 * The `tool` in `cache`, put there from the first of its sources that works if it is missing or broken. Runs at the same
 * time install it once. `tried` says what was looked at before, for the error.
 * Throws ToolchainError when no source works.
 */
export async function installOnce(
  tool: Tool,
  cache: string,
  screen: Screen,
  tried: string[] = [],
): Promise<Installed> {
  const folder = toolFolder(tool, cache);
  const present = await readInstalled(tool, folder);
  if (present) {
    return present;
  }
  await mkdir(cache, { recursive: true });
  const release = await lock(tool, folder, screen);
  try {
    const meanwhile = await readInstalled(tool, folder);
    if (meanwhile) {
      return meanwhile;
    }
    await removeLeftovers(folder);
    const failures = [...tried];
    for (const source of tool.sources) {
      try {
        return await withProgress(source.title, screen, () => installFrom(source, tool, folder));
      } catch (error) {
        failures.push(`${source.label}: ${reasonOf(error)}`);
      }
    }
    throw new ToolchainError(explain(tool, failures));
  } finally {
    await release().catch(() => {});
  }
}

function explain(tool: Tool, failures: string[]): string {
  const remedies = [`put ${tool.name} ${tool.range} on PATH`, ...tool.sources.map((source) => source.remedy)];
  return [
    `${tool.title} ${tool.version} could not be had`,
    ...failures.map((failure) => `  tried ${failure}`),
    ...remedies.map((remedy, index) => `  ${index === 0 ? "to do:" : "   or:"} ${remedy}`),
  ].join("\n");
}
