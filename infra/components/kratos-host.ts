import type * as command from "@pulumi/command";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import { getProject, getStack } from "@pulumi/pulumi/metadata";
import { output, secret, unsecret } from "@pulumi/pulumi/output";
import { ComponentResource, mergeOptions } from "@pulumi/pulumi/resource";
import { valueAt } from "../identity-config/leaves";
import { UserError } from "../identity-config/user-error";
import { parsedConfig } from "../targets/kratos/config-file";
import { listenerUrl } from "../targets/kratos/endpoints";
import type { KratosOverSsh } from "../targets/kratos/settings";
import type * as scripts from "./kratos-host-scripts";
import type * as systemd from "./kratos-host-units";

/** How a host is signed in at; the fields of `@pulumi/command`'s connection, with the host key, which is required. */
export interface HostConnection
  extends Omit<command.types.input.remote.ConnectionArgs, "host" | "user" | "port" | "hostKey"> {
  /** Name or address. */
  host: string;
  /** Who signs in: root, or somebody who may use sudo without a password. Default: `root`. */
  user?: string;
  /** Default: 22. */
  port?: number;
  /** The host key that is taken and no other, such as `ssh-ed25519 AAAA…`. */
  hostKey: string;
}

/** Arguments of KratosHost. */
export interface KratosHostArgs {
  connection: HostConnection;
  /** Content of kratos.yml, the operator's own file (dsn, serve, secrets, log); kept as a secret. */
  config: Input<string>;
  /** Folder of the configuration files. Default: `/etc/kratos`. */
  dir?: string;
  /** The Kratos executable, which must be on the host. Default: `/usr/local/bin/kratos`. */
  binary?: string;
  /** The system user that Kratos runs as; made where it is missing. Default: `kratos`. */
  serviceUser?: string;
  /**
   * Whether `kratos migrate sql` runs before the server is started: a new database needs it, and one that an older Kratos
   * has used; make a backup of that first. Default: false, as nothing takes a migration back.
   */
  migrate?: boolean;
}

/**
 * A host that runs a self-hosted Kratos under systemd: the folder that IdentityConfig writes identity.yml in, the
 * operator's kratos.yml, the unit of the server, and the unit of a courier that is started again when identity.yml
 * changes, as a courier before v25.4 keeps what it was started with. Needs the provider plugin of `@pulumi/command`, and
 * on the host a Kratos executable and systemd. Where the operator's file alone is not enough for Kratos to start, the
 * units wait for the first identity.yml. Destroying it stops the units and leaves the folder.
 *
 * A preview of IdentityConfig reads the files on the host, so the host comes first: `pulumi up --target '**KratosHost**'`.
 * @example
 * ```ts
 * const host = new KratosHost("auth-1", {
 *   connection: { host: "auth-1.shop.example", user: "deploy", hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5" },
 *   config: "dsn: postgres://kratos@db.shop.example/kratos\nserve: { admin: { host: 127.0.0.1 } }\n",
 * });
 * new IdentityConfig("shop", { target: { kratos: { name: "shop", ...host.target } } }, { dependsOn: host });
 * ```
 */
export class KratosHost extends ComponentResource {
  /** What of `target.kratos` leads to this host, for IdentityConfig. */
  readonly target: Pick<KratosOverSsh, "transport" | "host" | "hostKey" | "dir" | "binary">;
  /**
   * How the server was after the last update of the host: `active`, or `waits for its first identity.yml`. What is active
   * was ready by its Admin API, too, where that is not behind TLS or a Unix socket.
   */
  readonly state: Output<string>;

  constructor(name: string, args: KratosHostArgs, opts?: ComponentResourceOptions) {
    super("ory:index:KratosHost", name, {}, opts);
    const { connection, config } = args;
    const { host, user = "root", port = 22, hostKey } = connection;
    const layout: systemd.HostLayout = {
      dir: checked(name, "dir", args.dir ?? "/etc/kratos"),
      binary: checked(name, "binary", args.binary ?? "/usr/local/bin/kratos"),
      user: checked(name, "serviceUser", args.serviceUser ?? "kratos"),
      mark: `# KratosHost ${JSON.stringify(`${getProject()}/${getStack()}/${name}`)}`,
    };
    if (typeof hostKey !== "string" || !/^\S+ [A-Za-z0-9+/]+=*/.test(hostKey)) {
      throw new RunError(
        `KratosHost "${name}": connection.hostKey must be the host's public key, such as ssh-ed25519 AAAA…; without it, anything that answers would be trusted`,
      );
    }
    // Loaded here: programs without a host need not wait for it.
    const { Command } = require("@pulumi/command/remote") as typeof command.remote;
    const { END, FOLDER, INSTALL, MIGRATE, OPERATOR, REMOVE, SERVER, shellCommand, UNITS } =
      require("./kratos-host-scripts") as typeof scripts;
    const { units } = require("./kratos-host-units") as typeof systemd;
    const reached = { ...connection, user, port };
    const { dir, binary, mark, user: serviceUser } = layout;
    const run = (
      step: string,
      create: Input<string>,
      more: { stdin?: Input<string>; delete?: string; triggers?: Input<unknown>[] } = {},
      dependsOn: command.remote.Command[] = [],
    ) =>
      new Command(
        `${name}-${step}`,
        { connection: reached, create, ...more },
        mergeOptions({ parent: this }, { dependsOn }),
      );

    const folder = run("folder", shellCommand(FOLDER, dir, serviceUser, user));
    // By standard input: a command's text stands in the host's list of processes, and in the state.
    const stdin = secret(config).apply((text) => `${text.replace(/\n?$/, "\n")}${END}\n`);
    const operator = run("config", shellCommand(OPERATOR, dir, serviceUser, user), { stdin }, [folder]);
    const installed = run(
      "units",
      shellCommand(INSTALL, mark, dir, ...UNITS),
      { stdin: `${units(layout)}${END}\n`, delete: shellCommand(REMOVE, mark, ...UNITS) },
      [folder],
    );
    // Each says what it has written: the server starts anew when that changes.
    const triggers = [operator.stdout, installed.stdout];
    const start = args.migrate === true ? MIGRATE + SERVER : SERVER;
    // Where the Admin API is reached is no secret, though it stands among some.
    const asked = unsecret(output(config).apply((text) => adminUrl(name, text)));
    const starting = asked.apply((url) => shellCommand(start, dir, binary, serviceUser, url));
    const server = run("server", starting, { triggers }, [operator, installed]);
    this.state = server.stdout;
    this.target = {
      transport: "ssh",
      host: `ssh://${user}@${host.includes(":") ? `[${host}]` : host}:${port}`,
      ...{ hostKey, dir, binary },
    };
    this.registerOutputs({ state: this.state });
  }
}

/** Where the Admin API is reached on the host; empty where it is behind TLS or a Unix socket. */
function adminUrl(name: string, config: string): string {
  try {
    const { document } = parsedConfig("config", config);
    const host = valueAt(document, "/serve/admin/host");
    const isPlain = valueAt(document, "/serve/admin/tls") === undefined && !String(host).startsWith("unix:");
    return isPlain ? listenerUrl(document, "admin", 4434) : "";
  } catch (error) {
    throw error instanceof UserError ? new RunError(`KratosHost "${name}": ${error.message}`) : error;
  }
}

/** What a systemd unit and a shell both read as it stands. */
function checked(name: string, field: string, value: string): string {
  const wanted = field === "serviceUser" ? /^[a-z_][a-z0-9_-]*$/ : /^\/[A-Za-z0-9._/-]+$/;
  if (typeof value === "string" && wanted.test(value)) return value;
  const form =
    field === "serviceUser" ? "a name such as kratos" : "an absolute path of letters, digits, . _ - and /";
  throw new RunError(`KratosHost "${name}": ${field} is ${JSON.stringify(value)}; it must be ${form}`);
}
