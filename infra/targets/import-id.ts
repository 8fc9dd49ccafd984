import { redactText } from "../identity-config/sensitive";
import { UserError } from "../identity-config/user-error";
import type { KratosFiles, KratosOverSsh } from "./kratos/settings";
import type { NetworkSettings } from "./network/settings";
import type { TargetSettings } from "./open";

/** The form of an import id, as messages show it. */
export const IMPORT_ID_FORM = "kratos/<name>?dir=<folder of kratos.yml>";

/** The same for a project on Ory Network. */
export const NETWORK_ID_FORM = "network/<project-id>";

/** Parameters by name, with the setting of `target.kratos` that each one gives. */
const PARAMETERS = {
  dir: "dir",
  ssh: "host",
  hostKey: "hostKey",
  sshConfig: "sshConfig",
  environment: "environment",
  config: "config",
  binary: "binary",
  adminUrl: "adminUrls",
  publicUrl: "publicUrl",
  env: "env",
} as const;

/**
 * The target that an import id names: `network/<project-id>`, or
 * `kratos/shop?dir=/etc/kratos&adminUrl=http://127.0.0.1:4434`. The parameters are the settings of `target.kratos`:
 * `dir`, `environment`, `config`, `binary`, `publicUrl`, any number of `adminUrl`, and of `env=NAME=value`; `ssh` is the
 * host that the files are on, with `hostKey` and `sshConfig`. `&` in a value is written `%26`, `%` is `%25`. Throws
 * UserError on anything else.
 */
export function importedTarget(id: string): TargetSettings {
  const [, project] = /^network\/([A-Za-z0-9][A-Za-z0-9-]*)$/.exec(id) ?? [];
  // What kind of project it is, the project itself tells.
  if (project !== undefined) return { network: { project } as NetworkSettings };
  const [, name, query] = /^kratos\/([^?]*)(?:\?(.*))?$/s.exec(id) ?? [];
  const failed = (reason: string) =>
    new UserError(
      `cannot import ${redactText(JSON.stringify(id))}: ${reason}; write the id as ${NETWORK_ID_FORM}, or as ${IMPORT_ID_FORM}, and further settings of target.kratos behind it, such as &adminUrl=http://127.0.0.1:4434`,
    );
  if (name === undefined) throw failed("it is neither the id of a project nor that of a Kratos");
  const kratos: Partial<Omit<KratosOverSsh, "transport">> & { name: string } = { name };
  for (const parameter of (query ?? "").split("&").filter((one) => one !== "")) {
    const [key, value] = parameter.split(/=(.*)/s) as [string, string?];
    const setting = Object.hasOwn(PARAMETERS, key) ? PARAMETERS[key as keyof typeof PARAMETERS] : undefined;
    if (setting === undefined) {
      throw failed(`"${key}" is no parameter (${Object.keys(PARAMETERS).join(", ")})`);
    }
    if (!value) throw failed(`"${key}" has no value`);
    const text = decoded(value);
    if (text === undefined) throw failed(`the value of "${key}" is not percent-encoded rightly`);
    if (setting === "adminUrls") kratos.adminUrls = [...(kratos.adminUrls ?? []), text];
    else if (setting === "env") {
      const [, variable, content] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (variable === undefined) throw failed(`"env" must be NAME=value`);
      kratos.env = { ...kratos.env, [variable]: content! };
    } else if (Object.hasOwn(kratos, setting)) throw failed(`"${key}" is given twice`);
    // What it may be, the check of the inputs tells.
    else Object.assign(kratos, { [setting]: text });
  }
  const { dir, host, hostKey, sshConfig } = kratos;
  if (dir === undefined) throw failed("it does not tell where the files are");
  if (host !== undefined) return { kratos: { ...kratos, transport: "ssh", host, dir } };
  if (hostKey !== undefined || sshConfig !== undefined) throw failed('"ssh" must name the host');
  return { kratos: { ...(kratos as KratosFiles), dir } };
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** The import id that names `target`: the inverse of `importedTarget`. */
export function importId({ kratos, network }: TargetSettings): string {
  if (network !== undefined) return `network/${network.project}`;
  const parameters = Object.entries(PARAMETERS).flatMap(([parameter, setting]) => {
    const value = kratos[setting];
    const values = typeof value === "string" ? [value] : Array.isArray(value) ? value : pairs(value);
    return values.map((one) => `${parameter}=${one.replaceAll("%", "%25").replaceAll("&", "%26")}`);
  });
  return `kratos/${kratos.name}?${parameters.join("&")}`;
}

const pairs = (env: Record<string, string> = {}): string[] =>
  Object.entries(env).map(([name, value]) => `${name}=${value}`);
