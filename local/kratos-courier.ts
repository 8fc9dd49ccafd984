import { once } from "node:events";
import { readFileSync } from "node:fs";
import { watch } from "chokidar";
import { parse } from "yaml";
import { lastErrors } from "./kratos-log";
import { type ProcessGroup, startProcessGroup } from "./process-group";

export type CourierOptions = {
  binary: string;
  /** The `-c` arguments that name the config files. */
  files: string[];
  folder: string;
  env: Record<string, string>;
  logFile: string;
  identityFile: string;
  /** Never shown. */
  secrets: string[];
  log?: (line: string) => void;
};

/** A running courier. */
export type Courier = { stop(): Promise<void> };

/**
 * Runs Kratos' courier as a program of its own, and starts it again whenever the courier's part of identity.yml changes.
 *
 * A courier before 25.4 keeps the channels that it was started with for its whole life (tried on 1.3.1: a channel that
 * was hot-reloaded is still "unknown channel"), so inside the server it would ask for a restart of the server. Here
 * sign-ins go on meanwhile, and messages wait in the queue for about a second. A courier that cannot live with its
 * config, such as a channel without type, ends; the server does not.
 */
export async function startCourier(options: CourierOptions): Promise<Courier> {
  const { binary, files, folder, env, logFile, identityFile, secrets, log } = options;
  let running: ProcessGroup | undefined;
  let stopped = false;

  async function restart(): Promise<void> {
    const previous = running;
    running = undefined;
    await previous?.stop();
    if (stopped) return;
    const mine = await startProcessGroup({
      command: binary,
      args: ["courier", "watch", ...files],
      cwd: folder,
      env,
      logFile,
    });
    running = mine;
    void mine.ended.then((how) => {
      if (running !== mine || stopped || how === "exit code 0") return;
      log?.(
        `the courier ended (${how}), it starts again when identity.yml changes: ${lastErrors(logFile, secrets)}`,
      );
    });
  }

  const watcher = watch(identityFile, { ignoreInitial: true });
  await once(watcher, "ready");
  let deployed = courierPart(identityFile);
  await restart();
  let queue = Promise.resolve();
  watcher.on("all", () => {
    const wanted = courierPart(identityFile);
    if (wanted === undefined || wanted === deployed) return;
    deployed = wanted;
    queue = queue
      .then(restart)
      .catch((error) => log?.(`the courier did not start: ${(error as Error).message}`));
  });
  return {
    async stop() {
      stopped = true;
      await watcher.close();
      await queue;
      await running?.stop();
    },
  };
}

// Undefined while the file is gone or half written; Kratos ignores it then as well.
function courierPart(identityFile: string): string | undefined {
  try {
    const document = parse(readFileSync(identityFile, "utf8")) as { courier?: unknown } | null;
    return JSON.stringify(document?.courier ?? {});
  } catch {
    return undefined;
  }
}
