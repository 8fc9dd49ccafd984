import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { Tools } from "../toolchain/tools";
import { EngineReport, type Tell } from "./engine-report";
import { runPulumi } from "./pulumi-cli";
import { kratosDirOf, type LocalTarget, writeStackCopy } from "./stack-copy";
import { failed, readyState } from "./stack-state";

/** Encrypts the secrets of the embedded default's stack. No secret itself: nothing in that stack is worth one. */
export const PASSPHRASE = "dev";

const STACK = "dev";

export type LocalStackOptions = {
  /** The folder of Pulumi.yaml. */
  project: string;
  /** Default: stacks/Pulumi.dev.yaml of the project. Only read. */
  stackFile?: string;
  /** Where the state and the copy of the stack file live. Nobody else may use it meanwhile. */
  folder: string;
  tools: Pick<Tools, "bin" | "env">;
  /** By which the provider reaches the target; keys may be among them. Default: none. */
  access?: Record<string, string>;
};

export type UpOptions = {
  target: LocalTarget;
  /** The running outbox. */
  outboxUrl: string;
  /** Interrupts the engine. */
  signal?: AbortSignal;
  tell: Tell;
};

/** What an update brought. */
export type Applied = { outputs: StackOutputs; changes: number };

/** The outputs of infra/main.ts. `proof` is there when the stack asks for one. */
export type StackOutputs = { revision?: string; proof?: { journeys: { as: string }[]; at: string } };

/** The dev stack on a state in a file, run by the real engine. */
export type LocalStack = {
  /** The copy of the stack file that the engine reads. */
  configFile: string;
  /** What a shell needs beside PATH to run `pulumi` on the same state. */
  env: Record<string, string>;
  /**
   * `pulumi up` with the policy pack.
   *
   * @throws UserError with what the engine says about why it failed
   */
  up(options: UpOptions): Promise<Applied>;
};

/** Where a project's stack file lies. */
export function devStackFile(project: string): string {
  return join(project, "stacks", `Pulumi.${STACK}.yaml`);
}

/** The project's name, which the keys of stack files start with. */
export function projectName(project: string): string {
  return (parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")) as { name: string }).name;
}

/** The Kratos's folder that the stack file names, as an absolute path. */
export function namedKratosDir(project: string, stackFile = devStackFile(project)): string {
  return resolve(project, kratosDirOf(stackFile, projectName(project)));
}

/** Prepares the dev stack's own state. What a run that was killed has left there is put right by the first update. */
export function openLocalStack(options: LocalStackOptions): LocalStack {
  const { project, stackFile = devStackFile(project), tools, access } = options;
  const folder = resolve(options.folder);
  const state = join(folder, "state");
  // Creating a stack writes the stack file of the project that the CLI runs in, which must not be the real one.
  const stand = join(folder, "stack");
  const configFile = join(stand, `Pulumi.${STACK}.yaml`);
  const name = projectName(project);
  for (const made of [state, stand]) mkdirSync(made, { recursive: true, mode: 0o700 });
  writeFileSync(join(stand, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
  const env = {
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_RUN_PROGRAM: "true",
  };
  const run = (
    args: string[],
    more: { cwd?: string; signal?: AbortSignal; onLine?: (line: string) => void },
  ) =>
    runPulumi({
      binary: join(tools.bin, "pulumi"),
      args: [...args, "--stack", STACK, "--non-interactive"],
      cwd: project,
      env: {
        ...process.env,
        ...withoutProxy(),
        ...tools.env,
        ...env,
        ...access,
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      },
      ...more,
    });
  let ready = false;

  return {
    configFile,
    env,
    async up({ target, outboxUrl, signal, tell }) {
      writeStackCopy({ from: stackFile, to: configFile, project: name, target, outboxUrl });
      if (!ready) {
        await readyState({ run: (args) => run(args, { cwd: stand, signal }), folder: stand, configFile });
      }
      ready = true;
      const report = new EngineReport(tell);
      const up = ["up", "--yes", "--json", "--policy-pack", "policies", "--config-file", configFile];
      const result = await run(up, { signal, onLine: (line) => report.read(line) });
      if (!result.ok) throw failed("pulumi up", result, report.errors);
      const shown = await run(["stack", "output", "--json"], { cwd: stand, signal });
      if (!shown.ok) throw failed("pulumi stack output", shown);
      return { outputs: JSON.parse(shown.stdout) as StackOutputs, changes: report.changes };
    },
  };
}

// The engine and its plugins talk over 127.0.0.1; in Node a proxy set for all traffic would get that as well.
function withoutProxy(): Record<string, string> {
  const { no_proxy, NO_PROXY } = process.env;
  const hosts = [no_proxy ?? NO_PROXY, "127.0.0.1", "localhost"].filter(Boolean).join(",");
  return { no_proxy: hosts, NO_PROXY: hosts };
}
