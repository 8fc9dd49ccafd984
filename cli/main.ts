import { Command } from "commander";
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
    .version(VERSION)
    .showHelpAfterError("(--help shows what there is)");
  const chosen = args.find((argument) => Object.hasOwn(VERBS, argument));
  for (const [name, { summary, load }] of Object.entries(VERBS)) {
    const verb = name === chosen ? load().command() : new Command(name);
    program.addCommand(verb.summary(summary));
  }
  // A reader that has gone, as `head` does, is none of our errors.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit());
  await program.parseAsync(args, { from: "user" });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (wasInterrupted()) return;
  // Only a defect of ours is shown with its stack.
  const text = error instanceof UserError ? error.message : ((error as Error).stack ?? String(error));
  process.stderr.write(`error: ${visible(text)}\n`);
  process.exitCode = FAILED;
});
