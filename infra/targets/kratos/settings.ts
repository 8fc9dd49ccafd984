/** Where a self-hosted Kratos keeps its configuration, and how to reach the running server. */
export interface KratosSettings {
  /** Name of this server in the resource's id, `kratos/<name>`; changing it means another target. */
  name: string;
  /** Folder of the operator's configuration file, in which identity.yml is written; relative to Pulumi.yaml's. */
  dir: string;
  /** The operator's own configuration file (dsn, serve, secrets, log), read and never written. Default: `kratos.yml`. */
  config?: string;
  /** The Kratos executable of the version that the server runs, for trials. Default: `kratos` on PATH. */
  binary?: string;
  /** Admin API of every replica. Default: from `serve.admin` of the operator's configuration file. */
  adminUrls?: string[];
  /** Public API, walked by the sign-in proof. Default: from `serve.public` of the operator's configuration file. */
  publicUrl?: string;
  /** Environment variables that the real server is started with; Kratos lets them override its files. */
  env?: Record<string, string>;
}
