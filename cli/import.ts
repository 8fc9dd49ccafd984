import { Command } from "commander";
import { UserError } from "../infra/identity-config/user-error";
import { environmentOption, withFileOptions } from "./file-options";
import type { ImportOptions } from "./import/existing";
import { interruption } from "./interruption";
import { withProgress } from "./progress";

const HELP = `
Nothing is changed but files in the folder. Secrets never come into files: the program refers to them, and the commands
that set them are printed. Import again at any time: what has changed since is merged into your edits.

Exit code: 0, or 1 where nothing could be imported.

Examples:
  pulumi-ory import network/<project-id>                a project; needs ORY_WORKSPACE_API_KEY
  pulumi-ory import 'kratos/shop?dir=/etc/kratos'       what a server's files say
  pulumi-ory import kratos.yml more.yml --out identity  files, merged as Kratos does it
  ory get identity-config <id> --format yaml | pulumi-ory import - --target network
  pulumi-ory import network/<project-id> --dry-run      shows what would be written`;

/** The verb's command line. */
export function command(): Command {
  return withFileOptions(
    new Command("import")
      .argument(
        "[source...]",
        "the import id of a target; or files of one configuration, - for standard input",
      )
      .option("--out <folder>", "the folder of the Pulumi project; without one, it becomes one", ".")
      .option("--name <name>", "what the identity config, and a new project, is called", "identity")
      .option("--dry-run", "show what would be written, and write nothing")
      .option("--embed", "take texts that file:// points at into the project, too"),
  )
    .addOption(environmentOption())
    .option("--binary <path>", "the Kratos that files are tried on (default: kratos on PATH)")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(names: string[], { json, ...options }: ImportOptions & { json?: boolean }): Promise<void> {
  if (!/^[a-z][a-z0-9-]*$/i.test(options.name))
    throw new UserError(
      `--name is ${JSON.stringify(options.name)}; write it with letters, digits and hyphens, beginning with a letter`,
    );
  const imported = await withProgress(
    "importing…",
    existing().importExisting(names, options, interruption()),
  );
  const { asDiff, asJson, asText } = report();
  if (json) process.stdout.write(asJson(imported, options.dryRun === true));
  else
    process.stdout.write(
      (options.dryRun ? `${asDiff(imported.files)}\n` : "") + asText(imported, options.dryRun === true),
    );
}

// Loaded where they are needed: the parts that a program is made of take long.
const existing = () => require("./import/existing") as typeof import("./import/existing");
const report = () => require("./import/report") as typeof import("./import/report");
