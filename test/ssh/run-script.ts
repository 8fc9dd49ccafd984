import { type ChildProcess, spawn } from "node:child_process";
import which from "which";
import { inputOf } from "../../infra/targets/ssh/script";

/** The shells of this machine that may be a host's, by name. */
export const SHELLS = ["sh", "bash", "busybox sh"]
  .filter((name) => {
    const found = which.sync(name.split(" ")[0]!, { nothrow: true }) !== null;
    if (!found) process.stderr.write(`skipped: scripts of a host run by ${name}, as it is not on PATH\n`);
    return found;
  })
  .map((name) => [name, name.split(" ")] as const);

/** A script, as a shell of a host runs it. */
export class RunScript {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  private output = "";

  constructor([shell, ...args]: readonly string[], script: string, parameters: string[]) {
    const command = 'IFS= read -r script; eval "$(printf %b "$script")"';
    this.child = spawn(shell!, [...args, "-c", command], { detached: true, stdio: "pipe" });
    this.child.stdin!.on("error", () => undefined).write(inputOf(script, parameters, "mark"));
    this.child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** What it has printed so far. */
  said = (): string => this.output.replace("mark\n", "");

  /** Ends its standard input, and waits for it. */
  async end(): Promise<void> {
    this.child.stdin!.end();
    await this.ended;
  }

  kill(): void {
    try {
      process.kill(-this.child.pid!, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}
