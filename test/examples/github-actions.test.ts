import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dependencies } from "../../package.json";
import { lint, withActionlint } from "./actionlint";
import { commandsIn, commandsOf, refuseUnknown } from "./command-lines";
import { FOLDER, type Job, started, workflows } from "./workflow";

const all = Object.entries(workflows);
const jobs = all.flatMap(([file, { workflow }]) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ title: `${file}: ${name}`, workflow, job })),
);
const steps = jobs.flatMap(({ title, job }) =>
  job.steps.map((step, index) => ({ title: `${title} ${step.name ?? index}`, step })),
);
const usesSecrets = (job: Job): boolean => /\bsecrets\b/.test(JSON.stringify(job));

/** Commits that were seen at these tags in the repositories of the actions. */
const PINS: Record<string, [string, string]> = {
  "actions/checkout": ["3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"],
  "actions/setup-node": ["820762786026740c76f36085b0efc47a31fe5020", "v7.0.0"],
  "actions/upload-artifact": ["bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0"],
  "actions/download-artifact": ["3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1"],
  "pulumi/actions": ["8e5e406f4007fca908480587cb9893c07090f58d", "v7.0.0"],
};

test("there is a workflow for each task", () => {
  expect(all.map(([file]) => file).sort()).toEqual([
    "ory-comment.yml",
    "ory-deploy.yml",
    "ory-drift.yml",
    "ory-preview.yml",
    "ory-promote.yml",
  ]);
});

withActionlint("the workflows, judged by actionlint")("actionlint", () => {
  /** Of actions that are pinned by a commit it knows no inputs; those of checkout and setup-node it knows up to 6. */
  const byTag = (text: string) =>
    text
      .replace(/@[0-9a-f]{40} # v(\d+)\S*/g, "@v$1")
      .replace(/(actions\/(?:checkout|setup-node))@v7/g, "$1@v6");

  test.each(all)("finds nothing in %s, nor in the inputs of its actions", (_, { text }) => {
    expect(lint(text)).toBe("");
    expect(byTag(text)).not.toBe(text);
    expect(lint(byTag(text))).toBe("");
  });

  test("would find what is nowhere defined", () => {
    const { text } = workflows["ory-deploy.yml"]!;
    expect(lint(text.replaceAll("needs.stacks.", "needs.stack."))).toContain(
      'property "stack" is not defined',
    );
    expect(lint(byTag(text).replace("persist-credentials", "persist-credential"))).toContain(
      'input "persist-credential" is not defined',
    );
  });
});

test.each(all)("%s: each action is pinned by a commit, with its version beside it", (_, { text }) => {
  const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, what]) => what);
  expect(uses.length).toBeGreaterThan(0);
  for (const one of uses) {
    const [, action, commit, version] = /^([\w/-]+)@([0-9a-f]{40}) # (v[\d.]+)$/.exec(one!) ?? [];
    expect([commit, version]).toEqual(PINS[action!]);
  }
});

test.each(all)(
  "%s: nothing is permitted but what a job asks for, and nothing runs for ever",
  (_, { workflow }) => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.defaults).toEqual({ run: { shell: "bash" } });
    for (const job of Object.values(workflow.jobs)) {
      expect(Object.keys(job.permissions ?? {}).length).toBeGreaterThan(0);
      expect(job["runs-on"]).toMatch(/^ubuntu-\d\d\.04$/);
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
    }
  },
);

test("what a job may write is what it is for", () => {
  const writing = jobs
    .map(({ title, job }) => [
      title,
      Object.entries(job.permissions!)
        .filter(([, access]) => access !== "read")
        .map(([what, access]) => `${what}: ${access}`),
    ])
    .filter(([, writes]) => writes!.length > 0);
  expect(Object.fromEntries(writing)).toEqual({
    "ory-comment.yml: comment": ["pull-requests: write"],
    "ory-drift.yml: issue": ["issues: write"],
    "ory-promote.yml: pull-request": ["contents: write", "pull-requests: write"],
  });
});

test("no job that may write has a secret, nor keeps a token for git", () => {
  for (const { title, job } of jobs) {
    const writes = Object.values(job.permissions!).includes("write");
    expect({ title, both: writes && usesSecrets(job) }).toEqual({ title, both: false });
    for (const { uses, with: settings } of job.steps)
      if (uses?.startsWith("actions/checkout@")) expect(settings?.["persist-credentials"]).toBe(false);
  }
});

test("secrets are given to single steps of ours, never to an action, a whole job or npm", () => {
  for (const { title, workflow, job } of jobs) {
    expect(JSON.stringify({ ...workflow, jobs: {} })).not.toContain("secrets");
    expect(JSON.stringify({ ...job, steps: [] })).not.toContain("secrets");
    for (const step of job.steps)
      if (/\bsecrets\b/.test(JSON.stringify(step)))
        expect({ title, uses: step.uses, npm: /\bnpm\b|\bnpx\b/.test(step.run ?? "") }).toEqual({
          title,
          uses: undefined,
          npm: false,
        });
  }
});

describe("forks", () => {
  const OURS = "acme/identity";
  /** The event that a pull request from `from`, or a run for one, is. */
  const contexts = (from: string, run: object = {}) => ({
    github: {
      ...{ repository: OURS, event_name: "workflow_run" },
      event: {
        pull_request: { number: 7, head: { repo: { full_name: from } } },
        workflow_run: {
          ...{ event: "pull_request", conclusion: "success", head_repository: { full_name: from } },
          ...run,
        },
      },
    },
    needs: {
      promote: { outputs: { "is-change": "true" } },
      stacks: { outputs: { stacks: '["staging"]' } },
    },
  });
  const startable = all.filter(
    ([, { workflow }]) => "pull_request" in workflow.on || "workflow_run" in workflow.on,
  );

  test("are the only events of others, and never with the code of a fork in the place of ours", () => {
    expect(startable.map(([file]) => file).sort()).toEqual([
      "ory-comment.yml",
      "ory-preview.yml",
      "ory-promote.yml",
    ]);
    const events = new Set(all.flatMap(([, { workflow }]) => Object.keys(workflow.on)));
    expect([...events].sort()).toEqual([
      "pull_request",
      "push",
      "schedule",
      "workflow_dispatch",
      "workflow_run",
    ]);
    for (const { job, workflow } of jobs)
      if ("workflow_run" in workflow.on)
        for (const { uses, with: settings } of job.steps)
          if (uses?.startsWith("actions/checkout@")) expect([undefined, "main"]).toContain(settings?.ref);
  });

  test.each(startable)("start no job of %s; this repository does", (_, { workflow }) => {
    expect(started(workflow, contexts("mallory/identity"))).toEqual([]);
    expect(started(workflow, contexts(OURS))).toEqual(Object.keys(workflow.jobs));
  });

  test("a run that was cancelled or skipped is neither told of nor promoted from", () => {
    for (const conclusion of ["cancelled", "skipped", "action_required"])
      for (const file of ["ory-comment.yml", "ory-promote.yml"])
        expect(started(workflows[file]!.workflow, contexts(OURS, { conclusion }))).toEqual([]);
    const failed = contexts(OURS, { conclusion: "failure" });
    expect(started(workflows["ory-comment.yml"]!.workflow, failed)).toEqual(["comment"]);
    expect(started(workflows["ory-promote.yml"]!.workflow, failed)).toEqual([]);
  });
});

test("what changes something outside runs one at a time", () => {
  const groups = jobs.map(({ title, workflow, job }) => [
    title,
    (job.concurrency ?? workflow.concurrency)?.group.replace(/\$\{\{ (.*?) \}\}/, "<$1>"),
  ]);
  expect(Object.fromEntries(groups)).toEqual({
    "ory-comment.yml: comment": "ory-comment-<github.event.workflow_run.head_branch>",
    "ory-deploy.yml: stacks": undefined,
    "ory-deploy.yml: up": "ory-up-<matrix.stack>",
    "ory-drift.yml: drift": "ory-drift",
    "ory-drift.yml: issue": "ory-drift",
    "ory-preview.yml: preview": "ory-preview-<github.event.pull_request.number>",
    "ory-promote.yml: promote": "ory-promote",
    "ory-promote.yml: pull-request": "ory-promote",
  });
});

const scripts = steps.flatMap(({ title, step: { run } }) => (run === undefined ? [] : [{ title, run }]));

test.each(scripts)("$title is a script of bash, into which nothing is pasted", ({ run }) => {
  execFileSync("bash", ["-n"], { input: run });
  // An expression in a script is a way to inject a command.
  expect(run).not.toMatch(/\$\{\{/);
});

const commands = scripts.flatMap(({ run }) => commandsIn(run));

test("each command line in the page about them is one that there is", () => {
  const page = readFileSync(join(FOLDER, "../../docs/run-it-in-ci.md"), "utf8");
  const told = commandsOf(page);
  expect(told).toHaveLength(4);
  told.forEach(refuseUnknown);
  for (const [file] of all) expect(page).toContain(`(../examples/github-actions/${file})`);
});

test("each command line of ours is one that there is", () => {
  expect(commands.map(([verb, sub]) => (verb === "ci" ? `ci ${sub}` : verb)).sort()).toEqual([
    "ci affected",
    "ci affected",
    "ci comment",
    "ci expected-revision",
    "ci issue",
    "ci pull-request",
    "drift",
    "promote",
    "review",
  ]);
  commands.forEach(refuseUnknown);
});

test("the version of Pulumi is the tested one", () => {
  const versions = steps
    .filter(({ step }) => step.uses?.startsWith("pulumi/actions@"))
    .map(({ step }) => step.with?.["pulumi-version"]);
  expect(new Set(versions)).toEqual(new Set([dependencies.pulumi]));
});
