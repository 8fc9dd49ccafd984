import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";

export const FOLDER = resolve(__dirname, "../../examples/github-actions");

export interface Step {
  name?: string;
  id?: string;
  uses?: string;
  run?: string;
  if?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

export interface Job {
  if?: string;
  needs?: string;
  permissions?: Record<string, string>;
  environment?: string;
  concurrency?: { group: string };
  "runs-on": string;
  "timeout-minutes"?: number;
  steps: Step[];
}

export interface Workflow {
  name: string;
  on: Record<string, Record<string, unknown> | null>;
  permissions: unknown;
  defaults: { run: { shell: string } };
  concurrency?: { group: string };
  jobs: Record<string, Job>;
}

/** The workflows by the names of their files. */
export const workflows: Record<string, { text: string; workflow: Workflow }> = Object.fromEntries(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".yml"))
    .map((file) => {
      const text = readFileSync(join(FOLDER, file), "utf8");
      return [file, { text, workflow: parse(text) as Workflow }];
    }),
);

/** What `github` and others are in an expression. */
export type Contexts = Record<string, unknown>;

/** The value of an expression of GitHub's; they are read as JavaScript, as far as these workflows go. */
export function valueIn(expression: string, contexts: Contexts): unknown {
  const text = expression.replace(/^\$\{\{(.*)\}\}$/s, "$1").replace(/\.([\w]+-[\w-]+)/g, '["$1"]');
  const known = {
    contains: (all: unknown[], one: unknown) => all.includes(one),
    fromJSON: JSON.parse,
    cancelled: () => false,
    ...contexts,
  };
  return new Function(...Object.keys(known), `return (${text});`)(...Object.values(known));
}

/** `text` with its expressions replaced by their values. */
export const filledIn = (text: string, contexts: Contexts): string =>
  text.replace(/\$\{\{.*?\}\}/g, (expression) => String(valueIn(expression, contexts) ?? ""));

/** The jobs that an event starts, those that wait for others included. */
export function started({ jobs }: Workflow, contexts: Contexts): string[] {
  const names: string[] = [];
  for (const [name, job] of Object.entries(jobs)) {
    const waits = !/cancelled\(\)|always\(\)|failure\(\)/.test(job.if ?? "");
    if (job.needs !== undefined && waits && !names.includes(job.needs)) continue;
    const isWanted = job.if === undefined || Boolean(valueIn(job.if, contexts));
    if (isWanted) names.push(name);
  }
  return names;
}

export interface StepRun {
  code: number;
  output: string;
  /** What the step has put into GITHUB_OUTPUT. */
  outputs: Record<string, string>;
  summary: string;
}

/** Runs the script of a step as a runner does, in `cwd`. Programs come from `bin` first. */
export async function runStep(
  { run, env = {} }: Step,
  cwd: string,
  contexts: Contexts,
  more: NodeJS.ProcessEnv,
): Promise<StepRun> {
  const files = join(cwd, ".runner");
  await mkdir(files, { recursive: true });
  const [GITHUB_OUTPUT, GITHUB_STEP_SUMMARY] = [join(files, "output"), join(files, "summary")];
  for (const file of [GITHUB_OUTPUT, GITHUB_STEP_SUMMARY]) await writeFile(file, "");
  const own = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, filledIn(value, contexts)]),
  );
  const script = join(files, "script.sh");
  await writeFile(script, filledIn(run!, contexts));
  const all = { ...process.env, ...more, ...own, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY };
  const done = await promisify(execFile)("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
    cwd,
    env: all,
  }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), output: stdout + stderr }),
  );
  const outputs = Object.fromEntries(
    (await readFile(GITHUB_OUTPUT, "utf8"))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  return { ...done, outputs, summary: await readFile(GITHUB_STEP_SUMMARY, "utf8") };
}
