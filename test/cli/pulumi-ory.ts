import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The executable. */
export const COMMAND = resolve(__dirname, "../../cli/pulumi-ory.js");

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Options {
  cwd?: string;
  /** What is read from standard input; null leaves it open. Default: nothing. */
  stdin?: string | null;
  /** Laid over the environment. */
  env?: NodeJS.ProcessEnv;
}

/** Runs the compiled command to its end, as a shell would. */
export const pulumiOry = (args: string[], options: Options = {}): Promise<Run> =>
  startPulumiOry(args, options).done;

/** Starts it. */
export function startPulumiOry(args: string[], { cwd = tmpdir(), stdin = "", env = {} }: Options = {}) {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, env: { ...process.env, ...env } });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  if (stdin !== null) child.stdin.end(stdin);
  const done = new Promise<Run>((ended) => child.once("close", (code) => ended({ code, stdout, stderr })));
  return { child, done };
}

/** A folder with `files`, which `remove` takes away. */
export async function folderWith(files: Record<string, string>) {
  const dir = await mkdtemp(join(tmpdir(), "cli-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}
