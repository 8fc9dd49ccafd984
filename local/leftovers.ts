import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const GRACE_MS = 10_000;
const POLL_MS = 100;

/**
 * Ends what a run that was killed has left: the processes with `args` in their command line. They are interrupted, and
 * killed with their process group when they still run 10 seconds later.
 *
 * A Kratos among them would go on sending messages to where the outbox was. Does nothing on a machine without `ps`.
 */
export async function endLeftovers(args: string, log?: (line: string) => void): Promise<void> {
  const deadline = Date.now() + GRACE_MS;
  let found = await processesWith(args);
  if (found.length === 0) return;
  log?.(`ending what an earlier run has left: process ${found.join(", ")}`);
  for (const pid of found) signal(pid, "SIGINT");
  while (found.length > 0 && Date.now() < deadline) {
    await delay(POLL_MS);
    found = await processesWith(args);
  }
  for (const pid of found) signal(-pid, "SIGKILL");
}

async function processesWith(args: string): Promise<number[]> {
  const ps = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=,args="], { maxBuffer: 2 ** 26 }).catch(
    () => undefined,
  );
  const lines = ps?.stdout.split("\n").filter((line) => line.includes(args)) ?? [];
  return lines.map((line) => Number.parseInt(line, 10)).filter((pid) => pid !== process.pid);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // ESRCH: it has ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
