import type { Environment } from "../../identity-config/model";

/** A self-hosted Kratos, and how to reach it. */
interface KratosServer {
  /** Name of this server in the resource's id, `kratos/<name>`; changing it means another target. */
  name: string;
  /** What the server is for: in `prod`, rules are stricter and weakening changes must be acknowledged. Default: `prod`. */
  environment?: Environment;
  /** The Kratos executable of the version that the server runs, for trials. Default: `kratos` on PATH. */
  binary?: string;
  /** Environment variables that the real server is started with; Kratos lets them override its files. */
  env?: Record<string, string>;
}

/** A Kratos whose configuration files lie on this machine. */
export interface KratosFiles extends KratosServer {
  /** `file`: identity.yml is written. Default: `file`. */
  transport?: "file";
  /** Folder of the operator's configuration file, in which identity.yml is written; relative to Pulumi.yaml's. */
  dir: string;
  /** The operator's own configuration file (dsn, serve, secrets, log), read and never written. Default: `kratos.yml`. */
  config?: string;
  /** Admin API of every replica. Default: from `serve.admin` of the operator's configuration file. */
  adminUrls?: string[];
  /** Public API, walked by the sign-in proof. Default: from `serve.public` of the operator's configuration file. */
  publicUrl?: string;
  version?: undefined;
  plain?: undefined;
  host?: undefined;
  hostKey?: undefined;
  sshConfig?: undefined;
}

/**
 * A Kratos whose configuration files lie on a host that is reached over ssh. The host itself tries, replaces and puts
 * back; it needs a POSIX shell, coreutils or busybox, and an sshd that allows forwarding.
 */
export interface KratosOverSsh extends KratosServer {
  /** `ssh`: identity.yml is written on `host`. */
  transport: "ssh";
  /**
   * What stands behind `ssh`: a host of ssh's configuration, `user@host` or `ssh://user@host:port`. The user must be
   * able to write in `dir`. Keys, agent, port and jump hosts are those of ssh's configuration.
   */
  host: string;
  /**
   * The host key that is taken and no other, such as `ssh-ed25519 AAAA…`. Default: what known_hosts has. A host whose
   * key is not known, or is another one, is refused.
   */
  hostKey?: string;
  /** Configuration file of ssh, as for `ssh -F`; relative to Pulumi.yaml's folder. Default: ssh's own. */
  sshConfig?: string;
  /** Folder of the operator's configuration file on the host, an absolute path; identity.yml is written there. */
  dir: string;
  /** The operator's own configuration file in `dir`, read and never written. Default: `kratos.yml`. */
  config?: string;
  /**
   * Admin API of every replica, as it is reached from this machine. Default: `serve.admin` of the operator's file, as it
   * is reached from the host, over ssh.
   */
  adminUrls?: string[];
  /** Public API, walked by the sign-in proof, where it can be reached from this machine. Default: none. */
  publicUrl?: string;
  version?: undefined;
  plain?: undefined;
}

/** A Kratos elsewhere, as in Kubernetes, to which the program brings the rendered config. */
export interface KratosOutput extends KratosServer {
  /** `output`: nothing is written; `rendered` of the IdentityConfig is what identity.yml must hold. */
  transport: "output";
  /**
   * The operator's own configuration file, which the server reads before identity.yml; relative to Pulumi.yaml's
   * folder, read and never written. Default: none, identity.yml is then all that the server reads.
   */
  config?: string;
  /** Kratos's version, such as `v1.3.1`, the tag of its image. Default: what a running server or `binary` says. */
  version?: string;
  /**
   * `true`: a rendered config that holds a secret is refused, so that it may stand where many can read it, as in a
   * ConfigMap. Default: `false`.
   */
  plain?: boolean;
  /** Admin API of every replica, where it can be reached from this machine. Default: none; nothing is proven. */
  adminUrls?: string[];
  /** Public API, walked by the sign-in proof, where it can be reached from this machine. Default: none. */
  publicUrl?: string;
  dir?: undefined;
  host?: undefined;
  hostKey?: undefined;
  sshConfig?: undefined;
}

/** Where a self-hosted Kratos gets its configuration from, and how to reach the running server. */
export type KratosSettings = KratosFiles | KratosOverSsh | KratosOutput;
