import { spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { HostConnection } from "../../infra/components/kratos-host";
import type { Document } from "../../infra/identity-config/model";
import { kratosBinaries } from "../kratos/server";
import { freePort, startSshd, withSshd } from "./sshd";

/**
 * What makes this machine a host of its own for whoever signs in there: what is written into /etc goes into a folder,
 * `systemctl` is the stand-in, and all processes end with it. Parameters: the folder, and the command to run.
 */
const APART = `
mount --make-rprivate /
mkdir "$1/etc" "$1/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/etc,workdir=$1/work" /etc
mount --bind "$1/systemctl" /bin/systemctl
mkdir -p /etc/systemd/system
shift
exec "$@"
`;

const apart = (folder: string): string[] => [
  ...["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"],
  ...["sh", "-euc", APART, "apart", folder],
];

/** `describe` where this machine can be a host for KratosHost; else the tests are skipped, and the reason is printed. */
export function withHost(what: string): typeof describe {
  const skip = (why: string) => {
    process.stderr.write(`skipped: ${what}, ${why}\n`);
    return describe.skip;
  };
  if (process.getuid?.() !== 0) return skip("as only root can make this machine a host of its own");
  const folder = `/tmp/apart-${process.pid}`;
  const script = 'mkdir "$0" && : >"$0/systemctl" && "$@"; code=$?; rm -r "$0"; exit $code';
  const { status, stderr } = spawnSync("sh", ["-c", script, folder, ...apart(folder), "true"], {
    encoding: "utf8",
  });
  if (status !== 0) return skip(`as this machine cannot be made a host of its own: ${stderr.trim()}`);
  return withSshd(what);
}

/** This machine as a host with systemd's stand-in, on which root signs in. */
export interface Host {
  connection: HostConnection & { user: string; port: number };
  /** The private key that it takes. */
  key: string;
  /** A configuration of ssh that has the key. */
  sshConfig: string;
  /** A Kratos that any user there may run. */
  binary: string;
  /** An operator's file on a database in a file; without identity schemas, so that Kratos cannot start with it alone. */
  operator(more?: Document): string;
  /** Where things may be put there. */
  folder: string;
  /** A file of its /etc, as it was written there. */
  etc(path: string): string;
  /** What a unit has printed. */
  log(unit: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startHost(): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), "host-"));
  await chmod(folder, 0o755);
  const systemctl = `#!/bin/sh\nexec ${process.execPath} ${join(__dirname, "systemctl.js")} ${folder}/state "$@"\n`;
  await writeFile(join(folder, "systemctl"), systemctl, { mode: 0o755 });
  await mkdir(join(folder, "state"));
  const sshd = await startSshd([], apart(folder));
  // Whoever Kratos runs as must be able to run it, and to write its database.
  const binary = join(folder, "kratos");
  await copyFile(kratosBinaries()[0]!, binary);
  await mkdir(join(folder, "db"));
  for (const open of [binary, join(folder, "db")]) await chmod(open, 0o777);
  const [adminPort, publicPort] = [await freePort(), await freePort()];
  const key = join(sshd.folder, "user_key");
  const sshConfig = join(folder, "ssh_config");
  await writeFile(sshConfig, `IdentityFile ${key}\nIdentitiesOnly yes\n`, { mode: 0o600 });
  return {
    connection: { host: "127.0.0.1", user: "root", port: sshd.port, hostKey: sshd.hostKey },
    ...{ key, sshConfig, binary, folder },
    operator: (more = {}) =>
      stringify({
        dsn: `sqlite://${folder}/db/db.sqlite?_fk=true`,
        secrets: { default: ["canary-of-the-operator"] },
        serve: {
          admin: { host: "127.0.0.1", port: adminPort },
          // Where Kratos is not told, it takes it that the public API is behind TLS.
          public: { host: "127.0.0.1", port: publicPort, base_url: `http://127.0.0.1:${publicPort}/` },
        },
        selfservice: { default_browser_return_url: "https://shop.example/" },
        ...more,
      }),
    etc: (path) => join(folder, "etc", path),
    log: (unit) => readFile(join(folder, "state", `${unit}.log`), "utf8"),
    async stop() {
      await sshd.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
