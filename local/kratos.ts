import { execFile } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { backOff } from "exponential-backoff";
import { UserError } from "../infra/identity-config/user-error";
import { withTimeLimit } from "../infra/time-limit";
import { type ReservedPort, reservePort } from "./free-port";
import { writeKratosConfig } from "./kratos-config";
import { type Courier, startCourier } from "./kratos-courier";
import { lastErrors } from "./kratos-log";
import { endLeftovers } from "./leftovers";
import { type ProcessGroup, startProcessGroup } from "./process-group";

export type LocalKratosOptions = {
  /** The path of the Kratos program. */
  binary: string;
  /** Where all files live; created when it is missing. */
  folder: string;
  /** Default: 4433. Another one is taken when this one is not free. */
  publicPort?: number;
  /** Default: 4434. Another one is taken when this one is not free. */
  adminPort?: number;
  /** Where the pages for signing in would be. Default: http://127.0.0.1:4455. */
  uiUrl?: string;
  /** Ends the start, and stops what has started. Later it has no effect. */
  signal?: AbortSignal;
  /** Told what people should know: other ports than asked for, a courier that died. */
  log?: (line: string) => void;
  /** Called when the server ends by itself, with the reason from its log. */
  onDeath?: (error: Error) => void;
};

/** A running Kratos, with a courier beside it. */
export type LocalKratos = {
  publicUrl: string;
  adminUrl: string;
  /** kratos.yml, the operator's own. */
  operatorFile: string;
  /** identity.yml, which `pulumi up` writes and the running Kratos reloads. */
  identityFile: string;
  logFile: string;
  /** The last errors in its log as one line, without secrets. */
  lastErrors(): string;
  stop(): Promise<void>;
};

const READY_TIMEOUT_MS = 30_000;

/**
 * Starts a Kratos on SQLite and waits until it is ready; about 2 seconds, and 3 the first time.
 *
 * It runs with `--dev`, because only then does its Admin API show the codes in its messages, and because cookies would
 * ask for HTTPS otherwise; and with `--sqa-opt-out`, without which it reports to its makers. Both are flags here since
 * their default overrides the same keys of a config file in 1.3.1. Its environment holds PATH and HOME only, since any
 * other variable could override the config.
 *
 * @throws UserError with the last lines of its log when it does not become ready in 30 seconds
 */
export async function startLocalKratos(options: LocalKratosOptions): Promise<LocalKratos> {
  const { log } = options;
  const folder = resolve(options.folder);
  await endLeftovers(`-c ${join(folder, "kratos.yml")}`, log);
  const publicPort = await choosePort("public", options.publicPort ?? 4433, log);
  const adminPort = await choosePort("admin", options.adminPort ?? 4434, log);
  try {
    return await startOn(publicPort.port, adminPort.port, folder, options);
  } finally {
    await Promise.all([publicPort.release(), adminPort.release()]);
  }
}

async function startOn(
  publicPort: number,
  adminPort: number,
  folder: string,
  options: LocalKratosOptions,
): Promise<LocalKratos> {
  const { binary, signal, log, onDeath } = options;
  const config = writeKratosConfig({
    folder,
    publicPort,
    adminPort,
    uiUrl: options.uiUrl ?? "http://127.0.0.1:4455",
  });
  const { operatorFile, identityFile, secrets } = config;
  const logFile = join(folder, "kratos.log");
  writeFileSync(logFile, "", { mode: 0o600 });
  const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
  const files = ["-c", operatorFile, "-c", identityFile];
  const adminUrl = `http://127.0.0.1:${adminPort}`;

  await migrate(binary, operatorFile, { cwd: folder, env, signal }, logFile, secrets);
  const server = await startProcessGroup({
    command: binary,
    args: ["serve", ...files, "--dev", "--sqa-opt-out"],
    cwd: folder,
    env,
    logFile,
  });
  let courier: Courier;
  try {
    await waitUntilReady(adminUrl, server, signal, () => lastErrors(logFile, secrets));
    courier = await startCourier({ binary, files, folder, env, logFile, identityFile, secrets, log });
  } catch (error) {
    await server.stop();
    throw error;
  }
  let stopping = false;
  void server.ended.then((how) => {
    if (!stopping)
      onDeath?.(new UserError(`kratos ended by itself (${how}): ${lastErrors(logFile, secrets)}`));
  });
  return {
    publicUrl: `http://127.0.0.1:${publicPort}`,
    adminUrl,
    operatorFile,
    identityFile,
    logFile,
    lastErrors: () => lastErrors(logFile, secrets),
    async stop() {
      stopping = true;
      await Promise.all([courier.stop(), server.stop()]);
    },
  };
}

async function choosePort(
  name: string,
  preferred: number,
  log?: (line: string) => void,
): Promise<ReservedPort> {
  const reserved = await reservePort(preferred);
  if (preferred !== 0 && reserved.port !== preferred)
    log?.(`port ${preferred} is taken, kratos' ${name} API listens on ${reserved.port}`);
  return reserved;
}

async function migrate(
  binary: string,
  operatorFile: string,
  options: { cwd: string; env: Record<string, string>; signal?: AbortSignal },
  logFile: string,
  secrets: string[],
): Promise<void> {
  try {
    const args = ["migrate", "sql", "-e", "--yes", "-c", operatorFile];
    await promisify(execFile)(binary, args, { ...options, timeout: 120_000, maxBuffer: 2 ** 26 });
  } catch (error) {
    options.signal?.throwIfAborted();
    const { stdout = "", stderr = "", code } = error as { stdout?: string; stderr?: string; code?: string };
    if (code === "ENOENT")
      throw new UserError(`there is no kratos at ${binary}, correct binary`, { cause: error });
    appendFileSync(logFile, stdout + stderr);
    throw new UserError(`kratos could not prepare its database: ${lastErrors(logFile, secrets)}`, {
      cause: error,
    });
  }
}

async function waitUntilReady(
  adminUrl: string,
  server: ProcessGroup,
  signal: AbortSignal | undefined,
  errors: () => string,
): Promise<void> {
  let ended: string | undefined;
  void server.ended.then((how) => {
    ended = how;
  });
  const deadline = Date.now() + READY_TIMEOUT_MS;
  await backOff(
    async () => {
      const response = await fetch(`${adminUrl}/admin/health/ready`, {
        signal: withTimeLimit(5_000, signal),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
    },
    {
      startingDelay: 50,
      timeMultiple: 1.2,
      maxDelay: 200,
      numOfAttempts: Number.POSITIVE_INFINITY,
      retry: () => ended === undefined && !signal?.aborted && Date.now() < deadline,
    },
  ).catch((error) => {
    signal?.throwIfAborted();
    const how = ended
      ? `ended before it was ready (${ended})`
      : `was not ready after ${READY_TIMEOUT_MS / 1000} s`;
    throw new UserError(`kratos ${how}: ${errors()}`, { cause: error });
  });
  // Somebody else may answer on this port while our own server has ended for that reason.
  if (ended !== undefined) throw new UserError(`kratos ended before it was ready (${ended}): ${errors()}`);
}
