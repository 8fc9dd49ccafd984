import { stringify } from "yaml";
import { type Change, changesBetween } from "../../infra/identity-config/change-set";
import { leavesOf } from "../../infra/identity-config/leaves";
import { type Document, isBranch } from "../../infra/identity-config/model";
import { resolveReferences } from "../../infra/identity-config/references";
import { UserError } from "../../infra/identity-config/user-error";
import { at } from "../pulumi-project";

/** What an identity config declared at some time; secrets are references. */
export interface Declared {
  /** The resource's name. */
  resource: string;
  config: Document;
  assets: Record<string, string>;
  /** Its target's revision then. */
  revision: string;
}

const TYPE = "ory:index:IdentityConfig";

/** How the state marks secrets (pulumi/pulumi, sdk/go/common/resource/properties.go). */
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * What an identity config among `resources` declares; undefined where there is none.
 * @param name Which one. Throws UserError where there are several and none is named.
 */
export function declaredIn(resources: readonly unknown[], name: string | undefined): Declared | undefined {
  const found = resources
    .filter((one) => at(one, "type") === TYPE)
    .map((one) => ({ one, resource: String(at(one, "urn")).split("::").at(-1)! }));
  const [chosen, ...more] = name === undefined ? found : found.filter(({ resource }) => resource === name);
  if (chosen === undefined) return undefined;
  if (more.length > 0)
    throw new UserError(
      `the stack has several identity configs; name one with --resource: ${found.map(({ resource }) => resource).join(", ")}`,
    );
  const { config, assets = {} } = at(chosen.one, "inputs") as Record<string, unknown>;
  if (!isBranch(config) || !isBranch(assets) || JSON.stringify([config, assets]).includes(SECRET))
    throw new UserError(`cannot roll back ${chosen.resource}: the state holds its config as a secret`);
  return {
    resource: chosen.resource,
    config: config as Document,
    assets: assets as Record<string, string>,
    revision: String(at(at(chosen.one, "outputs"), "revision") ?? ""),
  };
}

/** What differs between two declarations, in the order of paths. */
export function declaredChanges(now: Declared, then: Declared): Change[] {
  const leaves = ({ config, assets }: Declared) => leavesOf(resolveReferences(config, assets, {}).document);
  return changesBetween(leaves(now), leaves(then));
}

/** The file from which a program takes `declared` instead of its own config. */
export function rollbackText(
  { resource, config, assets, revision }: Declared,
  stack: string,
  to: string,
): string {
  const head = `# What ${stack} declared at ${to}. Ends with: pulumi-ory rollback --stack ${stack} --end\n`;
  return head + stringify({ resource, version: to, revision, config, assets }, { lineWidth: 0 });
}
