import { Command, CommanderError } from "commander";
import { UserError } from "../infra/identity-config/user-error";
import { wasInterrupted } from "./interruption";
import { VERSION } from "./version";
import { visible } from "./visible";

interface Verb {
  summary: string;
  /** Loads what only this verb needs: the answer of another one must not wait for it. */
  load: () => { command: () => Command };
}

const VERBS: Record<string, Verb> = {
  init: { summary: "make a project", load: () => require("./init") },
  check: { summary: "run the rules on files, a stack or a target", load: () => require("./check") },
  doctor: { summary: "look at all that an update needs", load: () => require("./doctor") },
  drift: { summary: "tell what was changed since the last update", load: () => require("./drift") },
  impact: { summary: "count whom a change of config befalls", load: () => require("./impact") },
  import: { summary: "turn what exists into a program", load: () => require("./import") },
  promote: {
    summary: "give a stack what another one has proven",
    load: () => require("./promote"),
  },
  rollback: {
    summary: "go back to what an earlier update declared",
    load: () => require("./rollback"),
  },
  verify: {
    summary: "sign in and recover accounts by every way there should be",
    load: () => require("./verify"),
  },
  review: {
    summary: "show what a plan means, for a pull request",
    load: () => require("./review"),
  },
  ci: { summary: "say on a forge what a pipeline has found", load: () => require("./ci") },
  explain: { summary: "tell why a rule exists", load: () => require("./explain") },
};

/** Exit code of a verb that could not do its work. */
const FAILED = 1;

async function main(args: string[]): Promise<void> {
  const program = new Command("pulumi-ory")
    .description(
      "Judges Ory identity configurations, and what a change of one means. `pulumi-ory <verb> --help` shows examples.",
    )
    .version(VERSION);
  const chosen = args.find((argument) => Object.hasOwn(VERBS, argument));
  for (const [name, { summary, load }] of Object.entries(VERBS)) {
    const verb = name === chosen ? load().command() : new Command(name);
    program.addCommand(verb.summary(summary));
  }
  for (const stream of [process.stdout, process.stderr]) stream.on("error", endWithout);
  await customary(program, program.name()).parseAsync(args, { from: "user" });
}

/** Has a command, and those below it, tell mistakes alike. */
function customary(command: Command, path: string): Command {
  for (const below of command.commands) customary(below, `${path} ${below.name()}`);
  return command
    .showHelpAfterError(`(${path} --help shows what there is)`)
    .configureOutput({ outputError: (text, write) => write(visible(text)) })
    .exitOverride();
}

/** What was to be read is lost. */
function endWithout(error: NodeJS.ErrnoException): void {
  // What was begun ends in order.
  if (wasInterrupted()) return;
  // A reader that has gone, as `head` does, is none of our errors.
  if (error.code === "EPIPE") process.exit();
  process.stderr.write(`error: cannot write the answer: ${error.message}\n`);
  process.exit(FAILED);
}

/** Who asks for JSON gets one document in any case, but after Ctrl-C. */
const wantsJson = (args: string[]): boolean =>
  args.some(
    (one, index) => /^--(json|format=json)$/.test(one) || (one === "json" && args[index - 1] === "--format"),
  );

function tell(error: unknown, args: string[]): void {
  if (wasInterrupted()) return;
  process.exitCode = FAILED;
  if (error instanceof CommanderError) {
    // Commander has told it already; and help is no mistake.
    process.exitCode = error.exitCode;
    if (error.code.startsWith("commander.help") || error.code === "commander.version") return;
  } else {
    // Only a defect of ours is shown with its stack.
    const text = error instanceof UserError ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`error: ${visible(text)}\n`);
  }
  const { message } = error as Error;
  if (wantsJson(args))
    process.stdout.write(`${JSON.stringify({ error: message.replace(/^error: /, "") }, undefined, 2)}\n`);
}

const args = process.argv.slice(2);
main(args).catch((error: unknown) => tell(error, args));
