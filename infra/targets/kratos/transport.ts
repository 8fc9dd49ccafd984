import { stat } from "node:fs/promises";
import { UserError } from "../../identity-config/user-error";
import type { Applied, Evidence, Rendered } from "../target";
import { type ConfigFile, NotConfigError, parsedConfig, readOwnConfig } from "./config-file";
import type { Paths } from "./files";
import { keptIn, restore, swapIn, withLock } from "./swap";

/** What is to be delivered, and what to look for on a server that has loaded it. */
export interface Delivery {
  text: string;
  /** Whether `text` holds secrets. */
  isSecret: boolean;
  evidence: Evidence | undefined;
  /** What stood there when the delivery was planned. */
  previous: ConfigFile;
  /** Throws UserError where something else that it was planned from has changed. */
  refuseStale(): Promise<void>;
  /** Sees the running servers take it, and returns what could not be proven. */
  prove(): Promise<string[]>;
}

/** How identity.yml comes to the server. */
export interface Transport {
  /** What was delivered last. */
  read(signal: AbortSignal): Promise<ConfigFile>;
  deliver(delivery: Delivery, signal: AbortSignal): Promise<Applied>;
}

/** identity.yml is a file on this machine. */
export class FileTransport implements Transport {
  constructor(private readonly paths: Paths) {}

  async read(): Promise<ConfigFile> {
    try {
      return await readOwnConfig(this.paths.identity);
    } catch (error) {
      if (!(error instanceof NotConfigError)) throw error;
      throw new UserError(
        `${error.message}; what is in force cannot be told from it: put it right, or put ${keptIn(this.paths)} in its place where there is one, and run \`pulumi up\` again`,
      );
    }
  }

  /** Throws UserError, leaving or putting back the old file, where the new one does not take. */
  deliver({ text, isSecret, previous, refuseStale, prove }: Delivery, signal: AbortSignal): Promise<Applied> {
    return withLock(this.paths, async () => {
      signal.throwIfAborted();
      await refuseStale();
      await swapIn(this.paths, text, previous.revision);
      try {
        const warnings = await prove();
        const { revision } = await this.read();
        return { revision, warnings: [...warnings, ...(isSecret ? await this.exposure() : [])] };
      } catch (error) {
        await restore(this.paths, previous.text);
        throw error;
      }
    });
  }

  /** An existing file keeps its mode, as the server may run as another user; who else reads it must be known. */
  private async exposure(): Promise<string[]> {
    const { mode } = await stat(this.paths.identity);
    if ((mode & 0o004) === 0) return [];
    return [
      `everybody on this machine can read ${this.paths.identity}, which holds secrets: give it and ${keptIn(this.paths)} to the group that Kratos runs as, and run \`chmod o-r\` on both`,
    ];
  }
}

/** identity.yml is handed to the program, which brings it to the server afterwards: nothing can be proven here. */
export class OutputTransport implements Transport {
  /** @param previous What the last update has handed over; only the state knows. */
  constructor(private readonly previous: Rendered | undefined) {}

  async read(): Promise<ConfigFile> {
    return parsedConfig("the config that was rendered last", this.previous?.text);
  }

  async deliver({ text, evidence, refuseStale }: Delivery): Promise<Applied> {
    await refuseStale();
    const { revision } = parsedConfig("the rendered config", text);
    const rendered: Rendered = { text, ...(evidence !== undefined && { evidence }) };
    const warnings = evidence === undefined ? [UNPROVABLE] : [];
    return { revision, warnings, rendered };
  }
}

/** Why nobody can see what a server has loaded. */
export const UNPROVABLE =
  "unproven: this Kratos shows what it has loaded only through the default identity schema; declare it";
