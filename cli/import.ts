import { Command, Option } from "commander";
import { documentOf, leavesOf } from "../infra/identity-config/leaves";
import { merge } from "../infra/identity-config/merge";
import type { Document } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import { converted, type Import } from "./import/converted";
import { defined, fragmentOf } from "./import/fitting";
import { type PlannedFile, plannedFiles, writeFiles } from "./import/merged-files";
import { resolvedValue } from "./import/prepared";
import { programText } from "./import/program";
import { type Place, PROGRAM, placeOf, projectFiles } from "./import/project-files";
import { asDiff, asJson, asText } from "./import/report";
import { configPaths, type Proof, type SourceOptions, sourceOf } from "./import/source";
import { interruption } from "./interruption";

/** What `import` is told beside its source. */
export interface ImportOptions extends SourceOptions {
  /** The folder that is written to. */
  out: string;
  /** Writes nothing. */
  dryRun?: boolean;
}

/** What an import has made. */
export interface Imported {
  found: Import;
  proof: Proof;
  place: Place;
  files: PlannedFile[];
  /** What the stack must be told as its target. */
  settings: [path: string, value: string][];
}

/**
 * Writes the program that declares what exists, after proving that it changes nothing. Throws UserError, with nothing
 * written.
 */
export async function importExisting(
  names: readonly string[],
  { out, dryRun, ...options }: ImportOptions,
  signal: AbortSignal,
): Promise<Imported> {
  const { name } = options;
  const source = await sourceOf(names, options, signal);
  const found = await converted(source);
  const secrets = [...found.prepared.secrets.values()].map(({ text }) => text);
  const proof = await source.prove(declaredBy(found), secrets, signal);
  if (proof.changes.length > 0)
    throw new UserError(
      `the program would change ${proof.changes.join(", ")}, and nothing should change; nothing was written: import again if somebody is changing ${source.told} at the moment, else report this`,
    );
  const place = placeOf(out);
  const texts = {
    [PROGRAM]: programText(found, name, place.prefix),
    ...Object.fromEntries(found.texts.map((asset) => [asset.name, asset.text as string])),
  };
  const files = await plannedFiles(place.out, texts, place.isProject ? {} : projectFiles(name, place.out));
  signal.throwIfAborted();
  if (!dryRun) await writeFiles(place.out, files, texts);
  const settings = source.settings === undefined ? [] : configPaths(source.settings, place.root);
  return { found, proof, place, files, settings };
}

/** The document that the program declares, with texts inlined and secrets in the clear. */
export function declaredBy({ parts, raw, prepared }: Import): Document {
  const fragments = [...parts.map(fragmentOf), { part: "raw", document: raw.document }];
  const leaves = leavesOf(merge(fragments));
  for (const [path, value] of leaves) leaves.set(path, resolvedValue(path, defined(value), prepared));
  return documentOf(leaves);
}

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
  return new Command("import")
    .argument("[source...]", "the import id of a target; or files of one configuration, - for standard input")
    .option("--out <folder>", "the folder of the Pulumi project; without one, it becomes one", ".")
    .option("--name <name>", "what the identity config, and a new project, is called", "identity")
    .option("--dry-run", "show what would be written, and write nothing")
    .option("--embed", "take texts that file:// points at into the project, too")
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
  const imported = await importExisting(names, options, interruption());
  if (json) process.stdout.write(asJson(imported, options.dryRun === true));
  else
    process.stdout.write(
      (options.dryRun ? `${asDiff(imported.files)}\n` : "") + asText(imported, options.dryRun === true),
    );
}
