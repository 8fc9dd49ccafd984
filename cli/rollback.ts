import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command } from "commander";
import type { Change } from "../infra/identity-config/change-set";
import { describe } from "../infra/identity-config/describe";
import { isBranch } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import { obstacle } from "../infra/targets/kratos/config-file";
import { writeWhole } from "../infra/targets/whole-file";
import { interruption } from "./interruption";
import { type PulumiProject, pulumiProject } from "./pulumi-project";
import { type Declared, declaredChanges, declaredIn, rollbackText } from "./rollback/declared";
import { exportedResources, type Update, updatesOf } from "./rollback/history";
import { StackFile, writeStackFile } from "./stack-file";
import { visible } from "./visible";

/** What `rollback` is told. */
export interface RollbackOptions {
  stack: string;
  /** Number of an update, or the beginning of a revision. Default: the last update that declared something else. */
  to?: string;
  /** A state that `pulumi stack export` has written, instead of the stack's history. */
  state?: string;
  /** The identity config, where the stack has several. */
  resource?: string;
  /** Shows only. Default: false. */
  dryRun?: boolean;
}

/** What was, or would be, rolled back. */
export interface Rollback {
  stack: string;
  resource: string;
  /** The update that is gone back to, as it is named. */
  to: string;
  revision: string;
  /** From what is declared now to what was then; secrets aside. */
  changes: Change[];
  /** The file that holds the earlier config, relative to the folder of Pulumi.yaml. */
  file: string;
  isWritten: boolean;
}

/**
 * Puts what an earlier update of a stack declared into a file, and has the stack use it instead of what its program
 * declares. Nothing is applied. Throws UserError, with nothing written, where there is no such update.
 */
export async function rollback(options: RollbackOptions, signal: AbortSignal): Promise<Rollback> {
  const { stack, dryRun = false } = options;
  const project = await pulumiProject();
  const { file, path } = await stackFileOf(project, stack);
  const updates = await updatesOf(project, stack, signal);
  const [latest] = updates;
  const now = latest && declaredIn(await latest.resources(), options.resource);
  if (now === undefined)
    throw new UserError(`cannot roll ${stack} back: its last update has left no identity config`);
  const { then, to } = await earlier(now, updates, { ...options, resource: now.resource });
  const changes = declaredChanges(now, then);
  const name = join(dirname(file.name), `${stack.split("/").at(-1)}.rollback.yaml`);
  const found = { stack, resource: now.resource, to, revision: then.revision, changes, file: name };
  if (changes.length === 0 || dryRun) return { ...found, isWritten: false };
  const text = rollbackText(then, stack, to);
  const key = file.key(project.name, "rollback");
  const edited = file.edited([{ path: [key, "file"], value: name }]);
  await writeWhole(join(project.root, name), text, { mode: 0o644 }).catch((error: unknown) => {
    throw new UserError(`cannot write ${name}: ${obstacle(error)}`);
  });
  if (edited !== file.text) await writeStackFile(file, path, edited);
  return { ...found, isWritten: true };
}

async function stackFileOf(project: PulumiProject, stack: string) {
  const path = join(project.root, project.stackFile(stack));
  return { file: await StackFile.read(project.stackFile(stack), path), path };
}

async function earlier(
  now: Declared,
  updates: readonly Update[],
  { stack, to, state, resource }: RollbackOptions,
): Promise<{ then: Declared; to: string }> {
  if (state !== undefined) {
    const then = declaredIn(await exportedResources(state), resource);
    if (then === undefined) throw new UserError(`${state} holds no identity config ${resource}`);
    return { then, to: state };
  }
  for (const update of updates) {
    const isNamed = to !== undefined && to === String(update.version);
    if (to !== undefined && /^\d{1,5}$/.test(to) && !isNamed) continue;
    const then = declaredIn(await update.resources(), resource);
    const isMeant =
      to === undefined
        ? then !== undefined && declaredChanges(now, then).length > 0
        : isNamed || (to.length >= 6 && then?.revision.startsWith(to) === true);
    if (!isMeant) continue;
    if (then === undefined)
      throw new UserError(`update ${update.version} of ${stack} has left no identity config ${resource}`);
    return { then, to: `update ${update.version}` };
  }
  throw new UserError(
    to === undefined
      ? `no earlier update of ${stack} declared anything else`
      : `${stack} has no update or revision ${to} that succeeded; pulumi-ory rollback --stack ${stack} --list shows all`,
  );
}

/** Has the stack use what its program declares again. Throws UserError where it is not rolled back. */
export async function endRollback(stack: string): Promise<string> {
  const project = await pulumiProject();
  const { file, path } = await stackFileOf(project, stack);
  const setting = file.settings(project.name).rollback;
  if (!isBranch(setting) || typeof setting.file !== "string")
    throw new UserError(`${stack} is not rolled back: ${file.name} has no rollback`);
  await writeStackFile(
    file,
    path,
    file.edited([{ path: [file.key(project.name, "rollback")], value: undefined }]),
  );
  await rm(join(project.root, setting.file), { force: true });
  return setting.file;
}

/** Exit code of a dry run that has found something to roll back. */
const DIFFERENT = 2;

const HELP = `
The earlier config is put into a file, <stack>.rollback.yaml, and the stack uses it instead of what its program
declares, until --end. It is applied by \`pulumi up\`, with the same plan, rules and review as any change; what it
undoes may need consent. Secrets are not rolled back. A file backend and Pulumi Cloud know earlier updates; with
other backends, name a state that \`pulumi stack export\` has written.
Exit code: 0, or 2 where --dry-run finds something to roll back, or 1 where nothing could be rolled back.

Examples:
  pulumi-ory rollback --stack prod --list           the updates that there were
  pulumi-ory rollback --stack prod --dry-run        what going back by one config changes
  pulumi-ory rollback --stack prod --to 12          to what update 12 declared
  pulumi-ory rollback --stack prod --to 73f7f5b4    to what was declared at a revision of the target
  pulumi-ory rollback --stack prod --state backup.json
  pulumi up --stack prod                            applies it
  pulumi-ory rollback --stack prod --end            back to what the program declares`;

interface CommandOptions extends RollbackOptions {
  list?: boolean;
  end?: boolean;
  json?: boolean;
}

/** The verb's command line. */
export function command(): Command {
  return new Command("rollback")
    .requiredOption("--stack <name>", "the stack")
    .option(
      "--to <update>",
      "number of an update, or the beginning of a revision (default: the last other config)",
    )
    .option(
      "--state <file>",
      "a state that `pulumi stack export` has written, instead of the stack's history",
    )
    .option("--resource <name>", "the identity config, where the stack has several")
    .option("--list", "list the updates that there were")
    .option("--end", "use what the program declares again")
    .option("--dry-run", "show what differs, and write nothing")
    .option("--json", "answer in JSON")
    .addHelpText("after", HELP)
    .action(run);
}

async function run({ list, end, json, ...options }: CommandOptions): Promise<void> {
  const answer = (data: object, text: string) =>
    process.stdout.write(json ? `${JSON.stringify(data, undefined, 2)}\n` : visible(text));
  const next = `next: pulumi preview --stack ${options.stack}\n`;
  if (end) {
    const file = await endRollback(options.stack);
    answer({ stack: options.stack, removed: file }, `${file} is removed; ${next}`);
    return;
  }
  if (list) {
    const updates = await listed(options, interruption());
    answer({ updates }, updates.map((one) => `${one.version}  ${one.at}  ${one.revision}\n`).join(""));
    return;
  }
  const found = await rollback(options, interruption());
  answer(found, asText(found, next));
  if (options.dryRun && found.changes.length > 0) process.exitCode = DIFFERENT;
}

/** The updates of a stack, newest first, with the revision that each has left. */
async function listed({ stack, resource }: RollbackOptions, signal: AbortSignal) {
  const updates = await updatesOf(await pulumiProject(), stack, signal);
  const found = [];
  for (const { version, at, resources } of updates) {
    const revision = declaredIn(await resources(), resource)?.revision ?? "no identity config";
    found.push({ version, at, revision });
  }
  return found;
}

function asText({ stack, to, revision, changes, file, isWritten }: Rollback, next: string): string {
  if (changes.length === 0) return `${stack} declares what it did at ${to}; nothing is to be rolled back\n`;
  const lines = changes.map((change) => `  ${describe(change)}\n`).join("");
  const outcome = isWritten
    ? `${file} is written, and holds until --end; ${next}`
    : `${file} would be written\n`;
  return `${stack}, from what it declares now to ${to} (revision ${revision}):\n${lines}\n${outcome}`;
}
