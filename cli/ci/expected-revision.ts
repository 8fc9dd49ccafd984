import { Command, InvalidArgumentError } from "commander";
import { UserError } from "../../infra/identity-config/user-error";
import { interruption } from "../interruption";
import { isMarked, noteOf } from "./body";
import type { PullRequest } from "./event";
import type { Forge } from "./forge";
import type { Kept } from "./keep-one";
import { forge as forgeOf, OPTIONS, type Told } from "./options";

/** What `ci expected-revision` is told. */
export interface ExpectedRevisionOptions {
  /** The commit that a merge has made. */
  commit: string;
  /** The marker of the review's comment. */
  marker: string;
  /** Login of whom has written the comment. */
  author: string;
}

/**
 * What `ORY_EXPECTED_REVISION` is to be for what was merged, from the review of its pull request; empty where the review
 * names no revision, as before the first update. Throws UserError where the commit is of no merge, or what was merged was
 * not reviewed.
 */
export async function expectedRevision(
  forge: Forge,
  { commit, marker, author }: ExpectedRevisionOptions,
): Promise<string> {
  const attempt = `find out what was merged as ${commit}`;
  const all = await forge.all<PullRequest>(attempt, `/commits/${commit}/pulls?per_page=100`);
  const merged = all.filter(
    ({ merged_at, merge_commit_sha, base }) =>
      merged_at && merge_commit_sha === commit && base.repo.full_name === forge.repository,
  );
  const [request] = merged;
  if (request === undefined)
    throw new UserError(`${commit} is no merge of a pull request, so nothing was reviewed; ${OTHERWISE}`);
  if (merged.length > 1)
    throw new UserError(`${commit} is the merge of ${merged.length} pull requests; ${OTHERWISE}`);
  const { number, head } = request;
  const comments = await forge.all<Kept>(
    `read the review of pull request ${number}`,
    `/issues/${number}/comments?per_page=100`,
  );
  const review = comments.find((one) => isMarked(one, marker, author));
  const note = noteOf(review?.body);
  if (note === undefined)
    throw new UserError(`pull request ${number} has no review "${marker}" by ${author}; ${OTHERWISE}`);
  if (note.commit !== head.sha)
    throw new UserError(
      `pull request ${number} was merged at ${head.sha}, but its review is of ${note.commit}; ${OTHERWISE}`,
    );
  if (note.failed) throw new UserError(`the preview of pull request ${number} has failed; ${OTHERWISE}`);
  const expected = note.expected ?? "";
  // It becomes an output of a step, or a variable of a shell.
  if (/[\s\p{C}]/u.test(expected))
    throw new UserError(
      `the review of pull request ${number} names no revision that can be used; ${OTHERWISE}`,
    );
  return expected;
}

const OTHERWISE =
  "review the stack again, and run the deployment by hand with the revision that was reviewed";

/** The verb's command line. */
export function command(): Command {
  return new Command("expected-revision")
    .summary("print what ORY_EXPECTED_REVISION is to be for what was merged")
    .description(
      "Prints the revision that the review of a merged pull request has named; nothing where it named none.",
    )
    .option(...OPTIONS.repo)
    .requiredOption("--commit <sha>", "the commit that the merge has made", sha)
    .requiredOption(...OPTIONS.marker)
    .option(...OPTIONS.author)
    .option(...OPTIONS.json)
    .addHelpText("after", HELP)
    .action(run);
}

const HELP = `
Examples:
  pulumi-ory ci expected-revision --commit "$GITHUB_SHA" --marker "review prod"`;

function sha(text: string): string {
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text)) return text;
  throw new InvalidArgumentError("write the whole of it, as GITHUB_SHA has it");
}

async function run({ repo, json, ...options }: Told & { commit: string }): Promise<void> {
  const expected = await expectedRevision(forgeOf(repo, interruption()), options);
  if (json) process.stdout.write(`${JSON.stringify({ revision: expected || null })}\n`);
  else if (expected === "") process.stderr.write("the review names no revision, so any is accepted\n");
  else process.stdout.write(`${expected}\n`);
}
