import { type LeafSchemas, object } from "../json-schema";

const name = {
  type: "string",
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$",
  description: "letters, digits, dots, underscores and hyphens, with a letter or digit first",
};
const version = { type: "string", pattern: "^v?\\d+\\.\\d+\\.\\d+", description: "a version such as v1.3.1" };
const path = {
  type: "string",
  pattern: "^/[^\\u0000]*$",
  description: "an absolute path, such as /etc/kratos",
};
/** Nothing that ssh could take for an option, or its configuration for a piece of a command. */
const host = {
  type: "string",
  pattern:
    "^(ssh://)?([A-Za-z0-9_][A-Za-z0-9._+-]*@)?([A-Za-z0-9][A-Za-z0-9._-]*|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*|\\[[0-9A-Fa-f:.]+\\])(:[0-9]+)?$",
  description: "what stands behind ssh: a host, user@host or ssh://user@host:port",
};
const hostKey = {
  type: "string",
  pattern: "^(ssh|ecdsa|sk)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+=*( [ -~]*)?$",
  description: "a public host key on one line, such as ssh-ed25519 AAAA…",
};

/** JSON schema of KratosSettings. */
export function kratosSchema({ text, url, env }: LeafSchemas) {
  const server = {
    name,
    environment: { type: "string", enum: ["prod", "stage", "dev"] },
    transport: { type: "string", enum: ["file", "ssh", "output"] },
    config: text,
    binary: text,
    adminUrls: { type: "array", minItems: 1, items: url },
    publicUrl: url,
    env,
  };
  const output = object({ ...server, version, plain: { type: "boolean" } }, ["name", "transport"]);
  const ssh = object({ ...server, dir: path, host, hostKey, sshConfig: text }, ["name", "host", "dir"]);
  return whereTransport(
    "output",
    output,
    whereTransport("ssh", ssh, object({ ...server, dir: text }, ["name", "dir"])),
  );
}

const whereTransport = (transport: string, one: object, other: object) => ({
  if: { type: "object", properties: { transport: { const: transport } }, required: ["transport"] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: one,
  else: other,
});
