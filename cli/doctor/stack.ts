import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isBranch, parsedJson } from "../../infra/identity-config/model";
import { readAt } from "../../infra/identity-config/reading";
import { redactText } from "../../infra/identity-config/sensitive";
import type { TargetSettings } from "../../infra/targets/open";
import { identityConfigs, runPulumi } from "../stack-state";
import type { ToolRun } from "../tool";
import { about, type Finding } from "./finding";

/** What Pulumi's CLI is asked of the backend and of a stack. Each start of it takes as long as all else together. */
export interface Asked {
  /** About the backend, which is at `url` as far as files tell, and about the stack. */
  told(url: string | undefined): Promise<Finding[]>;
  /** The targets that the stack names, by source: they come as soon as each is read. */
  targets(): Promise<TargetSettings[]>[];
  /** What the stack's configuration sets of the provider's, keys in the clear; nothing where it cannot be read. */
  access: Promise<Record<string, unknown>>;
}

const { ok, warn, fail } = about("backend");

/** Asks for the backend alone. */
export function askBackend(signal: AbortSignal): Asked {
  const asked = runPulumi(["whoami"], ".", signal);
  const told = async (url: string | undefined): Promise<Finding[]> => {
    const { code, stderr } = await asked;
    // That pulumi is missing, its version tells.
    if (code === undefined) return [];
    return [code === 0 ? reached(url) : unreached(stderr)];
  };
  return { told, targets: () => [], access: Promise.resolve({}) };
}

/** Asks for a stack, or for the one that is selected; what it answers tells of the backend, too. */
export function askStack(stack: string | undefined, root: string, signal: AbortSignal): Asked {
  const one = stack === undefined ? [] : ["--stack", stack];
  const state = runPulumi(["stack", "export", ...one], root, signal);
  const configOf = () => runPulumi(["config", "--json", "--show-secrets", ...one], root, signal);
  // At once where there is a stack for sure, and not in vain where there is none.
  const config =
    stack !== undefined || hasSelected(root)
      ? configOf()
      : state.then((exported) => (exported.code === 0 ? configOf() : exported));
  const told = async (url: string | undefined): Promise<Finding[]> => {
    const { code, stdout, stderr } = await state;
    if (code === undefined) return [];
    if (code !== 0 && !/no stack (named|selected)/.test(stderr)) return [unreached(stderr)];
    if (/no stack selected/.test(stderr))
      return [
        reached(url),
        warn("no stack is selected, so no target was looked at", "name one with --stack"),
      ];
    return [reached(url), configFinding(stack ?? nameIn(stdout), await config)];
  };
  return {
    told,
    targets: () => [state.then(targetsInState), config.then(targetsInConfig)],
    access: config.then(accessInConfig),
  };
}

/** Whether a stack of the project is selected, as far as Pulumi's own files tell, which it names by hashes of paths. */
function hasSelected(root: string, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.PULUMI_STACK) return true;
  const folder = join(env.PULUMI_HOME || join(homedir(), ".pulumi"), "workspaces");
  const hash = createHash("sha1").update(join(root, "Pulumi.yaml")).digest("hex");
  try {
    const [file] = readdirSync(folder).filter((name) => name.endsWith(`-${hash}-workspace.json`));
    return Boolean(file && readAt(parsedJson(readFileSync(join(folder, file), "utf8")), "/stack"));
  } catch {
    return false;
  }
}

const reached = (url: string | undefined): Finding =>
  ok(`Pulumi reaches its backend${url === undefined ? "" : `, ${redactText(url)}`}`);

const unreached = (complaint: string): Finding =>
  fail(
    `Pulumi reaches no backend: ${firstLine(complaint)}`,
    "run `pulumi login`, or set PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL",
  );

/** The stack that a state is of, as the URNs in it say. */
const nameIn = (state: string): string | undefined => /"urn": *"urn:pulumi:([^:"]+)::/.exec(state)?.[1];

/** Whether the stack's configuration can be read, secrets included. */
function configFinding(name: string | undefined, { code, stderr }: ToolRun): Finding {
  const stack = name === undefined ? "the selected stack" : `stack ${name}`;
  if (code === 0) return ok(`the configuration of ${stack} can be read, secrets included`);
  const fix = /passphrase/.test(stderr)
    ? "set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, to the stack's passphrase"
    : /no stack named/.test(stderr)
      ? `make it with \`pulumi stack init ${name}\`, or name another with --stack`
      : "correct the stack's file, or sign in to its secrets provider";
  return fail(`the configuration of ${stack} cannot be read: ${firstLine(stderr)}`, fix);
}

const targetsInState = ({ code, stdout }: ToolRun): TargetSettings[] =>
  code === 0
    ? identityConfigs(stdout)
        .map(({ inputs }) => inputs.target)
        .filter(isTarget)
    : [];

const targetsInConfig = (config: ToolRun): TargetSettings[] =>
  entries(config)
    .filter(([key]) => key.endsWith(":target"))
    .map(([, value]) => readAt(value, "/objectValue"))
    .filter(isTarget);

const accessInConfig = (config: ToolRun): Record<string, unknown> =>
  Object.fromEntries(
    entries(config)
      .filter(([key]) => key.startsWith("ory:") && key !== "ory:rules")
      .map(([key, value]) => [key.slice("ory:".length), readAt(value, "/value")]),
  );

function entries({ code, stdout }: ToolRun): [string, unknown][] {
  const config = code === 0 ? parsedJson(stdout) : undefined;
  return Object.entries(isBranch(config) ? config : {});
}

const isTarget = (value: unknown): value is TargetSettings =>
  isBranch(readAt(value, "/kratos")) || isBranch(readAt(value, "/network"));

/** What Pulumi complains of, without what it has said before. */
function firstLine(complaint: string): string {
  const [first = "", ...more] = complaint.trim().split("\n");
  const error = [first, ...more].find((line) => line.startsWith("error: ")) ?? first;
  return redactText(error.replace(/^error: /, "")).slice(0, 300);
}
