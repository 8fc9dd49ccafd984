import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { inlineUri } from "../infra/identity-config/model";

export type KratosConfigOptions = {
  /** An absolute path. */
  folder: string;
  publicPort: number;
  adminPort: number;
  /** Where the pages for signing in and so on would be. */
  uiUrl: string;
};

/** The files of a local Kratos, and the secrets in them that must never be shown. */
export type KratosConfig = { operatorFile: string; identityFile: string; secrets: string[] };

type Secrets = { default: string[]; cookie: string[]; cipher: string[] };

// With this schema Kratos boots before any identity config was applied; the first one replaces it.
const FIRST_SCHEMA = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: {
        email: {
          type: "string",
          format: "email",
          "ory.sh/kratos": { credentials: { password: { identifier: true } } },
        },
      },
      required: ["email"],
    },
  },
};

/**
 * Writes the operator's kratos.yml, anew at each start, with secrets that are generated once; and an empty identity.yml
 * where there is none, since Kratos does not start without a file that it is told to read. Both are readable by their
 * owner only.
 */
export function writeKratosConfig({
  folder,
  publicPort,
  adminPort,
  uiUrl,
}: KratosConfigOptions): KratosConfig {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const operatorFile = join(folder, "kratos.yml");
  const identityFile = join(folder, "identity.yml");
  const secrets = readSecrets(operatorFile) ?? newSecrets();
  const ui = uiUrl.replace(/\/+$/, "");
  const document = {
    // With SQLite's default journal, which lets a reader keep writers out, Kratos answers "database is locked" as soon
    // as a few people sign in at once. This makes it rare, not impossible.
    dsn: `sqlite://${join(folder, "db.sqlite")}?_fk=true&_journal_mode=WAL&_busy_timeout=5000`,
    serve: {
      public: { host: "127.0.0.1", port: publicPort, base_url: `http://127.0.0.1:${publicPort}/` },
      admin: { host: "127.0.0.1", port: adminPort, base_url: `http://127.0.0.1:${adminPort}/` },
    },
    // At info each request is two long lines.
    log: { level: "warning" },
    secrets,
    identity: {
      default_schema_id: "default",
      schemas: [{ id: "default", url: inlineUri(JSON.stringify(FIRST_SCHEMA)) }],
    },
    selfservice: {
      default_browser_return_url: `${ui}/`,
      flows: {
        error: { ui_url: `${ui}/error` },
        login: { ui_url: `${ui}/login` },
        registration: { ui_url: `${ui}/registration` },
        recovery: { ui_url: `${ui}/recovery` },
        verification: { ui_url: `${ui}/verification` },
        settings: { ui_url: `${ui}/settings` },
      },
      // Would ask a server on the internet about each new password.
      methods: { password: { config: { haveibeenpwned_enabled: false } } },
    },
    courier: { worker: { pull_wait: "250ms" } },
  };
  writeFileSync(
    operatorFile,
    `# Written at each start of the local Kratos; changes are lost.\n${stringify(document)}`,
    { mode: 0o600 },
  );
  chmodSync(operatorFile, 0o600);
  if (!existsSync(identityFile)) writeFileSync(identityFile, "{}\n", { mode: 0o600 });
  return { operatorFile, identityFile, secrets: Object.values(secrets).flat() };
}

function readSecrets(operatorFile: string): Secrets | undefined {
  if (!existsSync(operatorFile)) return undefined;
  const { secrets } = (parse(readFileSync(operatorFile, "utf8")) ?? {}) as { secrets?: Secrets };
  return secrets;
}

function newSecrets(): Secrets {
  return {
    default: [randomBytes(32).toString("hex")],
    cookie: [randomBytes(32).toString("hex")],
    // Kratos wants exactly 32 characters here.
    cipher: [randomBytes(16).toString("hex")],
  };
}
