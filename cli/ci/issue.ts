import { Command } from "commander";
import { interruption } from "../interruption";
import { isMarked, isSameBody, MOST, marked, readUntrusted, shortened } from "./body";
import type { Forge } from "./forge";
import { type Kept, keepNone, keepOne, type Result } from "./keep-one";
import { answer, forge as forgeOf, OPTIONS, type Told } from "./options";

/** What `ci issue` is told. */
export interface IssueOptions {
  /** A file of Markdown; an empty one closes the issue. */
  bodyFile: string;
  /** By which the issue is known again. */
  marker: string;
  title: string;
  /** Login of whom the token belongs to. */
  author: string;
  /** Where all of what is shown can be found. */
  url?: string | undefined;
}

/** As the forge lists it. */
interface Issue extends Kept {
  /** By which it is addressed. */
  number: number;
  title?: string;
  /** There where it is a pull request. */
  pull_request?: unknown;
}

/** Bytes. */
const MOST_OF_A_BODY = 10_000_000;

/** The marker and what stands around. */
const AROUND = 500;

/** Sees to it that one issue with the marker is open and says what the file does; none where it is empty. */
export async function issue(forge: Forge, options: IssueOptions): Promise<Result> {
  const { bodyFile, marker, title, author, url } = options;
  const text = await readUntrusted(bodyFile, MOST_OF_A_BODY);
  const attempt = `keep the issue ${JSON.stringify(title)}`;
  const list = async (): Promise<Issue[]> =>
    (await forge.all<Issue>(attempt, "/issues?state=open&sort=created&direction=asc&per_page=100")).filter(
      (one) => one.pull_request === undefined && isMarked(one, marker, author),
    );
  const update = (data: object) => (one: Issue) =>
    forge.call<Issue>(attempt, "patch", `/issues/${one.number}`, data);
  const drop = update({ state: "closed", state_reason: "completed" });
  if (text.trim() === "") return keepNone({ list, drop });
  const where = url === undefined ? "The pipeline has all of it." : `[All of it](<${new URL(url).href}>)`;
  const body = marked(marker, shortened(text, MOST - AROUND, where));
  return keepOne(
    {
      list,
      create: () => forge.call<Issue>(attempt, "post", "/issues", { title, body }),
      isUpToDate: (one) => isSameBody(one.body, body) && one.title === title,
      update: update({ title, body }),
      drop,
    },
    author,
  );
}

/** The verb's command line. */
export function command(): Command {
  return new Command("issue")
    .summary("keep one issue open, or none")
    .description("Keeps one open issue with a marker, the oldest of several; an empty file closes it.")
    .option(...OPTIONS.repo)
    .requiredOption(...OPTIONS.marker)
    .requiredOption("--title <text>", "its title")
    .requiredOption("--body-file <file>", "what it says, in Markdown")
    .option(...OPTIONS.author)
    .option(...OPTIONS.url)
    .option(...OPTIONS.json)
    .addHelpText("after", HELP)
    .action(run);
}

const HELP = `
Examples:
  pulumi-ory ci issue --marker "drift prod" --title "Drift of prod" --body-file drift.md`;

async function run(options: Told & { title: string; bodyFile: string }): Promise<void> {
  answer(await issue(forgeOf(options.repo, interruption()), options), "issue", options.json);
}
