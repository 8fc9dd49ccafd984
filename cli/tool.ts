import { spawn } from "node:child_process";

/** What a program has printed, and its exit code; undefined, with the reason on `stderr`, where it cannot be started. */
export interface ToolRun {
  code: number | null | undefined;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program of PATH to its end. An aborted `signal` ends it with all that it has started, and rejects. It has a
 * process group of its own: else a Ctrl-C on the terminal is its, too, and it fails before the Ctrl-C is known here.
 */
export function runTool(
  name: string,
  args: string[],
  { cwd, env = process.env, signal }: { cwd: string; env?: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<ToolRun> {
  const child = spawn(name, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid);
    } catch {
      // It has ended already.
    }
  };
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  // A second Ctrl-C ends this process at once.
  process.once("exit", end);
  const run = new Promise<ToolRun>((done) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? `${name} is not on PATH` : error.message;
      done({ code: undefined, stdout, stderr: reason });
    });
    child.once("close", (code) => done({ code, stdout, stderr }));
  }).then((ended) => {
    signal.removeEventListener("abort", end);
    process.removeListener("exit", end);
    signal.throwIfAborted();
    return ended;
  });
  // Several may be under way, and the first that is waited for tells of the Ctrl-C.
  run.catch(() => {});
  return run;
}
