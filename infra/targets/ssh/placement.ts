import { posix, resolve } from "node:path";
import type { Placement } from "../kratos/placement";
import type { KratosOverSsh } from "../kratos/settings";
import { SshConnection } from "./connection";
import { SshMachine } from "./machine";
import { SshTransport } from "./transport";

/**
 * A Kratos whose files are on a host.
 * @param root The folder of Pulumi.yaml, which a relative `sshConfig` starts from.
 */
export function placementOnHost(settings: KratosOverSsh, root: string): Placement {
  const dir = posix.resolve("/", settings.dir);
  const operator = posix.resolve(dir, settings.config ?? "kratos.yml");
  const paths = { dir, operator, identity: posix.join(dir, "identity.yml") };
  const { host, hostKey, sshConfig } = settings;
  const connection = SshConnection.to({
    host,
    ...(hostKey !== undefined && { hostKey }),
    ...(sshConfig !== undefined && { configFile: resolve(root, sshConfig) }),
  });
  const machine = new SshMachine(connection);
  return {
    id: `kratos/${settings.name}`,
    place: machine.named(paths.identity),
    ...{ operator, dir, machine },
    transport: new SshTransport(connection, paths),
  };
}
