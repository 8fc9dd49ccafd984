import type { ChildProcess } from "node:child_process";
import { obstacle } from "../kratos/config-file";

/** A script on the host that goes on until its standard input ends. */
export interface Session {
  child: ChildProcess;
  /** What it has printed, without what a login shell has before. */
  stdout(): Buffer;
  stderr(): string;
  /** Settles when it has ended, with its exit code; null where the connection was cut. */
  ended: Promise<number | null>;
  /** Cuts it off: on the host, its standard input ends. */
  kill(): void;
}

/** A session from its start. */
export interface Followed extends Session {
  /** All that was printed before the script began, and its own errors. */
  told(): string;
  /** Whether the script has begun; settles when it has, or has ended without. */
  begun: Promise<boolean>;
  /** From here on, the signal does not end it. */
  free(): void;
}

/** Gathers what a client prints, and ends it with the signal. */
export function follow(child: ChildProcess, mark: string | undefined, signal: AbortSignal): Followed {
  let stdout = Buffer.alloc(0);
  let stderr = "";
  let failure: string | undefined;
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  const said = (): Buffer | undefined => {
    if (mark === undefined) return stdout;
    const at = stdout.indexOf(`${mark}\n`);
    return at < 0 ? undefined : stdout.subarray(at + mark.length + 1);
  };
  let begin = (_: boolean): void => undefined;
  const begun = new Promise<boolean>((resolve) => {
    begin = resolve;
  });
  const free = () => signal.removeEventListener("abort", kill);
  signal.addEventListener("abort", kill, { once: true });
  if (signal.aborted) kill();
  // A client that has ended reads nothing.
  child.stdin?.on("error", () => undefined);
  child.stdout?.on("data", (data: Buffer) => {
    stdout = Buffer.concat([stdout, data]);
    if (said() !== undefined) begin(true);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-1_000_000);
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      failure = error.code === "ENOENT" ? "ssh: not found" : obstacle(error);
      resolve(null);
    });
    child.once("close", (code) => resolve(said() === undefined || code === 255 ? null : code));
  }).finally(() => {
    free();
    begin(false);
  });
  return {
    ...{ child, begun, free, kill, ended },
    stdout: () => said() ?? Buffer.alloc(0),
    stderr: () => failure ?? stderr,
    told: () => failure ?? stderr + stdout.toString("utf8"),
  };
}
