import { Command, InvalidArgumentError, Option } from "commander";
import { UserError } from "../../infra/identity-config/user-error";
import { interruption } from "../interruption";
import { isMarked, isSameBody, MOST, marked, type Note, readUntrusted, shortened } from "./body";
import { endedRun, pullRequestOf } from "./event";
import type { Forge } from "./forge";
import { type Kept, keepNone, keepOne, type Result } from "./keep-one";
import { answer, forge as forgeOf, OPTIONS, type Told } from "./options";

/** What the comment is to say. */
export type Saying =
  /** What a file of Markdown says. */
  | { bodyFile: string }
  /** The review of a preview, by the file of its events. */
  | { preview: string }
  /** Nothing: the comment goes. */
  | { remove: true };

/** What `ci comment` is told. */
export interface CommentOptions {
  says: Saying;
  /** By which the comment is known again. */
  marker: string;
  /** Login of whom the token belongs to. */
  author: string;
  /** Where there is no `event`, it must be given. */
  pullRequest?: number | undefined;
  /** The file of the event `workflow_run` that this run was started by. */
  event?: string | undefined;
  /** Where all of what is shown can be found; of an `event`, its run's page. */
  url?: string | undefined;
}

/** What was done; `stale` where the pull request has moved on, and nothing was. */
export type CommentResult = Result | { outcome: "stale" };

/** Bytes of a file of Markdown. */
const MOST_OF_A_BODY = 4_000_000;

/** Bytes of the events of a preview. */
const MOST_OF_A_PREVIEW = 100_000_000;

/** The marker, the note and what stands around. */
const AROUND = 2_500;

/** Sees to it that a pull request has one comment with the marker, and that it says just that. Throws UserError. */
export async function comment(
  forge: Forge,
  options: CommentOptions,
  signal: AbortSignal,
): Promise<CommentResult> {
  const { says, marker, author } = options;
  const run = options.event === undefined ? undefined : await endedRun(options.event);
  const pullRequest =
    run === undefined ? options.pullRequest : await pullRequestOf(forge, run, options.pullRequest);
  if (pullRequest === undefined) {
    if (run !== undefined) return { outcome: "stale" };
    throw new UserError("which pull request? name it with --pull-request, or --event with its event");
  }
  const comments = commentsOf(forge, pullRequest, marker, author);
  if ("remove" in says) return keepNone(comments);
  const url = options.url ?? run?.url;
  const body = await bodyOf(says, marker, { url, commit: run?.commit }, signal);
  return keepOne(
    {
      ...comments,
      create: () => forge.call<Kept>(comments.attempt, "post", `/issues/${pullRequest}/comments`, { body }),
      isUpToDate: (one) => isSameBody(one.body, body),
      update: ({ id }) => forge.call<Kept>(comments.attempt, "patch", `/issues/comments/${id}`, { body }),
    },
    author,
  );
}

/** The comments of `author` with the marker. */
function commentsOf(forge: Forge, pullRequest: number, marker: string, author: string) {
  const attempt = `comment on pull request ${pullRequest}`;
  return {
    attempt,
    list: async () =>
      (await forge.all<Kept>(attempt, `/issues/${pullRequest}/comments?per_page=100`)).filter((one) =>
        isMarked(one, marker, author),
      ),
    drop: ({ id }: Kept) => forge.call(attempt, "delete", `/issues/comments/${id}`),
  };
}

/** What is known beside what is said. */
interface Context {
  url: string | undefined;
  commit: string | undefined;
}

async function bodyOf(
  says: Exclude<Saying, { remove: true }>,
  marker: string,
  { url, commit }: Context,
  signal: AbortSignal,
): Promise<string> {
  const where = url === undefined ? "The pipeline has all of it." : `[All of it](<${new URL(url).href}>)`;
  if ("bodyFile" in says) {
    const text = await readUntrusted(says.bodyFile, MOST_OF_A_BODY);
    return marked(
      marker,
      shortened(text, MOST - AROUND, where),
      commit === undefined ? undefined : { commit },
    );
  }
  const { text, ...reviewed } = await reviewText(says.preview, url, signal);
  return commit === undefined
    ? marked(marker, text)
    : marked(marker, `${text.trimEnd()}\n\n_Of commit ${commit}._`, { commit, ...reviewed });
}

/** The review of a preview, as Markdown. Where there was no plan, that is what is said: the log masks secrets, a comment does not. */
async function reviewText(
  preview: string,
  url: string | undefined,
  signal: AbortSignal,
): Promise<{ text: string } & Omit<Note, "commit">> {
  await readUntrusted(preview, MOST_OF_A_PREVIEW);
  const { review } = require("../review") as typeof import("../review");
  const { asMarkdown } = require("../review/markdown") as typeof import("../review/markdown");
  const { revisionsOf } = require("../review/reviewed") as typeof import("../review/reviewed");
  try {
    const plans = await review({ events: preview }, signal);
    const text = asMarkdown(plans, { maxSize: MOST - AROUND, htmlUrl: url });
    return { text, expected: revisionsOf(plans) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const log = url === undefined ? "Its log" : `[Its log](<${new URL(url).href}>)`;
    return {
      text: `## ⛔ The preview failed, so there is nothing to review\n\n${log} tells why.`,
      failed: true,
    };
  }
}

/** The verb's command line. */
export function command(): Command {
  return new Command("comment")
    .summary("keep one comment on a pull request up to date")
    .description("Keeps one comment with a marker on a pull request, the oldest of several, up to date.")
    .option(...OPTIONS.repo)
    .option("--pull-request <number>", "its number", number)
    .option("--event <file>", "the event `workflow_run` of the run for a pull request that started this one")
    .requiredOption(...OPTIONS.marker)
    .option(...OPTIONS.author)
    .addOption(new Option("--body-file <file>", "what it says, in Markdown").conflicts(["preview", "remove"]))
    .addOption(new Option("--preview <file>", "it says the review of a preview's events").conflicts("remove"))
    .option("--remove", "take it away")
    .option(...OPTIONS.url)
    .option(...OPTIONS.json)
    .addHelpText("after", HELP)
    .action(run);
}

const HELP = `
Examples:
  pulumi-ory ci comment --pull-request 7 --marker "review prod" --preview preview.jsonl
  pulumi-ory ci comment --event "$GITHUB_EVENT_PATH" --marker "review prod" --preview preview.jsonl
  pulumi-ory ci comment --pull-request 7 --marker "notes" --body-file notes.md
  pulumi-ory ci comment --pull-request 7 --marker "notes" --remove`;

function number(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("write it as 7");
}

interface CommentTold extends Told {
  pullRequest?: number;
  event?: string;
  bodyFile?: string;
  preview?: string;
  remove?: true;
}

async function run({ bodyFile, preview, remove, ...options }: CommentTold): Promise<void> {
  const says =
    bodyFile !== undefined ? { bodyFile } : preview !== undefined ? { preview } : remove && { remove };
  if (says === undefined)
    throw new UserError("what is the comment to say? name --body-file, --preview or --remove");
  const signal = interruption();
  answer(await comment(forgeOf(options.repo, signal), { ...options, says }, signal), "comment", options.json);
}
