import { isBranch, parsedJson } from "../../infra/identity-config/model";
import { UserError } from "../../infra/identity-config/user-error";
import { readUntrusted } from "./body";
import type { Forge } from "./forge";

/** What started this run: a run for a pull request that has ended. */
export interface EndedRun {
  /** The commit that it was about. */
  commit: string;
  /** Where that commit is: `owner/name`. */
  from: string;
  branch: string;
  /** Its page. */
  url: string;
}

/** A pull request, as far as it is looked at. */
export interface PullRequest {
  number: number;
  state: string;
  html_url?: string;
  title?: string;
  body?: string | null;
  merged_at?: string | null;
  merge_commit_sha?: string | null;
  head: { sha: string; repo?: { full_name: string } | null };
  base: { ref?: string; repo: { full_name: string } };
}

const MOST_OF_AN_EVENT = 10_000_000;

/** The event in a file, as GitHub names it in GITHUB_EVENT_PATH. Throws UserError where it is another one. */
export async function endedRun(file: string): Promise<EndedRun> {
  const event = parsedJson(await readUntrusted(file, MOST_OF_AN_EVENT));
  const run = isBranch(event) && isBranch(event.workflow_run) ? event.workflow_run : {};
  const from = isBranch(run.head_repository) ? run.head_repository.full_name : undefined;
  const { head_sha: commit, head_branch: branch, html_url: url, event: cause } = run;
  if (cause !== "pull_request")
    throw new UserError(`${file} is no event \`workflow_run\` of a run for a pull request`);
  for (const one of [from, commit, branch, url])
    if (typeof one !== "string") throw new UserError(`${file} does not say what the run was about`);
  return { commit, from, branch, url } as EndedRun;
}

/**
 * The pull request that a run was about; undefined where it is closed, or at another commit by now. What the run itself
 * has said of it is only believed where the forge says the same.
 * @param told The number that the run has told.
 */
export async function pullRequestOf(
  forge: Forge,
  run: EndedRun,
  told: number | undefined,
): Promise<number | undefined> {
  const isOfRun = ({ head, base }: PullRequest): boolean =>
    head.repo?.full_name === run.from && base.repo.full_name === forge.repository;
  const isCurrent = ({ state, head }: PullRequest): boolean => state === "open" && head.sha === run.commit;
  if (told !== undefined) {
    const one = await forge.call<PullRequest>(`look up pull request ${told}`, "get", `/pulls/${told}`);
    if (!isOfRun(one))
      throw new UserError(
        `pull request ${told} is none of ${run.from}, which the run was for; nothing was written`,
      );
    return isCurrent(one) ? told : undefined;
  }
  const head = encodeURIComponent(`${run.from.split("/")[0]}:${run.branch}`);
  const open = await forge.all<PullRequest>(
    "look up the pull request",
    `/pulls?state=open&head=${head}&per_page=100`,
  );
  const found = open.filter((one) => isOfRun(one) && isCurrent(one));
  if (found.length > 1)
    throw new UserError(
      `${found.length} pull requests are open for ${run.branch}: name one with --pull-request`,
    );
  return found[0]?.number;
}
