import { dirname, join, posix } from "node:path";
import { Command } from "commander";
import { isBranch } from "../../infra/identity-config/model";
import { UserError } from "../../infra/identity-config/user-error";
import { interruption } from "../interruption";
import { withProgress } from "../progress";
import { pulumiProject } from "../pulumi-project";
import { StackFile } from "../stack-file";
import { runTool } from "../tool";
import { OPTIONS } from "./options";

/**
 * The stacks, of those named, that what was changed since `base` concerns. A stack that `promotion.from` holds to another
 * one is concerned by its own files only: by them a promotion reaches it. Every other stack is concerned by all but the
 * own files of others. All are, where `base` is a commit of zeros, as GitHub calls what was before a branch. Throws
 * UserError.
 */
export async function affected(
  stacks: readonly string[],
  base: string,
  signal: AbortSignal,
): Promise<string[]> {
  if (/^0+$/.test(base)) return [...stacks];
  const { root, name, stackFile } = await pulumiProject();
  const prefix = (await git(root, signal, "rev-parse", "--show-prefix")).trim();
  const changed = (
    await git(
      root,
      signal,
      "diff",
      "--name-only",
      "-z",
      "--no-renames",
      "--end-of-options",
      base,
      "HEAD",
      "--",
    )
  )
    .split("\0")
    .filter((path) => path !== "");
  const own = stacks.map((stack) => {
    const file = stackFile(stack);
    const rollback = join(dirname(file), `${stack.split("/").at(-1)}.rollback.yaml`);
    return [file, rollback].map((path) => posix.normalize(prefix + path));
  });
  const others = changed.filter((path) => !own.flat().includes(path));
  const promoted = await Promise.all(
    stacks.map(async (stack) => {
      const { promotion } = (await StackFile.read(stackFile(stack), join(root, stackFile(stack)))).settings(
        name,
      );
      return isBranch(promotion) && promotion.from !== undefined;
    }),
  );
  return stacks.filter(
    (_, index) =>
      own[index]!.some((path) => changed.includes(path)) || (others.length > 0 && !promoted[index]),
  );
}

async function git(cwd: string, signal: AbortSignal, ...args: string[]): Promise<string> {
  const work = runTool("git", args, { cwd, signal });
  const { code, stdout, stderr } = await withProgress(`git ${args[0]}…`, work);
  if (code === 0) return stdout;
  throw new UserError(
    `git ${args[0]} failed: ${stderr.trim()}; where it does not know the commit, fetch more of the history (fetch-depth: 0)`,
  );
}

/** The verb's command line. */
export function command(): Command {
  return new Command("affected")
    .summary("print the stacks that a change concerns")
    .description(
      "Prints, of these stacks, those that the changes since a commit concern. A stack with promotion.from is concerned by its own file only.",
    )
    .argument("<stacks...>", "stacks, in the order in which they are to be updated")
    .requiredOption("--base <commit>", "what the changes are counted from")
    .option(...OPTIONS.json)
    .addHelpText("after", HELP)
    .action(print);
}

const HELP = `
Examples:
  pulumi-ory ci affected --base HEAD^1 staging prod
  pulumi-ory ci affected --base "$BEFORE" staging prod --json`;

async function print(stacks: string[], { base, json }: { base: string; json?: boolean }): Promise<void> {
  const found = await affected(stacks, base, interruption());
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : found.map((stack) => `${stack}\n`).join(""));
}
