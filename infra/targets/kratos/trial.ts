import { join } from "node:path";
import { backOff } from "exponential-backoff";
import { stringify } from "yaml";
import { valueAt } from "../../identity-config/leaves";
import { type Document, isBranch } from "../../identity-config/model";
import { redactText, sensitiveTexts } from "../../identity-config/sensitive";
import { UserError } from "../../identity-config/user-error";
import { withTimeLimit } from "../../time-limit";
import { complaint } from "./complaint";
import type { Reply } from "./http-get";
import { tryJsonnet } from "./jsonnet";
import { type Machine, THIS_MACHINE } from "./machine";
import type { ThrowAway } from "./throw-away";

/** Longest time that a trial may take, in milliseconds; it usually takes one second. */
const TIME_LIMIT = 60_000;

export interface Trial {
  /** Where it is tried. Default: here. */
  machine?: Machine;
  binary: string;
  /** The version of `binary`. */
  version: string;
  /** The operator's own file, named where the configuration is refused; there may be none. */
  operator: string | undefined;
  /** Folder that relative `file://` URIs are read from. */
  dir: string;
  /** The whole configuration as the server would load it. */
  config: Document;
  /** The variables that the real server is started with. */
  env: Record<string, string>;
  secrets: readonly string[];
}

/**
 * Starts a throw-away Kratos on `config`, with a database in memory, Unix sockets for ports and no courier, and asks
 * it for a sign-in and a sign-up. Throws UserError, with Kratos's own words, where it refuses the configuration or
 * cannot start these flows. Nothing is left behind.
 */
export async function tryOut(given: Trial, signal: AbortSignal): Promise<void> {
  // Kratos quotes the values that it refuses, the operator's own among them.
  const trial = {
    machine: THIS_MACHINE,
    ...given,
    secrets: [...given.secrets, ...sensitiveTexts(given.config)],
  };
  const limit = withTimeLimit(TIME_LIMIT, signal);
  await tryJsonnet(trial.config, trial, signal);
  const kratos = await trial.machine.startThrowAway({
    binary: trial.binary,
    config: (folder) => stringify(isolated(trial.config, folder)),
    cwd: trial.dir,
    env: isolatedEnvironment(trial.env),
    signal: limit,
  });
  try {
    await ready(kratos, trial, limit);
    await flowsStart(kratos, trial, limit);
  } finally {
    kratos.end();
    await kratos.exited;
  }
  signal.throwIfAborted();
}

function isolated(config: Document, folder: string): Record<string, unknown> {
  const { serve, tracing: _tracing, profiling: _profiling, ...rest } = config;
  const listener = (name: string) => {
    const given = isBranch(serve) && isBranch(serve[name]) ? serve[name] : {};
    // Whose socket and certificates these are does not matter here; they may be out of reach.
    const { socket: _socket, tls: _tls, ...kept } = given;
    return { ...kept, host: `unix:${join(folder, name)}` };
  };
  return { ...rest, dsn: "memory", serve: { public: listener("public"), admin: listener("admin") } };
}

/** A stray DSN would open the real database, and SERVE_* the real ports. */
function isolatedEnvironment(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => name !== "DSN" && !name.startsWith("SERVE_")),
  );
}

/** Asks an API of the throw-away Kratos. */
const ask = (kratos: ThrowAway, api: "admin" | "public", path: string, signal: AbortSignal): Promise<Reply> =>
  kratos.ask(api, path, { signal, timeout: TIME_LIMIT });

async function ready(kratos: ThrowAway, trial: Trial, limit: AbortSignal): Promise<void> {
  let ended = false;
  const exit = kratos.exited.then(() => {
    ended = true;
  });
  const poll = backOff(
    async () => {
      const { status } = await ask(kratos, "admin", "/admin/health/ready", limit);
      if (status !== 200) throw new Error(`not ready: ${status}`);
    },
    {
      numOfAttempts: 1_000,
      startingDelay: 50,
      timeMultiple: 1.2,
      maxDelay: 500,
      retry: (error) => !ended && !limit.aborted && !(error instanceof UserError),
    },
  );
  // What cannot be asked at all is no matter of waiting.
  const asked = poll.catch((error) => (error instanceof UserError && !ended ? Promise.reject(error) : exit));
  await Promise.race([exit, asked]);
  if (ended || limit.aborted) throw await refused(kratos, trial, limit);
}

async function refused(kratos: ThrowAway, trial: Trial, limit: AbortSignal): Promise<unknown> {
  const { version, operator, config, secrets } = trial;
  if (!limit.aborted) {
    const elsewhere = [...(operator === undefined ? [] : [operator]), "target.kratos.env"].join(" or ");
    const reasons = complaint(kratos.output(), config, secrets).map((reason) => `\n  ${reason}`);
    if (reasons.length > 0) {
      return new UserError(
        `Kratos refuses this configuration (tried on version ${version}); nothing was written. Change the program, or what it does not declare in ${elsewhere}:${reasons.join("")}`,
      );
    }
    const code = await kratos.exited;
    const end = code === null ? "was killed; see that there is enough memory" : `ended with code ${code}`;
    return new UserError(
      `a Kratos ${version} that tried this configuration said nothing and ${end}; nothing was written, see that ${trial.binary} is the executable that your server runs`,
    );
  }
  if (limit.reason?.name !== "TimeoutError") return limit.reason;
  return new UserError(
    `a trial Kratos was not ready within ${TIME_LIMIT / 1000} s; nothing was written, see that ${trial.binary} is the executable that your server runs, and how busy this machine is`,
  );
}

/**
 * Kratos starts with a default schema that does not exist; only the flows then fail. A flow that hooks run before is
 * not started: they would call somebody about a flow that is none.
 */
async function flowsStart(kratos: ThrowAway, trial: Trial, limit: AbortSignal): Promise<void> {
  const { config, secrets } = trial;
  for (const [flow, what] of [
    ["login", "sign-in"],
    ["registration", "sign-up"],
  ] as const) {
    const hooks = valueAt(config, `/selfservice/flows/${flow}/before/hooks`);
    if (Array.isArray(hooks) && hooks.length > 0) continue;
    const { status, text } = await ask(kratos, "public", `/self-service/${flow}/api`, limit).catch(
      async () => {
        throw await refused(kratos, trial, limit);
      },
    );
    if (status < 500) continue;
    const { message, reason } =
      (JSON.parse(text) as { error?: { message?: string; reason?: string } }).error ?? {};
    const words = redactText([message, reason].filter(Boolean).join(": "), secrets);
    throw new UserError(
      `with this configuration every ${what} fails with status ${status}; nothing was written: ${words}`,
    );
  }
}
