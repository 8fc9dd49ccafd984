import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, extname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stringify } from "yaml";
import type { Document } from "../../infra/identity-config/model";

/** What to start. */
export interface KratosOptions {
  /** Path of the Kratos executable, one of `kratosBinaries()`. */
  binary: string;
  /**
   * Files by name, relative to the server's directory. A document is written as JSON, or as YAML where the name
   * says so, and passed with `-c` in the given order (later ones override). A text is written as it stands and not
   * passed: a Jsonnet, a schema, or a config that `args` names.
   */
  files: Record<string, Document | string>;
  /** Further arguments of `kratos serve`, such as `--dev`, `--watch-courier`. */
  args?: string[];
  /** Further environment variables. `DSN` replaces the in-memory database, which lives as long as the server. */
  env?: Record<string, string>;
  /**
   * Whether what overrides the files stands in a file before them instead, which they override: then they are judged as
   * a whole, with `dsn` and `serve`.
   */
  yields?: boolean;
}

/** A running Kratos. */
export interface Kratos {
  /** Without a trailing slash. */
  publicUrl: string;
  /** Without a trailing slash and without `/admin`. */
  adminUrl: string;
  /** Where its files are; removed by `stop`. */
  dir: string;
  /** Standard output and error so far. */
  log(): string;
  /** Exit code, once the process has ended; null after a signal. */
  exited: Promise<number | null>;
  /**
   * Replaces one of its config files and waits until the server has looked at it. `refused`: the server said that it
   * keeps the old config.
   */
  reload(name: string, document: Document): Promise<"accepted" | "refused">;
  /** Ends the process group and removes the directory. May be called twice. */
  stop(): Promise<void>;
}

/** Kratos ended before it was ready. */
export class KratosExit extends Error {
  constructor(
    readonly code: number | null,
    readonly log: string,
  ) {
    super(`kratos exited with ${code} before it was ready:\n${log.slice(-2000)}`);
  }
}

/**
 * The Kratos executables to test against, from `PULUMI_ORY_KRATOS_BINARIES` (separated like `PATH`).
 * @throws where the variable is unset or empty.
 */
export function kratosBinaries(): string[] {
  const binaries = (process.env.PULUMI_ORY_KRATOS_BINARIES ?? "").split(delimiter).filter(Boolean);
  if (binaries.length === 0) {
    throw new Error(
      "PULUMI_ORY_KRATOS_BINARIES names no Kratos executable: run the tests with `npm test`, which provides one",
    );
  }
  return binaries;
}

/**
 * The version that an executable says it is, such as `1.3.1`.
 * @throws where it was built without one, since what Kratos does depends on it.
 */
export function kratosVersion(binary: string): string {
  const output = execFileSync(binary, ["version"], { encoding: "utf8", env: { PATH: process.env.PATH } });
  const version = /^Version:\s*v?(\d+\.\d+\.\d+)/m.exec(output)?.[1];
  if (version === undefined) throw new Error(`${binary} does not know its version:\n${output}`);
  return version;
}

/**
 * Starts `kratos serve` in a directory of its own and waits until it is ready. The environment is empty but for
 * `PATH` and what overrides the files: the ports, the in-memory database, no telemetry.
 * @throws {KratosExit} where the server refuses its config.
 * @throws {Error} where it is not ready within 60 s.
 */
export async function startKratos(options: KratosOptions): Promise<Kratos> {
  const { binary, args = [], env = {}, yields = false } = options;
  const [publicPort, adminPort] = await freePorts();
  const publicUrl = `http://127.0.0.1:${publicPort}`;
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  const serve = {
    public: { host: "127.0.0.1", port: publicPort, base_url: `${publicUrl}/` },
    admin: { host: "127.0.0.1", port: adminPort, base_url: `${adminUrl}/` },
  };
  const files: KratosOptions["files"] = {
    ...(yields && { "before.json": { dsn: "memory", serve } }),
    ...options.files,
  };
  const dir = await mkdtemp(join(tmpdir(), "kratos-"));
  for (const [name, content] of Object.entries(files)) await write(dir, name, content);
  const configs = Object.keys(files).filter((name) => typeof files[name] !== "string");

  const child = spawn(binary, ["serve", ...configs.flatMap((name) => ["-c", join(dir, name)]), ...args], {
    cwd: dir,
    // A group of its own, so that whatever Kratos starts (Jsonnet workers) ends with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      SQA_OPT_OUT: "true",
      ...(!yields && { DSN: "memory", ...asEnvironment(serve) }),
      ...env,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  let ended = false;
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  }).finally(() => {
    ended = true;
  });

  const stop = async () => {
    kill(child, "SIGTERM");
    const stopped = await Promise.race([exited.then(() => true), delay(3000, false, { ref: false })]);
    if (!stopped) kill(child, "SIGKILL");
    await exited;
    await rm(dir, { recursive: true, force: true });
  };
  const stopAtExit = () => kill(child, "SIGKILL");
  process.once("exit", stopAtExit);
  exited.finally(() => process.removeListener("exit", stopAtExit)).catch(() => {});

  const deadline = Date.now() + 60_000;
  while (!(await answers(`${adminUrl}/admin/health/ready`))) {
    if (ended) {
      const code = await exited;
      await stop();
      throw new KratosExit(code, output);
    }
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`kratos was not ready within 60 s:\n${output.slice(-2000)}`);
    }
    await delay(30);
  }

  return {
    publicUrl,
    adminUrl,
    dir,
    exited,
    stop,
    log: () => output,
    async reload(name, document) {
      const seen = output.length;
      await write(dir, name, document);
      const until = Date.now() + 15_000;
      while (Date.now() < until) {
        const news = output.slice(seen);
        if (news.includes("Configuration change processed successfully")) return "accepted";
        if (news.includes("could not be loaded. Rolling back")) return "refused";
        await delay(20);
      }
      throw new Error(`kratos did not notice the change of ${name} within 15 s:\n${output.slice(seen)}`);
    },
  };
}

function asEnvironment(serve: Record<string, Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(serve).flatMap(([name, keys]) =>
      Object.entries(keys).map(([key, value]) => [`SERVE_${name}_${key}`.toUpperCase(), String(value)]),
    ),
  );
}

async function write(dir: string, name: string, content: Document | string): Promise<void> {
  const path = join(dir, name);
  const isYaml = [".yml", ".yaml"].includes(extname(name));
  const text =
    typeof content === "string" ? content : isYaml ? stringify(content) : JSON.stringify(content, null, 2);
  await mkdir(dirname(path), { recursive: true });
  // Renamed into place: the server watches its files and would read one that is half written.
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  const [first, second] = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            resolve(typeof address === "object" && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [first!, second!];
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
