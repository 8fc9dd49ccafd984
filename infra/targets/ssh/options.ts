import { join } from "node:path";

/** A host, in OpenSSH's words. */
export interface SshHost {
  /** What stands behind `ssh`: a host of ssh's configuration, `user@host` or `ssh://user@host:port`. */
  host: string;
  /** The one host key that is taken, such as `ssh-ed25519 AAAA…`; without it, known_hosts says. */
  hostKey?: string;
  /** Absolute path of the file that `ssh -F` reads; without it, ssh's own. */
  configFile?: string;
}

/** A host that is not known is refused, nobody is asked for anything, and a connection that was cut is noticed. */
const ALWAYS = {
  StrictHostKeyChecking: "yes",
  VerifyHostKeyDNS: "no",
  NoHostAuthenticationForLocalhost: "no",
  BatchMode: "yes",
  ConnectTimeout: "15",
  ServerAliveInterval: "5",
  ServerAliveCountMax: "3",
  LogLevel: "INFO",
  ForwardAgent: "no",
  ForwardX11: "no",
  RequestTTY: "no",
  RemoteCommand: "none",
  PermitLocalCommand: "no",
  ControlPersist: "no",
};

/** Only the host key that is named counts, whatever else known_hosts or ssh's configuration says. */
const PINNED = {
  GlobalKnownHostsFile: "none",
  KnownHostsCommand: "none",
  UpdateHostKeys: "no",
  HostKeyAlias: "pinned",
};

/** The file, beside the socket of a connection, that holds the host key that is named. */
export const pinnedFile = (control: string): string => join(control, "..", "known_hosts");

/**
 * Options of OpenSSH's client.
 * @param control The socket that its connection is shared by.
 * @param master Whether it makes that connection.
 */
export function optionsFor(
  { configFile, hostKey }: SshHost,
  control: string,
  master: "yes" | "no" = "no",
): string[] {
  // In both, a percent sign stands for something else.
  const literal = (path: string): string => path.replaceAll("%", "%%");
  const pinned = { ...PINNED, UserKnownHostsFile: `"${literal(pinnedFile(control))}"` };
  const all = { ...ALWAYS, ...(hostKey !== undefined && pinned), ControlMaster: master };
  return [
    ...(configFile === undefined ? [] : ["-F", configFile]),
    ...Object.entries(all).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ...["-T", "-S", literal(control)],
  ];
}
