import { execFileSync } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { previewEvents } from "../cli/ci-scene";
import { BOT, FakeForge, REPOSITORY, TOKEN } from "../cli/fake-forge";
import { Repository } from "./repository";
import { runStep, type StepRun, workflows } from "./workflow";

// The scripts of the workflows, as they are, with our command as it is and a stand-in of the forge.

const KEY = "canary-workspace-key";

let repository: Repository;
let forge: FakeForge;
const at = (...path: string[]): string => repository.at(...path);
const git = (...args: string[]): string => repository.git(...args);
const put = (files: Record<string, string>): Promise<void> => repository.put(files);
const commit = (): string => repository.commit();

beforeEach(async () => {
  repository = await Repository.create();
  forge = await FakeForge.start();
});
afterEach(async () => {
  await forge.stop();
  await repository.remove();
});

/** Runs the named step; nothing that it prints has a secret. */
async function step(
  file: string,
  job: string,
  name: string,
  contexts: object = {},
  env: NodeJS.ProcessEnv = {},
): Promise<StepRun> {
  const found = workflows[file]!.workflow.jobs[job]!.steps.find((one) => one.name === name)!;
  const { GITHUB_TOKEN: _, ...known } = forge.env;
  const run = await runStep(
    found,
    repository.root,
    {
      github: {
        token: TOKEN,
        repository: REPOSITORY,
        server_url: "https://forge.example",
        run_id: 5,
        event: {},
      },
      ...{ runner: { temp: at("runner-temp") }, matrix: {}, inputs: {}, steps: {}, vars: {} },
      ...{ secrets: { ORY_WORKSPACE_API_KEY: KEY }, ...contexts },
    },
    { ...known, PATH: `${at("bin")}:${process.env.PATH}`, GITHUB_TOKEN: "", ...env },
  );
  for (const secret of [TOKEN, KEY]) expect(run.output + run.summary).not.toContain(secret);
  return run;
}

/** A pull request with a commit that changes the program, merged into a copy of main as GitHub does it for a preview. */
async function pullRequest(change: Record<string, string> = { "infra/main.ts": "new" }): Promise<string> {
  git("checkout", "-q", "-b", "change");
  await put(change);
  const head = commit();
  git("checkout", "-q", "main");
  git("checkout", "-q", "-b", "merge");
  git("merge", "-q", "--no-ff", "-m", "merge", "change");
  forge.pullOf("change", { number: 7, head: { ref: "change", sha: head, repo: { full_name: REPOSITORY } } });
  return head;
}

const previewed = async (env: NodeJS.ProcessEnv = {}) => {
  await put({ "runner-temp/events.jsonl": previewEvents() });
  const event = { pull_request: { number: 7 } };
  return step(
    "ory-preview.yml",
    "preview",
    "Preview what is concerned",
    { github: { event } },
    {
      EVENTS: at("runner-temp/events.jsonl"),
      ...env,
    },
  );
};

const commented = async (head: string) => {
  await put({
    "event.json": JSON.stringify({
      workflow_run: {
        ...{
          event: "pull_request",
          head_sha: head,
          head_branch: "change",
          html_url: "https://forge.example/5",
        },
        head_repository: { full_name: REPOSITORY },
      },
    }),
  });
  await rm(at("runner-temp/review"), { recursive: true, force: true });
  execFileSync("cp", ["-r", at("review"), at("runner-temp/review")]);
  return step("ory-comment.yml", "comment", "Comment", {}, { GITHUB_EVENT_PATH: at("event.json") });
};

test("from a pull request to an update that expects what was reviewed", async () => {
  const head = await pullRequest();
  const preview = await previewed();
  expect(preview).toMatchObject({ code: 0 });
  expect(preview.summary).toContain("a stolen session stays valid for longer");
  expect(await readFile(at("calls"), "utf8")).toBe("preview --stack staging --json expecting \n");
  expect(await readFile(at("review/staging.html"), "utf8")).toContain("<!doctype html>");

  expect(await commented(head)).toMatchObject({ code: 0 });
  expect(forge.comments).toMatchObject([{ issue: 7, user: { login: BOT } }]);
  expect(forge.comments[0]!.body).toContain("<!-- pulumi-ory: review staging -->");

  const before = git("rev-parse", "main");
  const merge = git("rev-parse", "merge");
  const [pull] = forge.pulls;
  Object.assign(pull!, { state: "closed", merged_at: "2026-11-01T00:00:00Z", merge_commit_sha: merge });
  const pushed = { GITHUB_EVENT_NAME: "push", GITHUB_SHA: merge };
  const concerned = await step(
    "ory-deploy.yml",
    "stacks",
    "Find out what is concerned",
    { github: { event: { before } } },
    pushed,
  );
  expect(concerned.outputs).toEqual({ stacks: '["staging"]' });
  const matrix = { stack: "staging" };
  const review = await step("ory-deploy.yml", "up", "Find out what was reviewed", { matrix }, pushed);
  expect(review).toMatchObject({ code: 0, outputs: { expected: "kratos/shop=r1" } });
  const steps = { review: { outputs: review.outputs } };
  expect(await step("ory-deploy.yml", "up", "Apply it", { matrix, steps })).toMatchObject({ code: 0 });
  expect(await readFile(at("calls"), "utf8")).toContain(
    "up --stack staging --yes expecting kratos/shop=r1\n",
  );
});

test("what was not reviewed is not applied", async () => {
  const pushed = { GITHUB_EVENT_NAME: "push", GITHUB_SHA: "a".repeat(40) };
  const matrix = { stack: "staging" };
  const review = await step("ory-deploy.yml", "up", "Find out what was reviewed", { matrix }, pushed);
  expect(review).toMatchObject({ code: 1, outputs: {} });
});

test("by hand, a stack is updated with the revision that is named", async () => {
  const byHand = { GITHUB_EVENT_NAME: "workflow_dispatch" };
  const inputs = { stack: "prod", expected: "kratos/shop=r9\nstacks=[]" };
  const concerned = await step("ory-deploy.yml", "stacks", "Find out what is concerned", { inputs }, byHand);
  expect(concerned.outputs).toEqual({ stacks: '["prod"]' });
  const review = await step("ory-deploy.yml", "up", "Find out what was reviewed", { inputs }, byHand);
  expect(review.outputs).toEqual({ expected: "kratos/shop=r9stacks=[]" });
});

test("a preview that fails is red, and told in the comment that was there; a stack not concerned loses its own", async () => {
  const head = await pullRequest();
  forge.commentBy(BOT, "<!-- pulumi-ory: review staging -->\n🟢 an old review\n");
  forge.commentBy(BOT, "<!-- pulumi-ory: review prod -->\nan old review\n");
  const failed = `${JSON.stringify({ sequence: 0, diagnosticEvent: { severity: "error", message: "no" } })}\n${JSON.stringify({ sequence: 1, summaryEvent: {} })}`;
  await put({ "failed.jsonl": failed });
  expect(await previewed({ EVENTS: at("failed.jsonl"), PULUMI_EXIT: "255" })).toMatchObject({ code: 1 });
  expect(await commented(head)).toMatchObject({ code: 0 });
  expect(forge.comments).toHaveLength(1);
  expect(forge.comments[0]!.body).toContain("## ⛔ The preview failed");
});

test("a number that an artifact only claims, or that is none, leads nowhere", async () => {
  const head = await pullRequest();
  await previewed();
  forge.pullOf("other", { number: 8 });
  await put({ "review/pull-request": "8; rm -rf /\n" });
  expect(await commented(head)).toMatchObject({ code: 0 });
  await put({ "review/pull-request": "::set-output name=a::b\n" });
  expect(await commented(head)).toMatchObject({ code: 1 });
  expect(forge.comments).toEqual([]);
});

test("drift opens an issue, and its end closes it; a stack that could not be looked at keeps its own", async () => {
  await put({ "runner-temp/drift.md": "## Drift of `kratos/shop`\n" });
  const looked = async (stack: string, DRIFT_EXIT: string) => {
    await rm(at("drift"), { recursive: true, force: true });
    const env = { DRIFT: at("runner-temp/drift.md"), DRIFT_EXIT };
    return step("ory-drift.yml", "drift", "Look for drift", { matrix: { stack } }, env);
  };
  const told = () => step("ory-drift.yml", "issue", "Open, update or close the issues");
  expect(await looked("prod", "2")).toMatchObject({ code: 0 });
  expect(await told()).toMatchObject({ code: 0 });
  expect(forge.issues).toMatchObject([{ title: "Identity config of prod has drifted", state: "open" }]);
  expect(forge.issues[0]!.body).toContain("## Drift of `kratos/shop`");

  expect(await looked("prod", "1")).toMatchObject({ code: 1 });
  await rm(at("drift"), { recursive: true });
  expect(await told()).toMatchObject({ code: 0 });
  expect(forge.issues).toMatchObject([{ state: "open" }]);

  expect(await looked("prod", "0")).toMatchObject({ code: 0 });
  expect(await told()).toMatchObject({ code: 0 });
  expect(forge.issues).toMatchObject([{ state: "closed" }]);
});

test("what staging has proven is proposed for prod", async () => {
  forge.branch("main", { "stacks/Pulumi.prod.yaml": "config: {}\n" });
  const done = await step("ory-promote.yml", "promote", "Give prod what staging has proven");
  expect(done).toMatchObject({ code: 0, outputs: { "is-change": "true" } });
  execFileSync("cp", ["-r", at("promotion"), at("runner-temp")]);
  expect(await step("ory-promote.yml", "pull-request", "Propose it")).toMatchObject({ code: 0 });
  expect(forge.pulls).toMatchObject([
    { title: "Promote staging to prod", body: "```text\npromoted\n```\n\n" },
  ]);
  expect(forge.filesOf("promote-staging-to-prod")["stacks/Pulumi.prod.yaml"]).toContain("# promoted");
});
