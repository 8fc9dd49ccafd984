import { withTimeLimit } from "../../time-limit";
import { type ConfigFile, readConfig } from "./config-file";
import { type Executable, findExecutable, type Running, start } from "./executable";
import { httpGet } from "./http-get";
import { startThrowAway, type ThrowAway, type ThrowAwayOptions } from "./throw-away";

/** Where a Kratos's files lie, where its executable runs, and from where its APIs are reached. */
export interface Machine {
  /** A path of it, as messages name it. */
  named(path: string): string;
  /** Reads a YAML or JSON file; a missing one is empty. Throws UserError where it cannot be read. */
  readConfig(path: string, signal: AbortSignal): Promise<ConfigFile>;
  /** Throws UserError where `binary`, a path or a name on PATH, is no Kratos that can be run. */
  findExecutable(binary: string, signal: AbortSignal): Promise<Executable>;
  /** Starts `binary`, which reads `input`, with no environment; it runs for `limit` milliseconds at most. */
  start(
    binary: string,
    args: string[],
    options: { signal: AbortSignal; input: string; limit: number },
  ): Pick<Running, "output" | "exited">;
  startThrowAway(options: ThrowAwayOptions): Promise<ThrowAway>;
  get: typeof httpGet;
}

/** The machine that this process runs on. */
export const THIS_MACHINE: Machine = {
  named: (path) => path,
  readConfig,
  findExecutable,
  start: (binary, args, { signal, input, limit }) =>
    start(binary, args, { cwd: "/", env: {}, input, signal: withTimeLimit(limit, signal) }),
  startThrowAway,
  get: httpGet,
};
