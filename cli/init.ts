import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { UserError } from "../infra/identity-config/user-error";
import { obstacle } from "../infra/targets/kratos/config-file";
import { writeWhole } from "../infra/targets/whole-file";
import {
  type Answers,
  ENVIRONMENTS,
  type Environment,
  FACTORS,
  type Factor,
  isPromoted,
  provable,
} from "./init/answers";
import { projectFiles } from "./init/project";
import { interruption } from "./interruption";

/**
 * Writes a new project, and tells the paths of its files. Throws UserError, with nothing left, where a file is in the
 * way or cannot be written, or where `signal` is aborted.
 */
export async function init(folder: string, answers: Answers, signal: AbortSignal): Promise<string[]> {
  const files = Object.entries(projectFiles(answers, folder));
  const taken = files.map(([path]) => path).filter((path) => existsSync(join(folder, path)));
  if (taken.length > 0)
    throw new UserError(
      `cannot make a project in ${folder}: ${taken.join(", ")} ${taken.length > 1 ? "are" : "is"} there already; nothing was written: name another folder`,
    );
  const begun: string[] = [];
  try {
    for (const [path, text] of files) {
      signal.throwIfAborted();
      const file = join(folder, path);
      const made = await mkdir(dirname(file), { recursive: true });
      begun.unshift(made ?? file);
      await writeWhole(file, text, { mode: 0o644 });
    }
  } catch (error) {
    for (const path of begun) await rm(path, { recursive: true, force: true });
    throw new UserError(`cannot make a project in ${folder}: ${obstacle(error)}; nothing was written`);
  }
  return files.map(([path]) => path);
}

const HELP = `
Asks on a terminal for what is not told. Existing files are never touched.

Exit code: 0, or 1 where no project could be made.

Examples:
  pulumi-ory init                                       asks, and makes a project of this folder
  pulumi-ory init shop --target network                 asks for the rest
  pulumi-ory init shop --target network --environments staging prod --factors totp lookupSecret \\
    --project staging=3f0c9a52-6d0b-4c1e-9c41-5d1f0e6f7a10
  pulumi-ory init shop --target kratos --factors code totp --sms-url https://sms.shop.example/send
  pulumi-ory init shop --target network --ci github     with workflows for GitHub Actions`;

/** The verb's command line. */
export function command(): Command {
  return new Command("init")
    .argument("[folder]", "the project's folder", ".")
    .option("--name <name>", "the project's name (default: the folder's)")
    .addOption(
      new Option("--target <kind>", "where the identity config lives").choices(["network", "kratos"]),
    )
    .addOption(new Option("--environments <names...>", "a stack each").choices(ENVIRONMENTS))
    .addOption(new Option("--factors <names...>", "second factors").choices(Object.keys(FACTORS)))
    .option("--domain <domain>", "where people sign in (default: <name>.example)")
    .option("--sms-url <url>", "where SMS are sent to, by POST; without, nobody has a phone number")
    .option("--project <environment=id>", "a project on Ory Network; may be repeated", project, {})
    .addOption(
      new Option("--ci <forge>", "with workflows for its stacks staging and prod").choices(["github"]),
    )
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(run);
}

function project(text: string, others: Answers["projects"]): Answers["projects"] {
  const [, environment, id] = /^(dev|staging|prod)=([\w-]+)$/.exec(text) ?? [];
  if (!environment) throw new InvalidArgumentError("write it as staging=<project-id>");
  return { ...others, [environment]: id };
}

interface Told {
  name?: string;
  target?: Answers["target"];
  environments?: Environment[];
  factors?: Factor[];
  domain?: string;
  smsUrl?: string;
  project: Answers["projects"];
  ci?: "github";
  json?: boolean;
}

async function run(folder: string, { json, project: projects, ...told }: Told): Promise<void> {
  const signal = interruption();
  const out = resolve(folder);
  const name = told.name ?? basename(out);
  if (!/^[a-z][a-z0-9_-]*$/i.test(name))
    throw new UserError(
      `the project cannot be called ${JSON.stringify(name)}: a name has letters, digits, - and _, and begins with a letter; name it with --name`,
    );
  const answers = await answersTo({ ...told, name, projects });
  refuseOtherStacks(answers);
  const files = await init(out, answers, signal);
  process.stdout.write(
    json ? `${JSON.stringify({ folder: out, files }, undefined, 2)}\n` : next(out, files, answers),
  );
}

/** The workflows name their stacks. */
function refuseOtherStacks({ ci, environments }: Answers): void {
  const missing = (["staging", "prod"] as const).filter((one) => !environments.includes(one));
  if (ci === undefined || missing.length === 0) return;
  throw new UserError(
    `the workflows are for the stacks staging and prod, and there is to be no ${missing.join(" and no ")}; nothing was written: add it to --environments, or leave out --ci`,
  );
}

async function answersTo(told: Partial<Answers> & Pick<Answers, "name" | "projects">): Promise<Answers> {
  if (process.stdin.isTTY && process.stdout.isTTY) return questions().asked(told);
  if (told.target === undefined)
    throw new UserError("--target must be given where nothing can be asked: network, or kratos");
  return {
    factors: ["totp", "lookupSecret"],
    environments: ["staging", "prod"],
    domain: `${told.name}.example`,
    ...told,
    target: told.target,
  };
}

// Loaded where it is needed.
const questions = () => require("./init/questions") as typeof import("./init/questions");

/** What was made, and what to do now. */
function next(folder: string, files: readonly string[], answers: Answers): string {
  const { target, environments, projects, smsUrl } = answers;
  const [first] = environments;
  const missing = target === "network" ? environments.filter((name) => projects[name] === undefined) : [];
  const steps = [
    ...(relative(".", folder) === "" ? [] : [`cd ${relative(".", folder)}`]),
    ...missing.map((name) => `$EDITOR stacks/Pulumi.${name}.yaml   # the project's id`),
    ...(target === "kratos" ? [`$EDITOR stacks/Pulumi.${first}.yaml   # the folder of kratos.yml`] : []),
    "npm install",
    ...(target === "network" ? ["export ORY_WORKSPACE_API_KEY=…   # from the Console"] : []),
    `pulumi stack init ${first}`,
    "pulumi config set --secret --path 'secrets.smtp-uri'",
    ...(smsUrl === undefined ? [] : ["pulumi config set --secret --path 'secrets.sms-key'"]),
    "pulumi preview",
    ...(target === "kratos"
      ? [
          "kratos serve -c kratos.yml -c identity.yml   # how your server has to run; begin with an identity.yml of {}",
        ]
      : []),
    "pulumi up",
  ];
  return `made ${files.join(", ")}\n\nnext:\n${steps.map((step) => `  ${step}\n`).join("")}${ofPromotion(answers)}`;
}

const PROMOTION = "node_modules/pulumi-ory/docs/promote-from-staging-to-prod.md";

/** How prod comes to what staging has proven. */
function ofPromotion(answers: Answers): string {
  if (!isPromoted(answers)) return "";
  const as = provable(answers);
  if (as.length === 0)
    return `\nTo have prod take only what staging has proven, name an outbox that the proof reads codes from, under proof in\nstacks/Pulumi.staging.yaml, and staging under promotion in stacks/Pulumi.prod.yaml: ${PROMOTION}\n`;
  const key = answers.target === "network" ? ", with staging's ORY_PROJECT_API_KEY" : "";
  return `\nprod takes only what staging has proven: its \`pulumi up\` signs in by ${as.join(", ")}${key}.\nFrom then on, \`npx pulumi-ory promote --from staging --to prod\` brings changes over. The first update of prod asks for\nconsent to what weakens the protection of accounts that exist, such as recovery where there was none: ${PROMOTION}\n`;
}
