import { type Command, Option } from "commander";

/** The options of a verb that reads the files of a config: SubjectOptions, but for the environment. */
export const withFileOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--target <kind>", "what files are for").choices(["kratos", "network"]).default("kratos"),
    )
    .option("--kratos-version <version>", "the Kratos that files are for (default: their key version)")
    .option("--working-dir <folder>", "where relative file:// URIs start (default: the first file's folder)");

/** The option of a verb whose rules depend on what files are for. */
export const environmentOption = (): Option =>
  new Option("--environment <name>", "what files are for").choices(["prod", "stage", "dev"]).default("prod");
