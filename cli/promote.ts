import { join } from "node:path";
import { Command } from "commander";
import { isBranch } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import { interruption } from "./interruption";
import { type Comparison, compareStages } from "./promote/compare";
import { promotionJson, promotionText } from "./promote/promotion-text";
import { type ProvenStage, provenStage } from "./promote/proven";
import { pulumiProject } from "./pulumi-project";
import { type Edit, StackFile, writeStackFile } from "./stack-file";

/** What `promote` is told. */
export interface PromoteOptions {
  /** The stack that has proven a config. */
  from: string;
  /** The stack that is to get it. */
  to: string;
  /** Compares only. Default: false. */
  dryRun?: boolean;
}

/** What was, or would be, promoted. */
export interface Promotion extends Comparison {
  from: string;
  to: string;
  proven: ProvenStage;
  /** The file of the stack `to`, relative to the folder of Pulumi.yaml. */
  file: string;
  /** Whether the file is, or would be, another one. */
  isChange: boolean;
  isWritten: boolean;
}

/**
 * Gives the stack `to` the settings that `from` has proven, but for those of an environment, and notes what was
 * promoted. Throws UserError, with nothing written, where nothing is proven or a person has to decide.
 */
export async function promote(
  { from, to, dryRun = false }: PromoteOptions,
  signal: AbortSignal,
): Promise<Promotion> {
  if (from === to) throw new UserError(`cannot promote ${from} to itself; name two stacks`);
  const project = await pulumiProject();
  const [source, file] = await Promise.all(
    [from, to].map((stack) =>
      StackFile.read(project.stackFile(stack), join(project.root, project.stackFile(stack))),
    ),
  );
  const [there, here] = [source!, file!].map((one) => one.settings(project.name));
  const note = isBranch(here!.promotion) ? here!.promotion : {};
  if (here!.rollback !== undefined)
    throw new UserError(`${to} is rolled back; end that first: pulumi-ory rollback --stack ${to} --end`);
  const output = typeof note.output === "string" ? note.output : "proof";
  const proven = await provenStage(project, from, source!, output, signal);
  const keep = Array.isArray(note.keep) ? note.keep.map(String) : [];
  const comparison = compareStages(here!, there!, keep);
  refuseUndecided(comparison, file!.name, from);
  const edits = [
    ...comparison.unexplained.map(
      ({ path: [name, ...below], there: value }): Edit => ({
        path: [file!.key(project.name, name!), ...below],
        value,
      }),
    ),
    ...noted({ from, digest: proven.digest, revision: proven.revision }, note).map(
      ([name, value]): Edit => ({
        path: [file!.key(project.name, "promotion"), name],
        value,
      }),
    ),
  ];
  const text = file!.edited(edits);
  const isChange = text !== file!.text;
  if (isChange && !dryRun) await writeStackFile(file!, join(project.root, file!.name), text);
  return { ...comparison, from, to, proven, file: file!.name, isChange, isWritten: isChange && !dryRun };
}

/** What is to be noted otherwise than it is. */
const noted = (now: Record<string, unknown>, note: Record<string, unknown>): [string, unknown][] =>
  Object.entries(now).filter(([name, value]) => value !== undefined && note[name] !== value);

function refuseUndecided({ missing, unclear }: Comparison, file: string, from: string): void {
  const lines = [
    ...missing.map(
      (path) =>
        `${path.join(".")} is an environment's own, and ${file} has none: set it there, as ${from} has it`,
    ),
    ...unclear.map(
      (path) =>
        `${path.join(".")} holds values of an environment that have no counterpart: edit it in ${file}, or name it in promotion.keep`,
    ),
  ];
  if (lines.length > 0) throw new UserError(`nothing was promoted:\n  ${lines.join("\n  ")}`);
}

/** Exit code of a dry run that has found something to promote. */
const DIFFERENT = 2;

const HELP = `
What belongs to an environment stays: target, URLs, secrets, senders, clients at other providers, and what
\`promotion.keep\` in the stack's file names. Everything else becomes what the other stack has proven.
Exit code: 0, or 2 where --dry-run finds something to promote, or 1 where nothing could be promoted.

Examples:
  pulumi-ory promote --from staging --to prod --dry-run     what differs, and why
  pulumi-ory promote --from staging --to prod               edits stacks/Pulumi.prod.yaml
  pulumi preview --stack prod                               what that changes for people`;

/** The verb's command line. */
export function command(): Command {
  return new Command("promote")
    .requiredOption("--from <stack>", "the stack that has proven a config")
    .requiredOption("--to <stack>", "the stack that is to get it")
    .option("--dry-run", "show what differs, and write nothing")
    .option("--json", "answer in JSON")
    .addHelpText("after", HELP)
    .action(run);
}

async function run({ json, ...options }: PromoteOptions & { json?: boolean }): Promise<void> {
  const promotion = await promote(options, interruption());
  process.stdout.write(json ? promotionJson(promotion) : promotionText(promotion));
  if (options.dryRun && promotion.isChange) process.exitCode = DIFFERENT;
}
