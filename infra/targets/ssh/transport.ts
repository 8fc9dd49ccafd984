import { createHash, randomBytes } from "node:crypto";
import { UserError } from "../../identity-config/user-error";
import { withTimeLimit } from "../../time-limit";
import { type ConfigFile, NotConfigError } from "../kratos/config-file";
import type { Paths } from "../kratos/files";
import { keptIn } from "../kratos/swap";
import type { Delivery, Transport } from "../kratos/transport";
import type { Applied } from "../target";
import type { SshConnection } from "./connection";
import { readRemote, remoteObstacle } from "./files";
import { refusal } from "./refusal";
import type { Session } from "./session";
import { STAGE, SWAP } from "./swap-script";

/** Longest wait for the host to say that it has taken a step, in milliseconds; waiting for a lock takes up to 30 s. */
const STEP = 45_000;
/** Longest wait for the host to clear up, in milliseconds; it does so without us, too. */
const LEAVING = 5_000;

/** identity.yml is a file on a host that is reached over ssh; the host itself replaces it, and puts it back. */
export class SshTransport implements Transport {
  constructor(
    private readonly connection: SshConnection,
    private readonly paths: Paths,
  ) {}

  async read(signal: AbortSignal): Promise<ConfigFile> {
    try {
      return await readRemote(this.connection, this.paths.identity, "own", signal);
    } catch (error) {
      if (!(error instanceof NotConfigError)) throw error;
      throw new UserError(
        `${error.message}; what is in force cannot be told from it: put it right, or put ${keptIn(this.paths)} in its place where there is one, and run \`pulumi up\` again`,
      );
    }
  }

  /** Throws UserError, leaving or putting back the old file, where the new one does not take. */
  async deliver(delivery: Delivery, signal: AbortSignal): Promise<Applied> {
    signal.throwIfAborted();
    const { identity } = this.paths;
    const aside = randomBytes(6).toString("hex");
    // Cancelling does not cut it off: where it ends before its time, the host puts the old file back.
    const session = await this.connection.session(SWAP, [identity, aside], new AbortController().signal);
    const steps = new Steps(session, this.connection, identity);
    try {
      await steps.reply("locked", signal);
      await delivery.refuseStale();
      await this.stage(delivery.text, aside, signal);
      const digest = createHash("sha256").update(delivery.text).digest("hex");
      const mode = await steps.take(["swap", delivery.previous.revision, digest], "swapped", signal);
      const warnings = await this.proven(steps, delivery, signal);
      const exposed = delivery.isSecret && (Number.parseInt(mode, 8) & 0o004) !== 0;
      return { revision: digest, warnings: [...warnings, ...(exposed ? [this.exposure()] : [])] };
    } finally {
      session.child.stdin?.end();
      const late = setTimeout(session.kill, LEAVING);
      await session.ended;
      clearTimeout(late);
    }
  }

  private async proven(steps: Steps, { prove }: Delivery, signal: AbortSignal): Promise<string[]> {
    let warnings: string[];
    try {
      warnings = await prove();
      signal.throwIfAborted();
    } catch (error) {
      await steps.take(["restore"], "restored");
      throw error;
    }
    await steps.take(["good"], "good");
    return warnings;
  }

  private async stage(text: string, aside: string, signal: AbortSignal): Promise<void> {
    const { identity } = this.paths;
    const { code, stderr } = await this.connection.run(STAGE, [`${identity}.${aside}`], {
      signal,
      input: text,
    });
    if (code === 0) return;
    throw new UserError(
      `cannot write ${this.connection.at.host}:${identity}: ${remoteObstacle(stderr)}; the old one is in force`,
    );
  }

  /** An existing file keeps its mode, as the server may run as another user; who else reads it must be known. */
  private exposure(): string {
    return `everybody on ${this.connection.at.host} can read ${this.paths.identity}, which holds secrets: give it and ${keptIn(this.paths)} to the group that Kratos runs as, and run \`chmod o-r\` on both`;
  }
}

/** The steps of a swap, each of which the host answers with a line. */
class Steps {
  private seen = 0;

  constructor(
    private readonly session: Session,
    private readonly connection: SshConnection,
    private readonly file: string,
  ) {}

  /** Has the host take a step, and returns what it adds to its answer, which must be `wanted`. */
  async take(lines: string[], wanted: string, signal?: AbortSignal): Promise<string> {
    this.session.child.stdin?.write(lines.map((line) => `${line}\n`).join(""));
    return this.reply(wanted, signal);
  }

  async reply(wanted: string, signal?: AbortSignal): Promise<string> {
    const line = await this.line(signal);
    const [, word = "", rest = ""] = /^(\S*) ?(.*)$/.exec(line) ?? [];
    if (word === wanted) return rest;
    throw this.failed(word, rest);
  }

  private async line(signal?: AbortSignal): Promise<string> {
    const { child, stdout, ended } = this.session;
    const limit = withTimeLimit(STEP, signal);
    const late = new Promise<void>((resolve) => limit.addEventListener("abort", () => resolve()));
    for (;;) {
      const lines = stdout().toString("utf8").split("\n");
      if (lines.length > this.seen + 1) return lines[this.seen++]!;
      const more = new Promise<void>((resolve) => child.stdout?.once("data", () => resolve()));
      const end = ended.then((code) => ({ code }));
      const result = await Promise.race([more, end, late]);
      signal?.throwIfAborted();
      if (limit.aborted) throw this.lost("it did not answer");
      if (result !== undefined && stdout().toString("utf8").split("\n").length <= this.seen + 1) {
        throw this.ended(result.code);
      }
    }
  }

  private ended(code: number | null): UserError {
    const lock = `${this.file}.lock`;
    if (code === 22)
      return this.unwritten(
        `another process has locked it for 30 s; wait for it, or remove the folder ${lock} where none runs`,
      );
    if (code === 23) return this.unwritten(`${lock} is a file where its lock belongs; remove it`);
    if (code === 21)
      return this.unwritten(`${lock} is left of a process that has ended; remove it, and ${lock}.takeover`);
    if (code !== null && this.seen === 0) return this.unwritten(remoteObstacle(this.session.stderr()));
    return this.lost(refusal(this.connection.at, this.session.stderr()));
  }

  private failed(word: string, rest: string): UserError {
    const name = `${this.connection.at.host}:${this.file}`;
    if (word === "stale")
      return new UserError(
        `${name} has changed since it was read; nothing was written, run \`pulumi up\` again`,
      );
    if (word === "torn") return this.unwritten("it did not arrive as a whole");
    if (word === "unkept")
      return new UserError(
        `cannot keep the old configuration in ${name}.last-good: ${remoteObstacle(rest)}; nothing was written`,
      );
    if (word === "unrestored")
      return new UserError(
        `the new ${name} was not proven, and the old one cannot be put back: ${remoteObstacle(rest)}; put ${this.file}.last-good in its place`,
      );
    return new UserError(`cannot write ${name}: ${remoteObstacle(rest)}; the old one is in force`);
  }

  private unwritten(reason: string): UserError {
    return new UserError(
      `cannot write ${this.connection.at.host}:${this.file}: ${reason}; nothing was written`,
    );
  }

  private lost(reason: string): UserError {
    return new UserError(
      `the connection to ${this.connection.at.host} was lost while ${this.file} was being replaced (${reason}); the host puts the old one back unless the new one was proven, run \`pulumi up\` again`,
    );
  }
}
