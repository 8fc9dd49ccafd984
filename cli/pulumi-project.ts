import { join } from "node:path";
import { isBranch, parsedJson } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import { readConfig } from "../infra/targets/kratos/config-file";
import { withProgress } from "./progress";
import { projectFolder, runPulumi } from "./stack-state";

/** A Pulumi project, from its Pulumi.yaml. */
export interface PulumiProject {
  /** The folder of Pulumi.yaml. */
  root: string;
  name: string;
  /** The file of a stack's configuration, relative to `root`. */
  stackFile(stack: string): string;
}

/** The project of this folder, or of the nearest one above. Throws UserError where there is none. */
export async function pulumiProject(): Promise<PulumiProject> {
  const root = folderAbove();
  const { document } = await readConfig(join(root, "Pulumi.yaml"));
  const { name, stackConfigDir, config } = document;
  // An older spelling of stackConfigDir.
  const folder = [stackConfigDir, config].find((one) => typeof one === "string") as string | undefined;
  if (typeof name !== "string")
    throw new UserError(`cannot use ${join(root, "Pulumi.yaml")}: it has no name`);
  return {
    root,
    name,
    // A stack's name may be organization/project/stack.
    stackFile: (stack) => join(folder ?? ".", `Pulumi.${stack.split("/").at(-1)}.yaml`),
  };
}

function folderAbove(): string {
  const folder = projectFolder();
  if (folder !== undefined) return folder;
  throw new UserError("there is no Pulumi.yaml here, nor above: go to the folder of the Pulumi project");
}

/** What a command of Pulumi's CLI prints as JSON. Throws UserError with its complaint where it fails. */
export async function pulumiJson(
  { root }: PulumiProject,
  args: string[],
  signal: AbortSignal,
): Promise<unknown> {
  const command = `pulumi ${args.join(" ")}`;
  const { code, stdout, stderr } = await withProgress(`${command}…`, runPulumi(args, root, signal));
  if (code !== 0) throw new UserError(`${command} failed: ${stderr.trim().replace(/^error: /, "")}`);
  return parsedJson(stdout);
}

/** `value[name]`, of whatever it is. */
export const at = (value: unknown, name: string): unknown => (isBranch(value) ? value[name] : undefined);
