import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

const GRACE_MS = 5000;

/** How a child ended: its exit code, or null where a signal ended it or it never started (then with `error`). */
export interface Ending {
  code: number | null;
  error?: Error;
}

/** The Node processes of one language host, so that they end with it. */
export class Children {
  private readonly running = new Map<ChildProcess, Promise<Ending>>();

  /** Starts Node (the one that runs this) with `args`. The promise never rejects. */
  start(args: string[], options: SpawnOptions): { child: ChildProcess; ended: Promise<Ending> } {
    const child = spawn(process.execPath, args, options);
    const ended = new Promise<Ending>((resolve) => {
      child.once("error", (error) => resolve({ code: null, error }));
      child.once("close", (code) => resolve({ code }));
    }).finally(() => this.running.delete(child));
    this.running.set(child, ended);
    return { child, ended };
  }

  /** Interrupts `child`, kills it after 5 s, and resolves when it has ended. */
  async interrupt(child: ChildProcess): Promise<void> {
    const ended = this.running.get(child);
    if (!ended) {
      return;
    }
    child.kill("SIGINT");
    const kill = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    await ended;
    clearTimeout(kill);
  }

  /** Interrupts all that runs. */
  async stop(): Promise<void> {
    await Promise.all([...this.running.keys()].map((child) => this.interrupt(child)));
  }
}
