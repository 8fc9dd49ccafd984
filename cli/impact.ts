import { Command, Option } from "commander";
import type { Config } from "../infra/identity-config/journeys/config";
import { UserError } from "../infra/identity-config/user-error";
import type { AdminApi } from "../infra/impact/identities";
import { type Impact, measureImpact, type Progress } from "../infra/impact/impact";
import { withFileOptions } from "./file-options";
import { asText } from "./impact-text";
import { interruption } from "./interruption";
import { progressLine } from "./progress";
import { forgetNote, noteOf, readNote } from "./resume-note";
import { type Subject, type SubjectOptions, subjectsOf } from "./subjects";
import { visible } from "./visible";

/** What `impact` is told. */
export interface ImpactOptions extends SubjectOptions {
  /** Files of the config that is in force, or the import id of a target. */
  before: readonly string[];
  /** Files of the config that is to come into force. */
  after: readonly string[];
  /** Where identities are listed. Default: where the target of `before` is. */
  adminUrl?: string;
  /** Counts so many only, for an estimate. Default: all. */
  sample?: number;
  /** A file that an earlier count which was cut off has left, and that this one leaves if it is cut off. */
  resume?: string;
  onProgress?(progress: Progress): void;
}

/** Counts what a change of config means for those who are there. Throws UserError. */
export async function impact(options: ImpactOptions, signal: AbortSignal): Promise<Impact> {
  const { sample, resume } = options;
  const [[before], [after]] = await Promise.all([
    subjectsOf(options.before, options, signal),
    subjectsOf(options.after, options, signal),
  ]);
  const earlier = resume === undefined ? undefined : readNote(resume);
  const counted = await measureImpact({
    api: await adminApi(options, signal),
    before: configOf(before!),
    after: configOf(after!),
    ...(sample !== undefined && { sample: { identities: sample, milliseconds: Number.POSITIVE_INFINITY } }),
    ...(earlier !== undefined && { resume: earlier }),
    onProgress: (progress) => {
      if (resume !== undefined) noteOf(resume, progress.resume);
      options.onProgress?.(progress);
    },
    signal,
  });
  if (resume !== undefined) forgetNote(resume);
  return counted;
}

const configOf = ({ review: { effective, target, kratosVersion } }: Subject): Config => ({
  document: effective,
  target,
  ...(kratosVersion !== undefined && { kratosVersion }),
});

async function adminApi({ adminUrl, before }: ImpactOptions, signal: AbortSignal): Promise<AdminApi> {
  if (adminUrl === undefined) {
    const found = await live().adminApiOf(before[0]!, signal);
    if (found !== undefined) return found;
    throw new UserError("cannot list identities: name the Admin API with --admin-url http://127.0.0.1:4434");
  }
  const apiKey = process.env.ORY_PROJECT_API_KEY;
  return { adminUrl, ...(apiKey && { apiKey }) };
}

const live = () => require("./live") as typeof import("./live");

/** Exit code where somebody is locked out by the change. */
const LOCKED_OUT = 2;

const HELP = `
Both configurations are whole ones, as of \`check\`. Only numbers are kept and printed, nothing of anybody.
Exit code: 0, or 2 where the change locks somebody out, or 1 where nothing could be counted.

Examples:
  pulumi-ory impact --before kratos.yml --after new.yml --admin-url http://127.0.0.1:4434
  pulumi-ory impact --before 'kratos/shop?dir=/etc/kratos' --after new.yml
  pulumi-ory impact --before network/<project-id> --after new.yml --target network
                                            needs ORY_WORKSPACE_API_KEY and ORY_PROJECT_API_KEY
  pulumi-ory impact … --resume count.json   goes on where an earlier count was cut off
  pulumi-ory impact … --sample 5000         an estimate`;

/** The verb's command line. */
export function command(): Command {
  const count = (text: string): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number > 0) return number;
    throw new UserError(`--sample ${text} is no number of identities; write it as --sample 5000`);
  };
  return withFileOptions(
    new Command("impact")
      .requiredOption(
        "--before <names...>",
        "files of the config that is in force; or the import id of a target",
      )
      .requiredOption("--after <names...>", "files of the config that is to come into force")
      .option("--admin-url <url>", "the Admin API that lists identities (default: that of the target)"),
  )
    .option("--sample <count>", "count so many identities only", count)
    .option("--resume <file>", "keep here how far the count is, readable for you alone, and go on from there")
    .addOption(new Option("--format <format>", "how to answer").choices(["text", "json"]).default("text"))
    .option("--json", "the same as --format json")
    .addHelpText("after", HELP)
    .action(run);
}

async function run({
  format,
  json,
  ...options
}: ImpactOptions & { format: string; json?: true }): Promise<void> {
  const line = progressLine("listing identities…");
  const onProgress = ({ identities, total }: Progress) =>
    line.say(`${identities} of ${total ?? "?"} identities`);
  const counted = await impact({ ...options, onProgress }, interruption()).finally(line.end);
  process.stdout.write(
    json || format === "json" ? `${JSON.stringify(counted, undefined, 2)}\n` : visible(asText(counted)),
  );
  if (counted.of.lockedOut.newly > 0) process.exitCode = LOCKED_OUT;
}
