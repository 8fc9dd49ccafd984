import { mkdir, realpath } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import envPaths from "env-paths";
import { fillCloneBin, hasOfficialHost } from "./clone-bin";
import { installOnce } from "./install-once";
import { kratos } from "./kratos";
import { findOnPath } from "./on-path";
import type { Screen } from "./progress";
import { pulumi } from "./pulumi";
import { type Tool, ToolchainError } from "./tool";

export { ToolchainError };

/** The executables that the project runs. */
export interface Tools {
  /** Path of Pulumi's CLI. */
  pulumi: string;
  /** Path of Ory Kratos, built with SQLite. */
  kratos: string;
  /** Folder of this clone that holds both, and the Node language host where Pulumi came without. */
  bin: string;
  /** To be laid over the environment of a child, so that a plain `pulumi` there finds itself, its Node language host and `kratos`. */
  env: { PATH: string; PULUMI_SKIP_UPDATE_CHECK: string };
}

/** What tests put in place of this machine. */
export interface Surroundings {
  /** Default: `userCache()`. */
  cache?: string;
  /** Default: `.local/bin` of this clone. */
  cloneBin?: string;
  /** Default: the environment's PATH. */
  path?: string;
  /** Gets progress. Default: stderr. */
  screen?: Screen;
  /** Default: Pulumi and Kratos as this project pins them. */
  wanted?: { pulumi: Tool; kratos: Tool };
}

/** Where what was brought stays, for all clones of this user: PULUMI_ORY_CACHE, else the system's place for caches. */
export function userCache(): string {
  return process.env.PULUMI_ORY_CACHE || envPaths("pulumi-ory", { suffix: "" }).cache;
}

/**
 * Brings Pulumi's CLI and Kratos to this machine: a fitting one that is already there, else the official release, else a
 * build of the Go module (minutes). What was brought stays in a cache of the user, so the next call needs no network.
 * Throws ToolchainError, whose message says what was tried and what to do.
 */
export async function ensureTools(around: Surroundings = {}): Promise<Tools> {
  if (process.platform === "win32") {
    throw new ToolchainError(
      "this machine runs Windows: run the project in WSL, since Kratos is built for Linux and macOS here",
    );
  }
  const { cloneBin, path } = placesOf(around);
  const wanted = around.wanted ?? { pulumi, kratos };
  const binaries = {
    pulumi: await ensureTool(wanted.pulumi, around),
    kratos: await ensureTool(wanted.kratos, around),
  };
  await fillCloneBin(cloneBin, binaries, !(await hasOfficialHost(binaries.pulumi, path)));
  const env = { PATH: `${cloneBin}${delimiter}${path}`, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return { ...binaries, bin: cloneBin, env };
}

/** Brings one `tool` to this machine, as `ensureTools` does, and tells its path. Throws ToolchainError. */
export async function ensureTool(tool: Tool, around: Surroundings = {}): Promise<string> {
  const { cloneBin, path, cache } = placesOf(around);
  await Promise.all([cache, cloneBin].map((folder) => mkdir(folder, { recursive: true })));
  const ours = await Promise.all([cache, cloneBin].map((folder) => realpath(folder)));
  const found = await findOnPath(tool, { path, ours, memory: join(cache, "on-path.json") });
  if (found.binary) {
    return found.binary;
  }
  const onPath = `PATH: ${found.rejected.join(", ") || "none there"}`;
  return (await installOnce(tool, cache, around.screen ?? process.stderr, [onPath])).binary;
}

/** PATH is told without the clone's own folder. */
function placesOf(around: Surroundings) {
  const cloneBin = resolve(around.cloneBin ?? join(__dirname, "..", ".local", "bin"));
  const folders = (around.path ?? process.env.PATH ?? "").split(delimiter);
  const path = folders.filter((folder) => folder !== cloneBin).join(delimiter);
  return { cloneBin, path, cache: resolve(around.cache ?? userCache()) };
}
