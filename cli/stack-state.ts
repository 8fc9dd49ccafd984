import { existsSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { isBranch, parsedJson, UNKNOWN } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import { withProgress } from "./progress";
import { runTool, type ToolRun } from "./tool";

/** A resource as a stack's state has it. Secrets are in the clear, or `UNKNOWN` where they could not be decrypted. */
export interface StackResource {
  urn: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  /** Inputs of its provider. */
  provider: Record<string, unknown>;
}

export interface StackState {
  /** The folder of Pulumi.yaml. */
  root: string;
  /** The identity configs. */
  configs: StackResource[];
  /** Why secrets could not be decrypted. */
  locked?: string;
}

const TYPE = "ory:index:IdentityConfig";

/**
 * The identity configs of a stack's state, as Pulumi's CLI reads it from any backend. Throws UserError where it cannot
 * be read, or holds none.
 * @param withSecrets Whether secrets are decrypted, where that can be.
 */
export async function stackState(
  stack: string,
  signal: AbortSignal,
  withSecrets = false,
): Promise<StackState> {
  const root = projectRoot();
  const read = async (): Promise<{ text: string; locked?: string }> => {
    let locked: string | undefined;
    if (withSecrets) {
      const opened = await exported(stack, root, ["--show-secrets"], signal);
      if ("text" in opened) return opened;
      locked = opened.complaint;
    }
    const closed = await exported(stack, root, [], signal);
    if ("text" in closed) return { ...closed, ...(locked !== undefined && { locked }) };
    throw new UserError(`cannot read the stack ${stack}: ${closed.complaint}`);
  };
  const { text, locked } = await withProgress(`reading the stack ${stack}…`, read());
  const configs = identityConfigs(text);
  if (configs.length === 0)
    throw new UserError(
      `the stack ${stack} has no identity config: nothing was applied yet, or all of it was destroyed`,
    );
  return { root, configs, ...(locked !== undefined && { locked }) };
}

/** The identity configs of what `pulumi stack export` has printed. */
export function identityConfigs(text: string): StackResource[] {
  const found = at(at(parsedJson(text), "deployment"), "resources");
  const resources = Array.isArray(found) ? found : [];
  return resources
    .filter((one) => at(one, "type") === TYPE)
    .map((one): StackResource => {
      const reference = String(at(one, "provider") ?? "");
      const provider = resources.find((other) => reference === `${at(other, "urn")}::${at(other, "id")}`);
      return {
        urn: String(at(one, "urn")),
        id: String(at(one, "id")),
        inputs: record(at(one, "inputs")),
        outputs: record(at(one, "outputs")),
        provider: record(at(provider, "inputs")),
      };
    });
}

const at = (value: unknown, name: string): unknown => (isBranch(value) ? value[name] : undefined);

const record = (value: unknown): Record<string, unknown> => {
  const plain = opened(value);
  return isBranch(plain) ? plain : {};
};

/** How the state tells secrets from objects (pulumi/pulumi, sdk/go/common/resource/properties.go). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** `value` without the envelopes of its secrets. */
function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened);
  if (!isBranch(value)) return value;
  if (value[SIGNATURE] === SECRET)
    return typeof value.plaintext === "string" ? opened(parsedJson(value.plaintext)) : UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, opened(item)]));
}

/** The folder of Pulumi.yaml: this one, or the nearest above; undefined where there is none. */
export function projectFolder(): string | undefined {
  for (let folder = resolve("."); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function projectRoot(): string {
  const folder = projectFolder();
  if (folder !== undefined) return folder;
  throw new UserError(
    "there is no Pulumi.yaml here, nor above: go to the folder of the Pulumi project, or name files or a target",
  );
}

/** The stack's state, or why it cannot be read. */
async function exported(
  stack: string,
  cwd: string,
  options: string[],
  signal: AbortSignal,
): Promise<{ text: string } | { complaint: string }> {
  const { code, stdout, stderr } = await runPulumi(
    ["stack", "export", "--stack", stack, ...options],
    cwd,
    signal,
  );
  if (code === 0) return { text: stdout };
  return { complaint: stderr.trim().replace(/^error: /, "") };
}

/** Runs Pulumi's CLI to its end, or until `signal` is aborted, which rejects. */
export const runPulumi = (args: string[], cwd: string, signal: AbortSignal): Promise<ToolRun> =>
  runTool("pulumi", [...args, "--non-interactive"], {
    cwd,
    env: { ...process.env, PATH: packagesLast(process.env.PATH ?? ""), PULUMI_SKIP_UPDATE_CHECK: "true" },
    signal,
  });

/**
 * `path` with the folders of npm's packages last: npx puts them first, and the npm package `pulumi` has a downloader
 * there under the name of the CLI.
 */
function packagesLast(path: string): string {
  const folders = path.split(delimiter);
  const isOfPackages = (folder: string) => folder.endsWith(join("node_modules", ".bin"));
  return [...folders.filter((one) => !isOfPackages(one)), ...folders.filter(isOfPackages)].join(delimiter);
}
