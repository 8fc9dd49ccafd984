import type { Input } from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import { secret } from "@pulumi/pulumi/output";
import { isBranch } from "../identity-config/model";
import { secretNames } from "../identity-config/references";
import { readText } from "./asset";
import type { Sealed } from "./seal";

/** An earlier config that holds instead of what the program declares. */
export interface RollbackArgs {
  /** The file that `pulumi-ory rollback` has written; relative to the folder of Pulumi.yaml. */
  file: string;
}

/**
 * What `file` declares, in the place of what the program does. Secrets are not in it: their present values hold.
 * Throws RunError where the file cannot be used.
 * @param sealed What the program declares.
 * @param secrets The secrets that the file may refer to, beside those of the program's parts.
 */
export function rolledBack(
  resource: string,
  { file }: RollbackArgs,
  sealed: Sealed,
  secrets: Record<string, Input<string>>,
): { sealed: Sealed; version: string } {
  const { version, config, assets } = contentOf(resource, file);
  const known: Sealed["secrets"] = { ...secrets, ...sealed.secrets };
  const referred = secretNames(config)
    .filter((name) => Object.hasOwn(known, name))
    .map((name) => [name, secret(known[name])]);
  return { sealed: { config, assets, secrets: Object.fromEntries(referred) }, version };
}

function contentOf(resource: string, file: string) {
  const wrong = (what: string) =>
    new RunError(
      `IdentityConfig "${resource}": ${file} is no rollback: ${what}; write it with \`pulumi-ory rollback\`, or remove \`rollback\` to end it`,
    );
  // Loaded where it is needed: a rollback is rare.
  const { parse } = require("yaml") as typeof import("yaml");
  const text = readText(file);
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    throw wrong("it is not valid YAML");
  }
  if (!isBranch(content)) throw wrong("it is no mapping");
  const { resource: of, version, config, assets = {} } = content;
  if (of !== resource) throw wrong(`it is about ${JSON.stringify(of)}`);
  if (!isBranch(config) || !isBranch(assets)) throw wrong("its config and assets are no mappings");
  if (Object.values(assets).some((one) => typeof one !== "string")) throw wrong("its assets are no texts");
  return { version: String(version), config, assets: assets as Record<string, string> };
}
