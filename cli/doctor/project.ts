import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { elementsAt, readAt } from "../../infra/identity-config/reading";
import { readConfig } from "../../infra/targets/kratos/config-file";
import { projectFolder } from "../stack-state";
import { backendUrl } from "./backend-url";
import { about, type Finding } from "./finding";
import { type Asked, askBackend, askStack } from "./stack";

/** What is known of the project, and of what Pulumi's CLI is still asked. */
export interface Project extends Pick<Asked, "targets" | "access"> {
  /** What is told at once, and what when Pulumi's CLI has answered. */
  findings: (Finding | Promise<Finding[]>)[];
  /** The folder of Pulumi.yaml. */
  root?: string;
}

const { ok, warn, fail } = about("project");

/** The project in this folder, the backend, and the stack: `stack`, or the one that is selected. */
export async function project(stack: string | undefined, signal: AbortSignal): Promise<Project> {
  const root = projectFolder();
  if (root === undefined) {
    const none = warn(
      "there is no Pulumi.yaml here, nor above, so neither plugin nor stack was looked at",
      "go to the folder of the Pulumi project",
    );
    const { told, ...asked } = askBackend(signal);
    return { findings: [none, told(backendUrl({}))], ...asked };
  }
  const file = join(root, "Pulumi.yaml");
  // First of all, as nothing else takes as long.
  const { told, ...asked } = askStack(stack, root, signal);
  const { document } = await readConfig(file);
  return { findings: [pluginFinding(file, root, document), told(backendUrl(document))], root, ...asked };
}

/** Whether Pulumi.yaml says where the provider is, and whether that is built. */
function pluginFinding(file: string, root: string, document: unknown): Finding {
  const listed = elementsAt(document, "/plugins/providers").map(({ value }) => value);
  const path = readAt(
    listed.find((one) => readAt(one, "/name") === "ory"),
    "/path",
  );
  if (typeof path !== "string")
    return warn(
      `${file} does not say where the provider ory is`,
      "list it there: plugins: { providers: [{ name: ory, path: node_modules/pulumi-ory/infra/provider }] }",
    );
  const folder = resolve(root, path);
  if (!existsSync(join(folder, "PulumiPlugin.yaml")))
    return fail(
      `the provider ory is not at ${folder}`,
      `correct plugins.providers in ${file}, or run npm install`,
    );
  const start = statSync(join(folder, "pulumi-resource-ory"), { throwIfNoEntry: false });
  if (start === undefined || (start.mode & 0o111) === 0)
    return fail(`${folder}/pulumi-resource-ory cannot be executed`, "run npm install anew");
  if (!existsSync(resolve(folder, "../../bin/infra/provider/main.js")))
    return fail(`the provider at ${folder} is not built`, "run npm run build in its package");
  return ok(`provider at ${folder}, built`);
}
