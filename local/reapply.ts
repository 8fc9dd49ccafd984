import { once } from "node:events";
import { watch } from "chokidar";

export type ReapplyOptions = {
  /** Files and folders; of a folder, all that is in it counts. */
  paths: string[];
  /** Which files do not count. */
  ignored: (path: string) => boolean;
  /** Told the paths that have changed since the last call; none at the first. Never runs twice at once. */
  apply: (changed: string[]) => Promise<void>;
  /** Told why an `apply` failed. The watch goes on. */
  onError: (error: unknown) => void;
};

/** A watch that goes on. */
export type Reapply = {
  /** Ends the watch, and waits for what is being applied. */
  stop(): Promise<void>;
};

// Editors write a file in several steps, and Git many files at once.
const QUIET_MS = 300;

/**
 * Applies at once, and again when things have been quiet for 300 ms after a change. However much changes while
 * something is being applied, it leads to one more call.
 */
export async function reapplyOnChange({ paths, ignored, apply, onError }: ReapplyOptions): Promise<Reapply> {
  const watcher = watch(paths, {
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && ignored(path),
  });
  await once(watcher, "ready");
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    do {
      const batch = [...changed];
      changed.clear();
      await apply(batch).catch(onError);
    } while (timer === undefined && changed.size > 0);
    running = undefined;
  }

  watcher.on("error", onError);
  watcher.on("all", (_event, path) => {
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      running ??= drain();
    }, QUIET_MS);
  });
  running = drain();
  return {
    async stop() {
      clearTimeout(timer);
      await watcher.close();
      changed.clear();
      await running;
    },
  };
}
