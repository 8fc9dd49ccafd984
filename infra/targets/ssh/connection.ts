import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../identity-config/user-error";
import { withTimeLimit } from "../../time-limit";
import { obstacle } from "../kratos/config-file";
import { optionsFor, pinnedFile, type SshHost } from "./options";
import { refusal } from "./refusal";
import { COMMAND, inputOf } from "./script";
import { follow, type Session } from "./session";

/** What a script has come to. */
export interface Ran {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** Longest time of a script, in milliseconds; most take a round trip. */
const TIME_LIMIT = 30_000;
/** Longest time until the host has let us in, in milliseconds. */
const CONNECTING = 30_000;

const MOST_RUNNING = 5;

const CONNECTIONS = new Map<string, SshConnection>();

/** Removes the folder when the connection has ended: a provider that is killed leaves nothing behind. */
const KEEPER = 'folder=$1; shift; "$@"; code=$?; rm -rf "$folder"; exit $code';

/** One connection of OpenSSH's client to a host, over which all scripts run; made when first needed, and again. */
export class SshConnection {
  private opened: Promise<Master> | undefined;
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly forwards = new Map<string, Promise<string>>();

  private constructor(readonly at: SshHost) {}

  /** The connection of this process to a host: all that is done there goes over one. */
  static to(at: SshHost): SshConnection {
    const key = JSON.stringify([at.host, at.hostKey, at.configFile]);
    const known = CONNECTIONS.get(key) ?? new SshConnection(at);
    CONNECTIONS.set(key, known);
    return known;
  }

  /** Runs `script` to its end. Throws UserError where the host cannot be reached, or takes too long. */
  async run(
    script: string,
    parameters: readonly string[],
    { signal, input = "" }: { signal: AbortSignal; input?: string },
  ): Promise<Ran> {
    await this.turn(signal);
    const limit = withTimeLimit(TIME_LIMIT, signal);
    const session = await this.session(script, parameters, limit).catch((error) => {
      this.next();
      throw error;
    });
    session.child.stdin?.end(input);
    const code = await session.ended;
    this.next();
    signal.throwIfAborted();
    if (limit.aborted) {
      throw new UserError(`${this.at.host} did not answer within ${TIME_LIMIT / 1000} s; see how busy it is`);
    }
    if (code === null) throw this.cut(session.stderr());
    return { code, stdout: session.stdout(), stderr: session.stderr() };
  }

  /** A host takes ten sessions over one connection, unless its sshd_config says otherwise. */
  private async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.running < MOST_RUNNING) {
      this.running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(go), 1);
        reject(signal.reason);
      };
      this.waiting.push(go);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  private next(): void {
    const waiting = this.waiting.shift();
    if (waiting === undefined) this.running--;
    else waiting();
  }

  /** Starts `script`; it is cut off when `signal` aborts. Throws UserError where the host cannot be reached. */
  async session(script: string, parameters: readonly string[], signal: AbortSignal): Promise<Session> {
    const { control } = await this.master(signal);
    signal.throwIfAborted();
    const mark = randomBytes(12).toString("hex");
    const child = spawn("ssh", [...optionsFor(this.at, control), "--", this.at.host, COMMAND], {
      detached: true,
      stdio: "pipe",
    });
    const session = follow(child, mark, signal);
    child.stdin.write(inputOf(script, parameters, mark));
    return { ...session, stderr: () => this.reason(session.stderr(), control) };
  }

  /**
   * The Unix socket on this machine behind which `to`, `host:port` or a path, is reached from the host. Where nothing
   * listens there, a connection is closed; `said` tells why.
   */
  async forward(to: string, signal: AbortSignal): Promise<string> {
    const known = this.forwards.get(to);
    if (known !== undefined) return known;
    const made = this.newForward(to, signal);
    this.forwards.set(to, made);
    made.catch(() => this.forwards.delete(to));
    return made;
  }

  private async newForward(to: string, signal: AbortSignal): Promise<string> {
    const { control, folder } = await this.master(signal);
    const socket = join(folder, randomBytes(4).toString("hex"));
    await this.order(["-O", "forward", "-L", `${socket}:${to}`], control, signal);
    return socket;
  }

  /** Ends the forwarding to `to`. */
  async unforward(to: string): Promise<void> {
    const made = this.forwards.get(to);
    this.forwards.delete(to);
    const [socket, master] = await Promise.all([made, this.opened]).catch(() => []);
    if (socket === undefined || master === undefined) return;
    const limit = withTimeLimit(TIME_LIMIT);
    await this.order(["-O", "cancel", "-L", `${socket}:${to}`], master.control, limit).catch(() => undefined);
    await rm(socket, { force: true });
  }

  /** What the connection has said so far, such as why something could not be reached from the host. */
  async said(): Promise<string> {
    return (await this.opened?.catch(() => undefined))?.said() ?? "";
  }

  /** Ends it, and what runs over it; the next use makes a new one. */
  async close(): Promise<void> {
    const master = await this.opened?.catch(() => undefined);
    master?.end();
    await master?.ended;
  }

  private async order(order: string[], control: string, signal: AbortSignal): Promise<void> {
    const child = spawn("ssh", [...optionsFor(this.at, control), ...order, "--", this.at.host], {
      detached: true,
      stdio: "pipe",
    });
    const ordered = follow(child, undefined, signal);
    const code = await ordered.ended;
    signal.throwIfAborted();
    if (code !== 0) throw this.cut(ordered.stderr());
  }

  private master(signal: AbortSignal): Promise<Master> {
    this.opened ??= this.open(signal).then(
      (master) => {
        master.ended.finally(() => this.forget());
        return master;
      },
      (error) => {
        this.forget();
        throw error;
      },
    );
    return this.opened;
  }

  private forget(): void {
    this.opened = undefined;
    this.forwards.clear();
  }

  private async open(signal: AbortSignal): Promise<Master> {
    const folder = await mkdtemp(join(tmpdir(), "ory-ssh-")).catch((error) => {
      throw new UserError(
        `cannot make a folder below ${tmpdir()}: ${obstacle(error)}; set TMPDIR to another`,
      );
    });
    const control = join(folder, "c");
    if (this.at.hostKey !== undefined) {
      await writeFile(pinnedFile(control), `* ${this.at.hostKey}\n`, { mode: 0o600 });
    }
    const ssh = ["ssh", "-o", "ClearAllForwardings=yes", ...optionsFor(this.at, control, "yes"), "--"];
    const command = ["-c", KEEPER, "ssh-keeper", folder, ...ssh, this.at.host, COMMAND];
    const child = spawn("/bin/sh", command, { detached: true, stdio: "pipe" });
    const mark = randomBytes(12).toString("hex");
    const limit = withTimeLimit(CONNECTING, signal);
    const session = follow(child, mark, limit);
    child.stdin.write(inputOf("exec cat >/dev/null", [], mark));
    const isIn = await session.begun;
    if (!isIn) {
      await rm(folder, { recursive: true, force: true });
      signal.throwIfAborted();
      throw this.cut(limit.aborted ? "Connection timed out" : session.told());
    }
    // From here on it lives as long as this process, and does not keep that alive.
    session.free();
    child.unref();
    for (const pipe of [child.stdin, child.stdout, child.stderr]) (pipe as unknown as Socket).unref();
    return { folder, control, said: session.stderr, ended: session.ended, end: () => child.stdin.end() };
  }

  /** What a client has said. Once the connection has ended, it has no host key to compare: then no other host answers. */
  private reason(stderr: string, control: string): string {
    const isLost = this.at.hostKey !== undefined && !existsSync(pinnedFile(control));
    return isLost && /Host key verification failed/.test(stderr) ? "" : stderr;
  }

  private cut(stderr: string): UserError {
    return new UserError(refusal(this.at, stderr));
  }
}

interface Master {
  folder: string;
  control: string;
  said(): string;
  ended: Promise<number | null>;
  end(): void;
}
