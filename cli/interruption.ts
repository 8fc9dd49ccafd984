/** Exit code after Ctrl-C, as shells have it. */
const INTERRUPTED = 130;

let interrupted = false;

/** Aborts on Ctrl-C, so that what was begun ends in order; a second one ends the process. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  // Not `once`: libraries that clean up at the end take a process without listeners for one that ends.
  process.on("SIGINT", () => {
    if (interrupted) process.exit(INTERRUPTED);
    interrupted = true;
    process.exitCode = INTERRUPTED;
    controller.abort();
    // A terminal that is read from keeps a process alive.
    process.stdin.destroy();
  });
  return controller.signal;
}

/** Whether there was a Ctrl-C: errors that follow are its consequence, and no news. */
export const wasInterrupted = (): boolean => interrupted;
