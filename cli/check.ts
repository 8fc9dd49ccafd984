import { Command, Option } from "commander";
import type { Review, Severity } from "../policies/rules/rule";
import { ruleConfigs } from "../policies/rules/rule-configs";
import { readFile } from "./config-files";
import { environmentOption, withFileOptions } from "./file-options";
import { interruption } from "./interruption";
import { asJson, asText, type Judged, type Report, reported } from "./report";
import { type SubjectOptions, subjectsOf } from "./subjects";
import { visible } from "./visible";

/** What `check` is told beside what it checks. */
export interface CheckOptions extends SubjectOptions {
  /** A YAML or JSON file with what is set about rules, by their ids. */
  rules?: string;
  /** What runs on the stage before: a file, or the import id of a target. */
  lower?: string;
}

/** Runs all rules on what is named, as `subjectsOf` takes it. Throws UserError where it cannot be read. */
export async function check(
  names: readonly string[],
  options: CheckOptions,
  signal: AbortSignal,
): Promise<Report[]> {
  const rules = options.rules === undefined ? undefined : await rulesIn(options.rules);
  const subjects = await subjectsOf(names, options, signal);
  const [below] =
    options.lower === undefined
      ? []
      : await subjectsOf([options.lower], { ...options, stack: undefined }, signal);
  const more = {
    ...(rules && { rules }),
    ...(below && { lower: { name: below.name, effective: below.review.effective } }),
  };
  return subjects.map((subject) => {
    const review = { ...subject.review, ...more };
    const all = { ...subject, review };
    return review.target === "network" ? hidden().reportedWithHidden(all) : reported(all);
  });
}

const rulesIn = async (file: string): Promise<Review["rules"]> =>
  ruleConfigs((await readFile(file)).document, file);

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
  pulumi-ory check prod.yml --lower staging.yml         also whether prod is weaker than staging
  pulumi-ory check kratos.yml --format sarif > ory.sarif`;

/** The verb's command line. */
export function command(): Command {
  return withFileOptions(
    new Command("check")
      .argument(
        "[files...]",
        "files of one configuration, - for standard input; or the import id of a target",
      )
      .option("--stack <name>", "check what the targets of this stack of the Pulumi project run"),
  )
    .addOption(environmentOption())
    .option(
      "--rules <file>",
      "what is set about rules, by their ids, as ory:rules in a stack's configuration",
    )
    .option("--lower <name>", "what runs on the stage before, to compare with: a file, or an import id")
    .addOption(new Option("--format <format>", "how to answer").choices(FORMATS).default("text"))
    .option("--json", "the same as --format json")
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
  json?: true;
  failOn: Severity | "never";
}

async function run(names: string[], { json, failOn, ...options }: CommandOptions): Promise<void> {
  const format = json ? "json" : options.format;
  const reports = await check(names, options, interruption());
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

// Loaded where they are needed.
const hidden = () => require("./hidden-secrets") as typeof import("./hidden-secrets");
const sarif = () => require("./sarif") as typeof import("./sarif");
