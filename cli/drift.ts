import { Command, Option } from "commander";
import { UserError } from "../infra/identity-config/user-error";
import type { DriftReport } from "./drift/report";
import { withFileOptions } from "./file-options";
import { interruption } from "./interruption";
import type { SubjectOptions } from "./subjects";

/** What `drift` is told. */
export interface DriftOptions extends SubjectOptions {
  /** Without a stack: what is live, files of one config or the import id of a target. */
  live?: readonly string[];
}

/**
 * What differs live from what a stack's last `pulumi up` declared, or from what files say. Throws UserError.
 * @param names Files of what is declared, without a stack.
 */
export async function drift(
  names: readonly string[],
  { live, ...options }: DriftOptions,
  signal: AbortSignal,
): Promise<DriftReport[]> {
  if (options.stack !== undefined) {
    if (names.length > 0 || live !== undefined)
      throw new UserError("look either at a stack or at files: leave out --stack, or the files and --live");
    return ofStack().stackDrift(options.stack, signal);
  }
  if (names.length === 0 || live === undefined)
    throw new UserError(
      "nothing to compare: name a stack with --stack, or the files of what is declared and with --live what runs",
    );
  return [await ofFiles().fileDrift(names, live, options, signal)];
}

// Loaded where they are needed: what a stack takes, files do not.
const ofStack = () => require("./drift/of-stack") as typeof import("./drift/of-stack");
const ofFiles = () => require("./drift/of-files") as typeof import("./drift/of-files");

/** Exit code where there is drift that counts. */
const DRIFTED = 2;

const FORMATS = ["text", "json", "markdown"] as const;
const COUNTING = ["any", "owned", "never"] as const;

const HELP = `
Two kinds of drift are told apart: settings that the program declares and that are otherwise now, which the next
\`pulumi up\` takes back; and settings that nobody declares and that others have changed since the last update, which
it leaves alone. The second kind is known on Ory Network only. Nothing is written; secrets are compared, never shown.
Exit code: 0 without drift, 2 with drift that counts, 1 where nothing could be compared.

Examples:
  pulumi-ory drift --stack prod                         needs what \`pulumi preview\` needs
  pulumi-ory drift --stack prod --format markdown > issue.md
  pulumi-ory drift --stack prod --fail-on owned         others may change what is not declared
  pulumi-ory drift declared.yml --live live.yml
  pulumi-ory drift declared.yml --live network/<project-id>
  pulumi-ory drift declared.yml --live 'kratos/shop?dir=/etc/kratos'`;

/** The verb's command line. */
export function command(): Command {
  return withFileOptions(
    new Command("drift")
      .argument(
        "[files...]",
        "without a stack: files of one configuration that is declared, later ones winning",
      )
      .option("--stack <name>", "compare with what the last `pulumi up` of this stack declared")
      .option("--live <names...>", "without a stack: files of what runs, or the import id of a target"),
  )
    .addOption(new Option("--format <format>", "how to answer").choices(FORMATS).default("text"))
    .option("--json", "the same as --format json")
    .addOption(new Option("--fail-on <kind>", "what drift counts").choices(COUNTING).default("any"))
    .addHelpText("after", HELP)
    .action(run);
}

interface CommandOptions extends DriftOptions {
  format: (typeof FORMATS)[number];
  json?: boolean;
  failOn: (typeof COUNTING)[number];
}

async function run(names: string[], { format, json, failOn, ...options }: CommandOptions): Promise<void> {
  const reports = await drift(names, options, interruption());
  const { asJson, asText, hasDrifted } = require("./drift/report") as typeof import("./drift/report");
  const others = failOn === "any";
  if (json || format === "json") process.stdout.write(asJson(reports, others));
  else if (format === "markdown")
    process.stdout.write(
      (require("./drift/markdown") as typeof import("./drift/markdown")).asMarkdown(reports),
    );
  else process.stdout.write(asText(reports));
  if (failOn !== "never" && reports.some((report) => hasDrifted(report, others))) process.exitCode = DRIFTED;
}
