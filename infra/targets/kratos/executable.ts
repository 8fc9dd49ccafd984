import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import valid from "semver/functions/valid";
import which from "which";
import { UserError } from "../../identity-config/user-error";
import { obstacle } from "./config-file";

/** A Kratos executable. */
export interface Executable {
  path: string;
  /** What it prints of itself, such as `1.3.1`. */
  version: string;
}

/** Longest time that an executable may take to tell its version, in milliseconds; it usually takes 0.1 s. */
const TIME_LIMIT = 10_000;

/**
 * The executable `binary`: a path, or a name to be looked up on PATH. Throws UserError where it cannot be run.
 */
export async function findExecutable(binary: string, signal: AbortSignal): Promise<Executable> {
  const failed = (reason: string) =>
    new UserError(
      `cannot run Kratos as "${binary}": ${reason}; put the executable that your server runs on PATH, or name it in target.kratos.binary`,
    );
  const found = await which(binary, { nothrow: true });
  if (found === null) throw failed(await absence(binary));
  const path = resolve(found);
  const limit = AbortSignal.timeout(TIME_LIMIT);
  const process = start(path, ["version"], { cwd: "/", env: {}, signal: AbortSignal.any([signal, limit]) });
  const code = await process.exited;
  signal.throwIfAborted();
  const version = /^Version:\s*v?(\S+)/m.exec(process.output())?.[1];
  if (limit.aborted) throw failed(`it did not tell its version within ${TIME_LIMIT / 1000} s`);
  if (process.failure() !== undefined) throw failed(process.failure()!);
  if (code !== 0)
    throw failed(`asked for its version, it ended with ${code === null ? "a signal" : `code ${code}`}`);
  if (version === undefined) throw failed("it does not tell its version, so it is no Kratos");
  if (valid(version) === null)
    throw failed(`it says it is version "${version.slice(0, 50)}", not a released one`);
  return { path, version };
}

/** Whether there is an executable `name` on PATH. */
export const isOnPath = async (name: string): Promise<boolean> =>
  (await which(name, { nothrow: true })) !== null;

async function absence(binary: string): Promise<string> {
  const stats = /[\\/]/.test(binary) ? await stat(binary).catch(() => undefined) : undefined;
  if (stats === undefined) return "there is no such executable";
  return stats.isDirectory() ? "it is a folder" : "it is a file that may not be executed";
}

/** A program that runs in a process group of its own. */
export interface Running {
  /** What it has printed so far. */
  output(): string;
  /** Why it could not be started; undefined where it was. */
  failure(): string | undefined;
  /** Settles when it ends, with its exit code; null after a signal, and where it could not be started. */
  exited: Promise<number | null>;
  /** Ends it and everything that it started, at once. */
  kill(): void;
}

/** Starts `binary`, which reads `input`; it dies with `signal`. */
export function start(
  binary: string,
  args: string[],
  options: { cwd: string; env: Record<string, string>; signal: AbortSignal; input?: string },
): Running {
  const child = spawn(binary, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A program that has ended reads nothing.
  child.stdin.on("error", () => {}).end(options.input);
  let output = "";
  let failure: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-100_000);
    });
  }
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  options.signal.addEventListener("abort", kill, { once: true });
  process.once("exit", kill);
  const exited = new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      failure = obstacle(error);
      resolve(null);
    });
    child.once("close", resolve);
  }).finally(() => {
    options.signal.removeEventListener("abort", kill);
    process.removeListener("exit", kill);
  });
  return { output: () => output, failure: () => failure, exited, kill };
}
