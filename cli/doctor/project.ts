import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isBranch, parsedJson } from "../../infra/identity-config/model";
import { elementsAt, readAt } from "../../infra/identity-config/reading";
import { redactText } from "../../infra/identity-config/sensitive";
import { readConfig } from "../../infra/targets/kratos/config-file";
import type { TargetSettings } from "../../infra/targets/open";
import { projectFolder, runPulumi, stackState } from "../stack-state";
import { about, type Finding } from "./finding";

/** What is known of the project and of one stack. */
export interface Project {
  findings: Finding[];
  /** The folder of Pulumi.yaml. */
  root?: string;
  /** The targets that the stack's configuration or its state names. */
  targets: TargetSettings[];
}

const inProject = about("project");
const inBackend = about("backend");

/** The project in this folder, the backend, and the stack: `stack`, or the one that is selected. */
export async function project(stack: string | undefined, signal: AbortSignal): Promise<Project> {
  const root = projectFolder();
  if (root === undefined) {
    const none = inProject.warn(
      "there is no Pulumi.yaml here, nor above, so neither plugin nor stack was looked at",
      "go to the folder of the Pulumi project",
    );
    return { findings: [none, ...(await backendFinding(signal))], targets: [] };
  }
  const plugin = await pluginFinding(root);
  if (stack !== undefined) {
    const [backend, { findings, targets }] = await Promise.all([
      backendFinding(signal),
      stackFindings(stack, root, signal),
    ]);
    return { findings: [plugin, ...backend, ...findings], root, targets };
  }
  // Each start of Pulumi's CLI takes as long as all else together.
  const { name, backend } = await selected(root, signal);
  if (name === undefined) {
    const none = inBackend.warn("no stack is selected, so no target was looked at", "name one with --stack");
    return { findings: [plugin, ...backend, none], root, targets: [] };
  }
  const { findings, targets } = await stackFindings(name, root, signal);
  return { findings: [plugin, ...backend, ...findings], root, targets };
}

/** Whether Pulumi.yaml says where the provider is, and whether that is built. */
async function pluginFinding(root: string): Promise<Finding> {
  const file = join(root, "Pulumi.yaml");
  const { document } = await readConfig(file);
  const listed = elementsAt(document, "/plugins/providers").map(({ value }) => value);
  const path = readAt(
    listed.find((one) => readAt(one, "/name") === "ory"),
    "/path",
  );
  if (typeof path !== "string")
    return inProject.warn(
      `${file} does not say where the provider ory is`,
      "list it there: plugins: { providers: [{ name: ory, path: node_modules/pulumi-ory/infra/provider }] }",
    );
  const folder = resolve(root, path);
  if (!existsSync(join(folder, "PulumiPlugin.yaml")))
    return inProject.fail(
      `the provider ory is not at ${folder}`,
      `correct plugins.providers in ${file}, or run npm install`,
    );
  const start = statSync(join(folder, "pulumi-resource-ory"), { throwIfNoEntry: false });
  if (start === undefined || (start.mode & 0o111) === 0)
    return inProject.fail(`${folder}/pulumi-resource-ory cannot be executed`, "run npm install anew");
  if (!existsSync(resolve(folder, "../../bin/infra/provider/main.js")))
    return inProject.fail(`the provider at ${folder} is not built`, "run npm run build in its package");
  return inProject.ok(`provider at ${folder}, built`);
}

async function backendFinding(signal: AbortSignal): Promise<Finding[]> {
  const { code, stdout, stderr } = await runPulumi(["whoami", "--json"], ".", signal);
  // That pulumi is missing, its version tells.
  if (code === undefined) return [];
  if (code !== 0) return [unreached(stderr)];
  const url = readAt(parsedJson(stdout), "/url");
  return [inBackend.ok(`signed in to ${redactText(String(url ?? "the backend"))}`)];
}

/** The stack that is selected, and what asking for it tells of the backend. */
async function selected(
  root: string,
  signal: AbortSignal,
): Promise<{ name: string | undefined; backend: Finding[] }> {
  const { code, stdout, stderr } = await runPulumi(["stack", "--show-name"], root, signal);
  const name = code === 0 ? stdout.trim() || undefined : undefined;
  if (code === undefined) return { name, backend: [] };
  const isReached = code === 0 || /no stack selected/.test(stderr);
  return { name, backend: [isReached ? inBackend.ok("Pulumi reaches its backend") : unreached(stderr)] };
}

const unreached = (complaint: string): Finding =>
  inBackend.fail(
    `Pulumi reaches no backend: ${firstLine(complaint)}`,
    "run `pulumi login`, or set PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL",
  );

/** Whether the stack's configuration can be read, secrets included, and which targets it has. */
async function stackFindings(stack: string, root: string, signal: AbortSignal) {
  const [config, state] = await Promise.all([
    runPulumi(["config", "--stack", stack, "--json", "--show-secrets"], root, signal),
    stackState(stack, signal).catch(() => undefined),
  ]);
  if (config.code === undefined) return { findings: [], targets: [] };
  const targets = [
    ...(state?.configs ?? []).map(({ inputs }) => inputs.target),
    ...Object.entries(record(parsedJson(config.stdout)))
      .filter(([key]) => key.endsWith(":target"))
      .map(([, value]) => readAt(value, "/objectValue")),
  ].filter(isTarget);
  const known = new Map(targets.map((target) => [JSON.stringify(target), target]));
  return { findings: [configFinding(stack, config)], targets: [...known.values()] };
}

function configFinding(stack: string, { code, stderr }: { code?: number | null; stderr: string }): Finding {
  if (code === 0) return inBackend.ok(`the configuration of stack ${stack} can be read, secrets included`);
  const fix = /passphrase/.test(stderr)
    ? "set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, to the stack's passphrase"
    : /no stack named/.test(stderr)
      ? `make it with \`pulumi stack init ${stack}\`, or name another with --stack`
      : "correct the stack's file, or sign in to its secrets provider";
  return inBackend.fail(`the configuration of stack ${stack} cannot be read: ${firstLine(stderr)}`, fix);
}

const record = (value: unknown): Record<string, unknown> => (isBranch(value) ? value : {});

const isTarget = (value: unknown): value is TargetSettings =>
  isBranch(readAt(value, "/kratos")) || isBranch(readAt(value, "/network"));

const firstLine = (text: string): string =>
  redactText(
    text
      .trim()
      .split("\n")[0]!
      .replace(/^error: /, ""),
  ).slice(0, 300);
