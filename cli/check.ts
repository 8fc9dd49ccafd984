import { Command, Option } from "commander";
import type { Environment } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import type { Review, Severity } from "../policies/rules/rule";
import { ruleConfigs } from "../policies/rules/rule-configs";
import { judge } from "../policies/rules/verdict";
import { readFile, readFiles, type SourceFile } from "./config-files";
import { locator } from "./locate";
import { asJson, asText, type Judged, type Report } from "./report";
import { visible } from "./visible";

/** What `check` is told beside what it checks. */
export interface CheckOptions {
  /** The kind of target that files are for. Default: kratos. */
  target?: "kratos" | "network";
  /** The Kratos that files are for. Default: what the files say under `version`, else the oldest. */
  kratosVersion?: string;
  /** What files are for. Default: prod. */
  environment?: Environment;
  /** Where relative `file://` URIs start from. Default: the folder of the first file. */
  workingDir?: string;
  /** A stack of the Pulumi project in this folder. */
  stack?: string;
  /** A YAML or JSON file with what is set about rules, by their ids. */
  rules?: string;
  signal?: AbortSignal;
}

/**
 * Runs all rules on what is named: files, later ones winning; or the import id of a target, which is read live; or, with
 * `stack`, what the targets of its identity configs run. Throws UserError where it cannot be read.
 */
export async function check(names: readonly string[], options: CheckOptions = {}): Promise<Report[]> {
  const signal = options.signal ?? new AbortController().signal;
  const rules = options.rules === undefined ? undefined : await rulesIn(options.rules);
  const judged = ({ review, ...rest }: Subject): Report =>
    reported({ ...rest, review: { ...review, ...(rules && { rules }) } });
  if (options.stack !== undefined) {
    if (names.length > 0) throw new UserError(`check either files or a stack: leave out ${names.join(" ")}`);
    const { stackReviews } = stack();
    return (await stackReviews(options.stack, signal)).map(judged);
  }
  if (names.length === 0)
    throw new UserError(
      "nothing to check: name a configuration file, a target such as network/<project-id>, or a stack with --stack",
    );
  if (names.some((name) => IMPORT_ID.test(name))) {
    if (names.length > 1) throw new UserError(`check one target at a time: ${names.join(" ")}`);
    const { liveReview } = live();
    return [judged(await liveReview(names[0]!, signal))];
  }
  const { files, ...subject } = await fileReview(names, options);
  const report = judged(subject);
  if (report.findings.length > 0) {
    const place = locator(files);
    for (const finding of report.findings) finding.place = place(finding.path);
  }
  return [report];
}

const rulesIn = async (file: string): Promise<Review["rules"]> =>
  ruleConfigs((await readFile(file)).document, file);

/** What an import id looks like. A file of such a name is written `./network/…`. */
const IMPORT_ID = /^(network\/[^/]+|kratos\/[^/]+\?.*)$/s;

async function fileReview(
  names: readonly string[],
  options: CheckOptions,
): Promise<Subject & { files: SourceFile[] }> {
  const { files, document, unread } = await readFiles(names, options.workingDir);
  const told = typeof document.version === "string" ? document.version : undefined;
  const kratosVersion = (options.kratosVersion ?? told)?.replace(/^v/, "");
  const review: Review = {
    declared: document,
    effective: document,
    target: options.target ?? "kratos",
    environment: options.environment ?? "prod",
    ...(kratosVersion !== undefined && { kratosVersion }),
  };
  return { subject: files.map(({ name }) => name).join(" + "), review, notices: unread, files };
}

/** A config to check, and what it is called. */
export interface Subject {
  subject: string;
  review: Review;
  /** What keeps rules from seeing everything. */
  notices: string[];
}

function reported({ subject, review, notices }: Subject): Report {
  const { refusals, warnings, notes } = judge(review, []);
  const weighing = (severity: Severity) => (finding: Omit<Judged, "severity">) => ({ severity, ...finding });
  const { target, environment, kratosVersion } = review;
  return {
    subject,
    target,
    environment,
    kratosVersion,
    notices,
    findings: [
      ...refusals.map(weighing("mandatory")),
      ...warnings.map(weighing("advisory")),
      ...notes.map(weighing("info")),
    ],
  };
}

/** Exit code where what was checked has findings of the severity that counts. */
const FOUND = 2;

const FORMATS = ["text", "json", "sarif"] as const;

const HELP = `
Exit code: 0, or 2 where there are findings of the severity that counts, or 1 where nothing could be checked.

Examples:
  pulumi-ory check kratos.yml
  pulumi-ory check kratos.yml identity.yml              merged as Kratos does it, later ones win
  ory get identity-config <id> --format yaml | pulumi-ory check - --target network
  pulumi-ory check network/<project-id>                 what a project runs; needs ORY_WORKSPACE_API_KEY
  pulumi-ory check 'kratos/shop?dir=/etc/kratos'        what a server's files say
  pulumi-ory check --stack prod                         what the targets of a stack run
  pulumi-ory check kratos.yml --format sarif > ory.sarif`;

/** The verb's command line. */
export function command(): Command {
  return new Command("check")
    .argument("[files...]", "files of one configuration, - for standard input; or the import id of a target")
    .option("--stack <name>", "check what the targets of this stack of the Pulumi project run")
    .addOption(
      new Option("--target <kind>", "what files are for").choices(["kratos", "network"]).default("kratos"),
    )
    .option("--kratos-version <version>", "the Kratos that files are for (default: their key version)")
    .addOption(
      new Option("--environment <name>", "what files are for")
        .choices(["prod", "stage", "dev"])
        .default("prod"),
    )
    .option("--working-dir <folder>", "where relative file:// URIs start (default: the first file's folder)")
    .option(
      "--rules <file>",
      "what is set about rules, by their ids, as ory:rules in a stack's configuration",
    )
    .addOption(new Option("--format <format>", "how to answer").choices(FORMATS).default("text"))
    .addOption(
      new Option("--fail-on <severity>", "the least severity that counts")
        .choices(["mandatory", "advisory", "info", "never"])
        .default("mandatory"),
    )
    .addHelpText("after", HELP)
    .action(run);
}

interface CommandOptions extends CheckOptions {
  format: (typeof FORMATS)[number];
  failOn: Severity | "never";
}

async function run(names: string[], { format, failOn, ...options }: CommandOptions): Promise<void> {
  const interruption = new AbortController();
  process.once("SIGINT", () => {
    interruption.abort();
    process.exitCode = 130;
  });
  const reports = await check(names, { ...options, signal: interruption.signal });
  for (const notice of reports.flatMap(({ notices }) => notices))
    process.stderr.write(`note: ${visible(notice)}\n`);
  const text =
    format === "text" ? asText(reports) : format === "json" ? asJson(reports) : sarif().asSarif(reports);
  process.stdout.write(text);
  const counting: Severity[] = (["mandatory", "advisory", "info"] as const).slice(
    0,
    ["never", "mandatory", "advisory", "info"].indexOf(failOn),
  );
  const counts = ({ severity, undecided }: Judged) => !undecided && counting.includes(severity);
  if (reports.some(({ findings }) => findings.some(counts))) process.exitCode = FOUND;
}

// Loaded where they are needed: targets alone take longer than the check of a file.
const stack = () => require("./stack") as typeof import("./stack");
const live = () => require("./live") as typeof import("./live");
const sarif = () => require("./sarif") as typeof import("./sarif");
