import { join } from "node:path";
import { parsedJson } from "../../infra/identity-config/model";
import { readConfig } from "../../infra/targets/kratos/config-file";
import { at } from "../pulumi-project";
import { runPulumi } from "../stack-state";
import type { Place } from "./project-files";
import type { Source } from "./source";

const TYPE = "ory:index:IdentityConfig";

/**
 * What is told where a program manages the source already: the target's stamp says so, or the state of the stack that
 * is selected where the program comes to stand. A line, or none; none either of the very program that is written, as
 * after its first update.
 * @param name What the program calls its identity config.
 */
export async function managedAlready(
  { owner, id }: Pick<Source, "owner" | "id">,
  { root, isProject }: Place,
  name: string,
  signal: AbortSignal,
): Promise<string[]> {
  const urn = owner ?? (isProject && id !== undefined ? await ownerInState(root, id, signal) : undefined);
  if (urn === undefined) return [];
  const [stack, project, , ...rest] = urn.replace(/^urn:pulumi:/, "").split("::");
  const resource = rest.join("::");
  if (isProject && resource === name && project === (await projectName(root))) return [];
  const taken = owner === undefined ? "" : ", then take it over with `pulumi import`,";
  return [
    `a program manages this already, as IdentityConfig "${resource}" of stack ${stack} of project ${project}, and two would undo each other's changes: go on with that one; or have it forget this with \`pulumi state delete\`${taken} before the first \`pulumi up\` here`,
  ];
}

async function projectName(root: string): Promise<unknown> {
  const { document } = await readConfig(join(root, "Pulumi.yaml"));
  return document.name;
}

/** The URN of the resource `id` in the stack that is selected in `root`; undefined where it has none, or cannot be read. */
async function ownerInState(root: string, id: string, signal: AbortSignal): Promise<string | undefined> {
  const { code, stdout } = await runPulumi(["stack", "export"], root, signal);
  const found = code === 0 ? at(at(parsedJson(stdout), "deployment"), "resources") : undefined;
  const resources: unknown[] = Array.isArray(found) ? found : [];
  const owner = resources.find((one) => at(one, "type") === TYPE && at(one, "id") === id);
  return owner === undefined ? undefined : String(at(owner, "urn"));
}
