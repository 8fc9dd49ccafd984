import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../identity-config/user-error";
import { obstacle } from "./config-file";
import type { Running } from "./executable";
import { type GetOptions, httpGet, type Reply } from "./http-get";

/**
 * Removes the folder and ends Kratos, with all that it has started, when standard input closes: a provider that is
 * killed leaves nothing behind. Arguments: the folder, then Kratos's command line, which is started once a line comes
 * in. All are of one process group, which is not the provider's.
 */
const GUARD = `
folder=$1; shift
read -r start || { rm -rf "$folder"; exit; }
exec 4<&0
"$@" </dev/null 4<&- &
kratos=$!
# The shell itself would tell how Kratos ended.
exec >/dev/null 2>&1
{ read -r end <&4; rm -rf "$folder"; kill -9 0; } &
watch=$!
wait $kratos
code=$?
kill -9 $watch
rm -rf "$folder"
exit $code
`;

/** A shell tells a signal that ended its child by a code above this one. */
const SIGNALLED = 128;

/** A Kratos in a folder of its own, both of which are gone when it has ended, or this process has. */
export interface ThrowAway extends Pick<Running, "output" | "exited"> {
  folder: string;
  /** Asks one of its APIs. */
  ask(api: "admin" | "public", path: string, options: GetOptions): Promise<Reply>;
  /** Ends it at once. */
  end(): void;
}

/** What to start. */
export interface ThrowAwayOptions {
  binary: string;
  /** The content of kratos.yml, given the folder. */
  config(folder: string): string;
  cwd: string;
  env: Record<string, string>;
  /** Ends it. */
  signal: AbortSignal;
}

/** Starts `kratos serve` on a configuration that nobody else can read. Throws UserError where there is no room. */
export async function startThrowAway(options: ThrowAwayOptions): Promise<ThrowAway> {
  const { binary, config, cwd, env, signal } = options;
  signal.throwIfAborted();
  // Short, since the path of a Unix socket may have little more than 100 characters.
  const folder = join(tmpdir(), `ory-${randomBytes(6).toString("hex")}`);
  const file = join(folder, "kratos.yml");
  const command = [folder, binary, "serve", "-c", file, "--sqa-opt-out"];
  const guard = spawn("/bin/sh", ["-c", GUARD, "kratos-guard", ...command], {
    cwd,
    env: { ...(process.env.PATH !== undefined && { PATH: process.env.PATH }), ...env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [guard.stdout, guard.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-100_000);
    });
  }
  // A guard that has ended closes the pipe; its end tells what happened.
  guard.stdin.on("error", () => undefined);
  const end = (): void => void guard.stdin.end();
  const exited = new Promise<number | null>((resolve) => {
    guard.once("error", (error) => {
      output += obstacle(error);
      resolve(null);
    });
    guard.once("close", (code) => resolve(code !== null && code <= SIGNALLED ? code : null));
  }).finally(() => {
    signal.removeEventListener("abort", end);
    end();
  });
  try {
    await mkdir(folder, { mode: 0o700 });
    await writeFile(file, config(folder), { mode: 0o600 });
    signal.throwIfAborted();
  } catch (error) {
    end();
    await exited;
    throw signal.aborted ? error : noRoom(error);
  }
  signal.addEventListener("abort", end, { once: true });
  guard.stdin.write("start\n");
  const ask: ThrowAway["ask"] = (api, path, options) =>
    httpGet(`http://trial${path}`, { ...options, socketPath: join(folder, api) });
  return { folder, output: () => output, exited, end, ask };
}

const noRoom = (error: unknown): UserError =>
  new UserError(
    `cannot try the configuration in a temporary folder below ${tmpdir()}: ${obstacle(error)}; nothing was written, set TMPDIR to another folder`,
  );
