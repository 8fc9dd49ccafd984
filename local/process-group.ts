import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";

export type ProcessGroupOptions = {
  command: string;
  args: string[];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>;
  /** Where both outputs are appended. */
  logFile: string;
};

/** A running program with all that it starts. */
export type ProcessGroup = {
  pid: number;
  /** Settles with how the program ended: `exit code 1`, `signal SIGKILL`. */
  ended: Promise<string>;
  /** Ends the program with SIGTERM, and after 5 seconds the whole group with SIGKILL. May be called again. */
  stop(): Promise<void>;
};

const GRACE_MS = 5_000;

/**
 * Starts a program in a process group of its own, so that it does not die of the Ctrl-C that its parent handles, and
 * so that what it starts itself can be ended with it.
 *
 * @throws Error when the program cannot be started
 */
export async function startProcessGroup({
  command,
  args,
  cwd,
  env,
  logFile,
}: ProcessGroupOptions): Promise<ProcessGroup> {
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  const ended = once(child, "exit").then(([code, signal]) =>
    signal ? `signal ${signal}` : `exit code ${code}`,
  );
  // A program that cannot be started never exits; that error is the one of "spawn".
  ended.catch(() => undefined);
  await once(child, "spawn");
  const pid = child.pid!;
  stopAtExit(pid, ended);

  return {
    pid,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => killGroup(pid), GRACE_MS);
      await ended;
      clearTimeout(timer);
      killGroup(pid);
    },
  };
}

/** Kills the group of `pid` when this process ends without having stopped it, as it does on an error nobody handles. */
export function stopAtExit(pid: number, ended: Promise<unknown>): void {
  const stop = () => killGroup(pid);
  process.once("exit", stop);
  const forget = () => process.removeListener("exit", stop);
  ended.then(forget, forget);
}

/** Kills what is left of the group of `pid`, with SIGKILL. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // ESRCH: nobody of the group is left.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
