import { readFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { UserError } from "../infra/identity-config/user-error";
import type { Impact } from "../infra/impact/impact";
import { environmentOption, withFileOptions } from "./file-options";
import { interruption } from "./interruption";
import { LEAST_SIZE } from "./review/budget";
import type { Side } from "./review/documents";
import { asJson } from "./review/json";
import { type Planned, type Reviewed, reviewed } from "./review/reviewed";
import { type SubjectOptions, subjectsOf } from "./subjects";

/** What is reviewed: a preview's events, two configs, or a stack beside what is live. One of them. */
export interface ReviewOptions extends SubjectOptions {
  /** A file with the events of a preview; `-` is standard input. */
  events?: string;
  /** Files of the config that is in force, or the import id of a target. */
  before?: readonly string[];
  /** Files of the config that is to come into force, or the import id of a target. */
  after?: readonly string[];
  /** A stack whose targets run what is in force. */
  beforeStack?: string;
  /** A stack whose targets run what is to come into force. */
  afterStack?: string;
  /** What `pulumi-ory impact --format json` has counted of the same change. */
  impact?: Impact | undefined;
}

/** What plans mean, the riskiest first. Throws UserError where something cannot be read. */
export async function review(options: ReviewOptions, signal: AbortSignal): Promise<Reviewed[]> {
  const plans = (await plannedOf(options, signal)).map((planned) => reviewed(planned, options.impact));
  return plans.sort((a, b) => riskOf(b) - riskOf(a));
}

const LEVELS = ["nothing", "fine", "caution", "danger", "refused"] as const;
const riskOf = ({ verdict }: Reviewed): number => LEVELS.indexOf(verdict.level);

async function plannedOf(options: ReviewOptions, signal: AbortSignal): Promise<Planned[]> {
  const { events, before = [], after = [], beforeStack, afterStack, stack } = options;
  const sources = [events, stack, before.length > 0 ? before : beforeStack].filter(
    (one) => one !== undefined,
  );
  if (sources.length !== 1)
    throw new UserError(
      "name one thing to review: the events of a preview, --before and --after, or --stack; --help shows examples",
    );
  if (events !== undefined) return fromEvents().plannedIn(await textOf(events));
  if (stack !== undefined) return stacks().plannedOnLive(stack, signal);
  const old = await side(before, beforeStack, "--before", options, signal);
  const live = old[0]?.observed === undefined ? undefined : old[0].review;
  const more = live && { target: live.target, kratosVersion: options.kratosVersion ?? live.kratosVersion };
  const wanted = await side(after, afterStack, "--after", { ...options, ...more }, signal);
  if (beforeStack !== undefined && afterStack !== undefined)
    return stacks().plannedBetweenStacks(old, wanted);
  if (old.length !== wanted.length)
    throw new UserError(
      `cannot compare: there are ${old.length} identity configs before, and ${wanted.length} after`,
    );
  return old.map((one, index) => documents().plannedBetween(one, wanted[index]!));
}

function side(
  names: readonly string[],
  stack: string | undefined,
  option: string,
  options: SubjectOptions,
  signal: AbortSignal,
): Promise<Side[]> {
  if (names.length > 0 === (stack !== undefined))
    throw new UserError(`name what is ${option.slice(2)}: ${option} <files>, or ${option}-stack <name>`);
  if (stack !== undefined) return stacks().sidesOf(stack, signal);
  return subjectsOf(names, { ...options, stack: undefined }, signal);
}

async function textOf(file: string): Promise<string> {
  if (file === "-") return Buffer.concat(await process.stdin.toArray()).toString("utf8");
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `cannot read ${file}: ${error.code === "ENOENT" ? "there is no such file" : reasonOf(error)}`,
    );
  });
}

/** Exit code where something would change. */
const CHANGES = 2;

const HELP = `
Exit code: 0 where nothing changes, 2 where something does, 1 where nothing could be reviewed.

Examples:
  export PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true
  pulumi preview --json | pulumi-ory review -                what the next \`pulumi up\` does, for a pull request
  pulumi-ory review preview.jsonl --html review.html         from a file; the whole of it as a page, too
  pulumi-ory review --before kratos.yml --after new.yml      two files
  pulumi-ory review --before network/<project-id> --after new.yml
                                                             needs ORY_WORKSPACE_API_KEY
  pulumi-ory review --before-stack prod --after-stack staging
  pulumi-ory review --stack prod                             what was changed in its targets since the last update
  pulumi-ory review … --impact impact.json                   with what \`pulumi-ory impact --format json\` counted`;

/** The verb's command line. */
export function command(): Command {
  return withFileOptions(
    new Command("review")
      .argument("[events]", "events of a preview, a line of JSON each; - for standard input")
      .option("--before <names...>", "files of the config that is in force; or the import id of a target")
      .option(
        "--after <names...>",
        "files of the config that is to come into force; or the import id of a target",
      )
      .option("--before-stack <name>", "what is in force is what the targets of this stack run")
      .option("--after-stack <name>", "what is to come into force is what the targets of this stack run")
      .option("--stack <name>", "what was changed in the targets of this stack since its last update"),
  )
    .addOption(environmentOption())
    .option("--impact <file>", "counts of those whom it befalls, as `impact --format json` writes them")
    .addOption(
      new Option("--format <format>", "how to answer")
        .choices(["markdown", "html", "json"])
        .default("markdown"),
    )
    .option("--json", "the same as --format json")
    .option("--html <file>", "write the HTML page there, beside the answer")
    .option("--html-url <url>", "where readers of the Markdown find that page", address)
    .option("--max-size <characters>", "the most that the Markdown takes", size, 60_000)
    .addHelpText("after", HELP)
    .action(run);
}

function size(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= LEAST_SIZE) return number;
  throw new InvalidArgumentError(`write a whole number of characters, ${LEAST_SIZE} or more`);
}

function address(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("write it as https://ci.example/review.html");
}

interface CommandOptions extends Omit<ReviewOptions, "impact"> {
  impact?: string;
  format: "markdown" | "html" | "json";
  json?: true;
  html?: string;
  htmlUrl?: string;
  maxSize: number;
}

async function run(events: string | undefined, options: CommandOptions): Promise<void> {
  const { html: page, htmlUrl, maxSize } = options;
  const format = options.json ? "json" : options.format;
  const impact = options.impact === undefined ? undefined : await counts().readImpact(options.impact);
  const plans = await review({ ...options, ...(events !== undefined && { events }), impact }, interruption());
  if (page !== undefined) await write(page, html().asHtml(plans, impact));
  const text =
    format === "json"
      ? asJson(plans, impact)
      : format === "html"
        ? html().asHtml(plans, impact)
        : markdown().asMarkdown(plans, { impact, maxSize, htmlUrl });
  process.stdout.write(text);
  if (plans.some(({ verdict }) => verdict.level !== "nothing")) process.exitCode = CHANGES;
}

async function write(page: string, text: string): Promise<void> {
  await file()
    .writeWhole(page, text, { mode: 0o644 })
    .catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`cannot write ${page}: ${reasonOf(error)}`);
    });
}

/** Why a file cannot be read or written. */
const reasonOf = (error: NodeJS.ErrnoException): string =>
  error.code === "ENOENT" ? "there is no such file or folder" : obstacle().obstacle(error);

// Loaded where they are needed.
const obstacle = () =>
  require("../infra/targets/kratos/config-file") as typeof import("../infra/targets/kratos/config-file");
const fromEvents = () => require("./review/events") as typeof import("./review/events");
const stacks = () => require("./review/stacks") as typeof import("./review/stacks");
const documents = () => require("./review/documents") as typeof import("./review/documents");
const counts = () => require("./review/impact-table") as typeof import("./review/impact-table");
const markdown = () => require("./review/markdown") as typeof import("./review/markdown");
const html = () => require("./review/html") as typeof import("./review/html");
const file = () => require("../infra/targets/whole-file") as typeof import("../infra/targets/whole-file");
