import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../infra/identity-config/user-error";
import { endLeftovers } from "./leftovers";
import type { PulumiExit } from "./pulumi-cli";

export type StackStateOptions = {
  /** Runs Pulumi's CLI on the stack. */
  run: (args: string[]) => Promise<PulumiExit>;
  /** A folder for files that are gone afterwards. */
  folder: string;
  /** The stack file that the engine runs on, as its command line names it. */
  configFile: string;
};

/**
 * Creates the stack, or puts right what a run that was killed has left in its state: the engine itself, its lock, and
 * operations that it had begun, which each update would warn of. These are forgotten safely, since both resources look
 * at what is live and do what is still missing.
 *
 * @throws UserError when the CLI cannot do it
 */
export async function readyState({ run, folder, configFile }: StackStateOptions): Promise<void> {
  const created = await run(["stack", "init", "--no-select"]);
  if (created.ok) return;
  if (!/already exists|currently locked/.test(created.stderr)) throw failed("pulumi stack init", created);
  await endLeftovers(`--config-file ${configFile}`);
  succeeded("pulumi cancel", await run(["cancel", "--yes"]));
  const file = join(folder, "state.json");
  try {
    succeeded("pulumi stack export", await run(["stack", "export", "--file", file]));
    const state = JSON.parse(readFileSync(file, "utf8")) as {
      deployment: { pending_operations?: unknown[] };
    };
    if (!state.deployment.pending_operations?.length) return;
    delete state.deployment.pending_operations;
    writeFileSync(file, JSON.stringify(state));
    succeeded("pulumi stack import", await run(["stack", "import", "--file", file]));
  } finally {
    rmSync(file, { force: true });
  }
}

function succeeded(command: string, result: PulumiExit): void {
  if (!result.ok) throw failed(command, result);
}

/** The error of a command of the CLI, with `errors` or else what it printed. */
export function failed(command: string, { stderr, stdout }: PulumiExit, errors: string[] = []): UserError {
  // Said beside the reason, never as one.
  const reasons = errors.filter((text) => text !== "update failed");
  const printed = (stderr.trim() || stdout.trim()).replace(/^error: /gm, "");
  return new UserError(`${command} failed: ${reasons.join("\n") || printed || "it gave no reason"}`);
}
