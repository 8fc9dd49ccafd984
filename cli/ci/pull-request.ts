import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { UserError } from "../../infra/identity-config/user-error";
import { interruption } from "../interruption";
import { fenced } from "../review/markup";
import { plain } from "../review/plain";
import { MOST, readUntrusted, shortened } from "./body";
import type { PullRequest } from "./event";
import type { Forge } from "./forge";
import { ForgeError } from "./forge-error";
import type { Result } from "./keep-one";
import { answer, forge as forgeOf, OPTIONS, type Told } from "./options";

/** What `ci pull-request` is told. */
export interface PullRequestOptions {
  /** The branch that it comes from; made anew from `base` each time. */
  branch: string;
  /** The branch that it goes to. */
  base: string;
  title: string;
  /** A file of Markdown. */
  bodyFile: string;
  /** Shows the body as a block of code: it is text. Default: false. */
  isCode?: boolean | undefined;
  /** Files to be changed: paths in the repository, and on this machine below `from`. */
  files: readonly string[];
  /** The folder with the files. Default: the current one. */
  from?: string | undefined;
}

interface Ref {
  object: { sha: string };
}

/** Bytes of a file of text. */
const MOST_OF_A_FILE = 4_000_000;

/** Sees to it that one pull request proposes these files; `absent` where `base` has them as they are. Throws UserError. */
export async function pullRequest(forge: Forge, options: PullRequestOptions): Promise<Result> {
  const { branch, base, title, bodyFile, isCode = false } = options;
  const attempt = `propose ${branch}`;
  const text = await readUntrusted(bodyFile, MOST_OF_A_FILE);
  const body = shortened(
    isCode ? fenced("text", text.trimEnd().split("\n").map(plain)) : text,
    MOST,
    "The pipeline has all of it.",
  );
  const head = await forge.call<Ref>(attempt, "get", `/git/ref/heads/${path(base)}`);
  const tree = await treeOf(forge, options, head.object.sha, attempt);
  if (tree === undefined) return { outcome: "absent" };
  await pushed(forge, { branch, base: head.object.sha, tree, title, attempt });
  const owner = forge.repository.split("/")[0];
  const list = () =>
    forge.all<PullRequest>(
      attempt,
      `/pulls?state=open&head=${encodeURIComponent(`${owner}:${branch}`)}&base=${encodeURIComponent(base)}&per_page=100`,
    );
  const [open] = await list();
  if (open !== undefined) return updated(forge, open, { title, body }, attempt);
  try {
    const made = await forge.call<PullRequest>(attempt, "post", "/pulls", {
      title,
      body,
      head: branch,
      base,
    });
    return seen("created", made);
  } catch (error) {
    // Another run has been faster, or the answer got lost.
    const [other] = error instanceof ForgeError && error.status !== 403 ? await list() : [];
    if (other === undefined) throw error;
    return updated(forge, other, { title, body }, attempt);
  }
}

const path = (name: string): string => name.split("/").map(encodeURIComponent).join("/");

const seen = (outcome: Result["outcome"], { html_url: url }: PullRequest): Result => ({
  outcome,
  ...(url !== undefined && { url }),
});

async function updated(
  forge: Forge,
  open: PullRequest,
  text: { title: string; body: string },
  attempt: string,
): Promise<Result> {
  if (open.title === text.title && (open.body ?? "").replaceAll("\r\n", "\n") === text.body)
    return seen("unchanged", open);
  return seen("updated", await forge.call<PullRequest>(attempt, "patch", `/pulls/${open.number}`, text));
}

/** A tree with the files as they are here; undefined where it is that of the commit `base`. */
async function treeOf(
  forge: Forge,
  { files, from = "." }: PullRequestOptions,
  base: string,
  attempt: string,
): Promise<string | undefined> {
  const entries = await Promise.all(
    files.map(async (file) => ({
      path: file,
      mode: "100644",
      type: "blob",
      content: await readFile(`${from}/${file}`, "utf8").catch(({ code }: NodeJS.ErrnoException) => {
        throw new UserError(
          `cannot read ${from}/${file}: ${code === "ENOENT" ? "there is no such file" : code}`,
        );
      }),
    })),
  );
  const commit = await forge.call<{ tree: { sha: string } }>(attempt, "get", `/git/commits/${base}`);
  const old = commit.tree.sha;
  const made = await forge.call<{ sha: string }>(attempt, "post", "/git/trees", {
    base_tree: old,
    tree: entries,
  });
  return made.sha === old ? undefined : made.sha;
}

interface Push {
  branch: string;
  /** The commit that it begins with. */
  base: string;
  tree: string;
  title: string;
  attempt: string;
}

/** Has the branch be `base` and one commit, unless it is. */
async function pushed(forge: Forge, { branch, base, tree, title, attempt }: Push): Promise<void> {
  const there = await forge
    .call<Ref>(attempt, "get", `/git/ref/heads/${path(branch)}`)
    .catch((error: unknown) => {
      if (error instanceof ForgeError && error.status === 404) return undefined;
      throw error;
    });
  if (there !== undefined) {
    const { tree: its, parents } = await forge.call<{ tree: { sha: string }; parents: { sha: string }[] }>(
      attempt,
      "get",
      `/git/commits/${there.object.sha}`,
    );
    if (its.sha === tree && parents.length === 1 && parents[0]!.sha === base) return;
  }
  const commit = { message: title, tree, parents: [base] };
  const { sha } = await forge.call<{ sha: string }>(attempt, "post", "/git/commits", commit);
  if (there === undefined)
    await forge.call(attempt, "post", "/git/refs", { ref: `refs/heads/${branch}`, sha });
  else await forge.call(attempt, "patch", `/git/refs/heads/${path(branch)}`, { sha, force: true });
}

/** The verb's command line. */
export function command(): Command {
  return new Command("pull-request")
    .summary("keep one pull request that proposes files")
    .description("Makes a branch of one commit with these files, and keeps one pull request for it.")
    .argument("<files...>", "files, by their paths in the repository")
    .option(...OPTIONS.repo)
    .requiredOption("--branch <name>", "the branch, which is made anew")
    .requiredOption("--base <name>", "the branch that it is for")
    .requiredOption("--title <text>", "its title, and the commit's message")
    .requiredOption("--body-file <file>", "what it says, in Markdown")
    .option("--code", "what it says is text, to be shown as code")
    .option("--from <folder>", "where the files are on this machine", ".")
    .option(...OPTIONS.json)
    .addHelpText("after", HELP)
    .action(run);
}

const HELP = `
Examples:
  pulumi-ory ci pull-request --branch promote-prod --base main --title "Promote staging to prod" \\
    --body-file promotion.txt --code stacks/Pulumi.prod.yaml`;

type RequestTold = Omit<PullRequestOptions, "files" | "isCode"> &
  Pick<Told, "repo" | "json"> & { code?: boolean };

async function run(files: string[], { code, repo, json, ...options }: RequestTold): Promise<void> {
  const forge = forgeOf(repo, interruption());
  answer(await pullRequest(forge, { ...options, files, isCode: code }), "pull request", json);
}
