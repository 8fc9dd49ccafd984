import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const COMMAND = resolve(__dirname, "../../cli/pulumi-ory.js");

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the compiled command to its end, as a shell would. */
export function pulumiOry(
  args: string[],
  { cwd = tmpdir(), stdin = "", env = {} as NodeJS.ProcessEnv } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, env: { ...process.env, ...env } });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.end(stdin);
  return new Promise((done) => child.once("close", (code) => done({ code, stdout, stderr })));
}

/** A folder with `files`, which `remove` takes away. */
export async function folderWith(files: Record<string, string>) {
  const dir = await mkdtemp(join(tmpdir(), "cli-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}
