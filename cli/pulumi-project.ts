import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isBranch, parsedJson } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import { readConfig } from "../infra/targets/kratos/config-file";
import { withProgress } from "./progress";

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
  for (let folder = resolve("."); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (dirname(folder) === folder)
      throw new UserError("there is no Pulumi.yaml here, nor above: go to the folder of the Pulumi project");
  }
}

/** What a command of Pulumi's CLI prints as JSON. Throws UserError with its complaint where it fails. */
export async function pulumiJson(
  { root }: PulumiProject,
  args: readonly string[],
  signal: AbortSignal,
): Promise<unknown> {
  const command = `pulumi ${args.join(" ")}`;
  const child = spawn("pulumi", [...args, "--non-interactive"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    signal,
  });
  let [output, complaint] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const ended = new Promise<unknown>((done, fail) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? "pulumi is not on PATH" : error.message;
      fail(new UserError(`cannot run ${command}: ${reason}`));
    });
    child.once("close", (code) => {
      if (code === 0) done(parsedJson(output));
      else fail(new UserError(`${command} failed: ${complaint.trim().replace(/^error: /, "")}`));
    });
  });
  return withProgress(`${command}…`, ended);
}

/** `value[name]`, of whatever it is. */
export const at = (value: unknown, name: string): unknown => (isBranch(value) ? value[name] : undefined);
