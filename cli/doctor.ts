import { Command } from "commander";
import type { TargetSettings } from "../infra/targets/open";
import type { Finding } from "./doctor/finding";
import { keys } from "./doctor/keys";
import { type Project, project } from "./doctor/project";
import { versions } from "./doctor/versions";
import { interruption } from "./interruption";
import { withProgress } from "./progress";
import { styled, visible } from "./visible";

/** What `doctor` is told. */
export interface DoctorOptions {
  /** The stack whose configuration and targets are looked at. Default: the one that is selected. */
  stack?: string;
}

/** Looks at all that a `pulumi up` needs, and says of each whether it is there. Nothing is written. */
export async function doctor({ stack }: DoctorOptions, signal: AbortSignal): Promise<Finding[]> {
  // Neither waits for the other: both wait for Pulumi's CLI.
  const [told, tools] = await Promise.all([ofProject(stack, signal), versions(signal)]);
  return [...tools, ...told];
}

async function ofProject(stack: string | undefined, signal: AbortSignal): Promise<Finding[]> {
  const { findings, root = ".", targets, access } = await project(stack, signal);
  const told = await Promise.all([...findings, ...reached(targets(), root, access, signal)]);
  return [...keys(await access), ...told.flat()];
}

/** Looks at each target once, as soon as it is known. */
function reached(
  sources: Promise<TargetSettings[]>[],
  root: string,
  access: Project["access"],
  signal: AbortSignal,
): Promise<Finding[]>[] {
  const known = new Set<string>();
  // While Pulumi's CLI is at work.
  if (sources.length > 0) setImmediate(lookedAt);
  return sources.map(async (source) => {
    const fresh = (await source).filter((target) => {
      const key = JSON.stringify(target);
      return !known.has(key) && known.add(key);
    });
    const look = (target: TargetSettings) => lookedAt().targetFindings(target, root, access, signal);
    const found = await Promise.all(fresh.map(look));
    return found.flat();
  });
}

// Targets take longer to load than all else.
const lookedAt = () => require("./doctor/targets") as typeof import("./doctor/targets");

const COLOURS = { ok: "green", warn: "yellow", fail: "red" } as const;

function asText(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ level, text, fix }) => [
    `${styled(COLOURS[level], level.padEnd(4))}  ${visible(text)}`,
    ...(fix === undefined ? [] : [`      fix: ${visible(fix)}`]),
  ]);
  return `${lines.join("\n")}\n`;
}

/** Exit code where something fails. */
const AILING = 2;

const HELP = `
Looks at versions, keys, the Pulumi project and its provider, the backend, the stack's configuration, and at every
target of the stack: whether it answers, and whether its clock and this one agree. Nothing is written, no secret shown.
Exit code: 0, or 2 where a line says fail, or 1 where it could not be done.

Examples:
  pulumi-ory doctor
  pulumi-ory doctor --stack prod
  pulumi-ory doctor --json`;

/** The verb's command line. */
export function command(): Command {
  return new Command("doctor")
    .option("--stack <name>", "the stack to look at (default: the one that is selected)")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(async ({ json, ...options }: DoctorOptions & { json?: boolean }) => {
      const findings = await withProgress("looking around…", doctor(options, interruption()));
      const ok = findings.every(({ level }) => level !== "fail");
      process.stdout.write(json ? `${JSON.stringify({ ok, findings }, undefined, 2)}\n` : asText(findings));
      if (!ok) process.exitCode = AILING;
    });
}
