import { constants } from "node:os";

/** What ends a verb: Ctrl-C, a pipeline that is cancelled, a terminal that is closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let interrupted = false;

/**
 * Aborts on Ctrl-C and on signals like it, so that what was begun ends in order; a second one ends the process. The exit
 * code is 128 and the signal's number, as shells have it.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    const code = 128 + constants.signals[name];
    // Not `once`: libraries that clean up at the end take a process without listeners for one that ends.
    process.on(name, () => {
      if (interrupted) process.exit(code);
      interrupted = true;
      // What goes wrong from here on is its consequence, and no other exit code.
      process.on("unhandledRejection", () => {});
      process.on("exit", () => {
        process.exitCode = code;
      });
      controller.abort();
      // A terminal that is read from keeps a process alive.
      process.stdin.destroy();
    });
  }
  return controller.signal;
}

/** Whether there was a Ctrl-C: errors that follow are its consequence, and no news. */
export const wasInterrupted = (): boolean => interrupted;
