import { execFile } from "node:child_process";
import { dirname, join, posix } from "node:path";
import { promisify } from "node:util";
import { Command } from "commander";
import { isBranch } from "../../infra/identity-config/model";
import { UserError } from "../../infra/identity-config/user-error";
import { pulumiProject } from "../pulumi-project";
import { StackFile } from "../stack-file";
import { OPTIONS } from "./options";

/**
 * The stacks, of those named, that what was changed since `base` concerns. A stack that `promotion.from` holds to another
 * one is concerned by its own files only: by them a promotion reaches it. Every other stack is concerned by all but the
 * own files of others. All are, where `base` is a commit of zeros, as GitHub calls what was before a branch. Throws
 * UserError.
 */
export async function affected(stacks: readonly string[], base: string): Promise<string[]> {
  if (/^0+$/.test(base)) return [...stacks];
  const { root, name, stackFile } = await pulumiProject();
  const prefix = (await git(root, "rev-parse", "--show-prefix")).trim();
  const changed = (
    await git(root, "diff", "--name-only", "-z", "--no-renames", "--end-of-options", base, "HEAD", "--")
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

const run = promisify(execFile);

async function git(cwd: string, ...args: string[]): Promise<string> {
  try {
    return (await run("git", args, { cwd, maxBuffer: 100_000_000 })).stdout;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new UserError(
      `git ${args[0]} failed: ${(stderr || message).trim()}; where it does not know the commit, fetch more of the history (fetch-depth: 0)`,
    );
  }
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
    .action(print);
}

async function print(stacks: string[], { base, json }: { base: string; json?: boolean }): Promise<void> {
  const found = await affected(stacks, base);
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : found.map((stack) => `${stack}\n`).join(""));
}
