import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { killGroup, stopAtExit } from "./process-group";

export type PulumiCliOptions = {
  /** The path of Pulumi's CLI. */
  binary: string;
  args: string[];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: NodeJS.ProcessEnv;
  /** Interrupts the CLI, which then finishes the step it is at, and releases the stack. */
  signal?: AbortSignal;
  /** Told each line of standard output as it comes. */
  onLine?: (line: string) => void;
};

/** How a run of the CLI ended. */
export type PulumiExit = { ok: boolean; stdout: string; stderr: string };

const GRACE_MS = 20_000;

/**
 * Runs Pulumi's CLI to its end, in a process group of its own, so that a Ctrl-C reaches it only through `signal`. What
 * still runs 20 seconds after that is killed.
 *
 * @throws the signal's reason once the interrupted CLI has ended
 */
export async function runPulumi({
  binary,
  args,
  cwd,
  env,
  signal,
  onLine,
}: PulumiCliOptions): Promise<PulumiExit> {
  signal?.throwIfAborted();
  const child = spawn(binary, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const output = { stdout: "", stderr: "" };
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (onLine) onLine(line);
    else output.stdout += `${line}\n`;
  });

  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    child.kill("SIGINT");
    if (child.pid !== undefined) timer = setTimeout(killGroup, GRACE_MS, child.pid);
  };
  if (child.pid !== undefined) stopAtExit(child.pid, closed);
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    const code = await closed;
    signal?.throwIfAborted();
    return { ok: code === 0, ...output };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", interrupt);
  }
}
