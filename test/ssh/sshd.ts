import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import which from "which";
import type { KratosOverSsh } from "../../infra/targets/kratos/settings";
import { UNPRIVILEGED } from "../bad-input/obstacles";
import { waitFor } from "../kratos/wait";

const PATH = `${process.env.PATH}:/usr/sbin:/sbin:/usr/local/sbin`;
const SSHD = which.sync("sshd", { nothrow: true, path: PATH });
const SSH = which.sync("ssh", { nothrow: true });
const missing =
  SSHD === null || SSH === null
    ? "as no sshd or no ssh is on this machine (Debian: apt-get install openssh-server openssh-client)"
    : undefined;

/** `describe` where this machine has an sshd; else the tests are skipped, and the reason is printed. */
export function withSshd(what: string): typeof describe {
  if (missing === undefined) return describe;
  process.stderr.write(`skipped: ${what}, ${missing}\n`);
  return describe.skip;
}

/** An sshd on the loopback interface, as the user of this process, with keys of its own. */
export interface Sshd {
  /** How the transport reaches it: by a configuration file of ssh, which knows its host key. */
  at: Pick<KratosOverSsh, "transport" | "host" | "sshConfig">;
  port: number;
  /** Its public host key, on one line. */
  hostKey: string;
  /** Its folder: host_key, user_key, known_hosts and authorized_keys. */
  folder: string;
  /** Ends all connections, as a network that fails does. */
  cut(): void;
  /** Ends it and all connections. */
  stop(): Promise<void>;
}

/**
 * @param lines Further lines of sshd_config.
 * @param within The command that it is started by. Default: one that takes root's right to read and write all files.
 */
export async function startSshd(lines: string[] = [], within = UNPRIVILEGED): Promise<Sshd> {
  const folder = await mkdtemp(join(tmpdir(), "sshd-"));
  await makeKey(join(folder, "host_key"));
  await makeKey(join(folder, "user_key"));
  await writeFile(join(folder, "authorized_keys"), await readFile(join(folder, "user_key.pub")), {
    mode: 0o600,
  });
  const hostKey = (await readFile(join(folder, "host_key.pub"), "utf8"))
    .split(" ")
    .slice(0, 2)
    .join(" ")
    .trim();
  const port = await freePort();
  await writeFile(join(folder, "known_hosts"), `[127.0.0.1]:${port} ${hostKey}\n`);
  const { username, uid } = userInfo();
  await writeFile(
    join(folder, "sshd_config"),
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${folder}/host_key`,
      `AuthorizedKeysFile ${folder}/authorized_keys`,
      "PidFile none",
      "UsePAM no",
      "StrictModes no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin prohibit-password",
      ...lines,
      "",
    ].join("\n"),
  );
  await writeFile(
    join(folder, "ssh_config"),
    [
      "Host kratos-host",
      "  HostName 127.0.0.1",
      `  Port ${port}`,
      `  User ${username}`,
      `  IdentityFile ${folder}/user_key`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${folder}/known_hosts`,
      "  GlobalKnownHostsFile none",
      "",
    ].join("\n"),
    { mode: 0o600 },
  );
  // An sshd of root needs this folder, which a system's service makes.
  if (uid === 0 && !existsSync("/run/sshd")) await mkdir("/run/sshd", { mode: 0o755 });
  const [command, ...args] = [...within, SSHD!, "-D", "-e", "-f", join(folder, "sshd_config")];
  const child = spawn(command!, args, {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stopAtExit = () => child.kill("SIGKILL");
  process.once("exit", stopAtExit);
  await waitFor("sshd to listen", () => (log.includes("Server listening") ? true : undefined)).catch(
    (error) => {
      throw new Error(`${error.message}:\n${log}`);
    },
  );
  const cut = () => {
    for (const pid of connections(child)) kill(pid);
  };
  return {
    at: { transport: "ssh", host: "kratos-host", sshConfig: join(folder, "ssh_config") },
    port,
    hostKey,
    folder,
    cut,
    async stop() {
      process.removeListener("exit", stopAtExit);
      cut();
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The processes of sshd itself below `listener`: those of connections, and none that runs for a user. */
function connections(listener: ChildProcess): number[] {
  const all = execFileSync("ps", ["-eo", "pid=,ppid=,comm="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const below = (pid: string): string[] =>
    all
      .filter(([, parent, command]) => parent === pid && /^sshd/.test(command!))
      .flatMap(([child]) => [child!, ...below(child!)]);
  return below(String(listener.pid)).map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

async function makeKey(file: string): Promise<void> {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
}

/** Another host key, such as a machine that was made anew would show. */
export async function otherHostKey(folder: string): Promise<string> {
  await makeKey(join(folder, "other_key"));
  return (await readFile(join(folder, "other_key.pub"), "utf8")).split(" ").slice(0, 2).join(" ").trim();
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
