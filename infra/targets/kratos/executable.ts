import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import which from "which";
import { UserError } from "../../identity-config/user-error";

const run = promisify(execFile);

/** A Kratos executable. */
export interface Executable {
  path: string;
  /** What it prints of itself, such as `1.3.1`. */
  version: string;
}

/**
 * The executable `binary`: a path, or a name to be looked up on PATH. Throws UserError where it cannot be run.
 */
export async function findExecutable(binary: string, signal: AbortSignal): Promise<Executable> {
  const failed = (reason: string) =>
    new UserError(
      `cannot run Kratos as "${binary}": ${reason}; put the executable that your server runs on PATH, or name it in target.kratos.binary`,
    );
  const path = await which(binary, { nothrow: true });
  if (path === null) throw failed("there is no such executable");
  try {
    const { stdout } = await run(path, ["version"], { env: {}, signal, timeout: 20_000 });
    const version = /Version:\s*v?(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
    if (version === undefined) throw failed("it does not tell its version");
    return { path, version };
  } catch (error) {
    if (error instanceof UserError || signal.aborted) throw error;
    throw failed((error as Error).message);
  }
}

/** Whether there is an executable `name` on PATH. */
export const isOnPath = async (name: string): Promise<boolean> =>
  (await which(name, { nothrow: true })) !== null;

/** A Kratos that runs in a process group of its own. */
export interface Running {
  /** What it has printed so far. */
  output(): string;
  /** Settles when it ends, with its exit code. */
  exited: Promise<number | null>;
  /** Ends it and everything that it started, at once. */
  kill(): void;
}

/** Starts `binary`; it dies with `signal`. */
export function start(
  binary: string,
  args: string[],
  options: { cwd: string; env: Record<string, string>; signal: AbortSignal },
): Running {
  const child = spawn(binary, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
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
      output += error.message;
      resolve(null);
    });
    child.once("close", resolve);
  }).finally(() => {
    options.signal.removeEventListener("abort", kill);
    process.removeListener("exit", kill);
  });
  return { output: () => output, exited, kill };
}
