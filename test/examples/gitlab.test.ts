import { existsSync, readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { dependencies } from "../../package.json";
import { previewEvents } from "../cli/ci-scene";
import { commandsIn, commandsOf, refuseUnknown } from "./command-lines";
import { Repository } from "./repository";
import { runStep, type StepRun } from "./workflow";

// The script lines of the jobs, as they are, with our command as it is. What GitLab itself does is not run.

interface Job {
  extends?: string;
  stage: string;
  rules: { if: string; when?: string }[];
  script: string[];
  variables?: Record<string, string>;
  resource_group?: string;
  environment?: string;
  artifacts?: { when: string; access: string; paths: string[] };
}

const ROOT = resolve(__dirname, "../..");
const TEXT = readFileSync(join(ROOT, "examples/gitlab/.gitlab-ci.yml"), "utf8");
const { stages, default: all, variables, ...rest } = parse(TEXT);
const jobs: Record<string, Job> = Object.fromEntries(
  Object.entries(rest as Record<string, Job>)
    .filter(([name]) => !name.startsWith("."))
    .map(([name, job]) => [name, { ...(job.extends && rest[job.extends]), ...job }]),
);

/** The jobs of a pipeline with these variables, those that wait for a person marked; rules are read as JavaScript. */
const started = (known: Record<string, string>): string[] =>
  Object.entries(jobs).flatMap(([name, { rules }]) => {
    const met = rules.find((rule) =>
      new Function(
        `return ${rule.if.replace(/\$(\w+)/g, (_, one) => JSON.stringify(known[one] ?? null))};`,
      )(),
    );
    return met === undefined ? [] : [met.when === "manual" ? `${name} by hand` : name];
  });

const MAIN = { CI_DEFAULT_BRANCH: "main", CI_PROJECT_ID: "1" };

test("what starts in which pipeline; forks start nothing", () => {
  const request = (source: string) =>
    started({
      ...MAIN,
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: source,
    });
  expect(request("1")).toEqual(["review"]);
  expect(request("2")).toEqual([]);
  for (const CI_PIPELINE_SOURCE of ["push", "web"])
    expect(started({ ...MAIN, CI_PIPELINE_SOURCE, CI_COMMIT_BRANCH: "main" })).toEqual([
      "preview staging",
      "staging",
      "preview prod",
      "prod by hand",
    ]);
  expect(started({ ...MAIN, CI_PIPELINE_SOURCE: "schedule", CI_COMMIT_BRANCH: "main" })).toEqual(["drift"]);
  expect(started({ ...MAIN, CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "change" })).toEqual([]);
});

test("stages are in order, updates run one at a time, and what is kept is not for everybody", () => {
  expect(Object.values(jobs).map(({ stage }) => stage)).toEqual(stages);
  for (const stack of ["staging", "prod"])
    expect(jobs[stack]).toMatchObject({ resource_group: `ory-${stack}`, environment: stack });
  for (const { artifacts } of Object.values(jobs))
    if (artifacts) expect(artifacts).toMatchObject({ when: "always", access: "developer" });
  expect(all.before_script[0]).toContain(`--version ${dependencies.pulumi}`);
});

test("each command line of ours, here and in the page about it, is one that there is", () => {
  const page = readFileSync(join(ROOT, "docs/other-forges.md"), "utf8");
  expect(page).toContain("(../examples/gitlab/.gitlab-ci.yml)");
  const told = commandsOf(page);
  expect(told).toHaveLength(3);
  const run = Object.values(jobs).flatMap(({ script }) => commandsIn(script.join("\n")));
  expect(new Set(run.map(([verb]) => verb))).toEqual(new Set(["ci", "review", "drift"]));
  for (const words of [...told, ...run]) refuseUnknown(words);
});

describe("the scripts", () => {
  let repository: Repository;
  beforeEach(async () => {
    repository = await Repository.create();
  });
  afterEach(() => repository.remove());

  const at = (path: string): string => repository.at(path);
  const put = (files: Record<string, string>): Promise<void> => repository.put(files);
  const read = (path: string): Promise<string> => readFile(at(path), "utf8");
  const exists = (path: string): boolean => existsSync(at(path));
  const calls = async (): Promise<string> => (exists("calls") ? read("calls") : "");
  /** Changes the program, and tells the commit before. */
  const change = async (): Promise<string> => {
    const base = repository.git("rev-parse", "HEAD");
    await put({ "infra/main.ts": "new" });
    repository.commit();
    return base;
  };

  const run = (name: string, env: NodeJS.ProcessEnv = {}): Promise<StepRun> =>
    runStep(
      { run: jobs[name]!.script.join("\n") },
      repository.root,
      {},
      {
        ...{ PATH: `${at("bin")}:${process.env.PATH}`, ...variables, ...jobs[name]!.variables },
        ...env,
      },
    );
  const preview = async (stack: string, base: string, env: NodeJS.ProcessEnv = {}) => {
    await put({ "runner-temp/events.jsonl": previewEvents() });
    await rm(at("review"), { recursive: true, force: true });
    return run(`preview ${stack}`, {
      EVENTS: at("runner-temp/events.jsonl"),
      CI_COMMIT_BEFORE_SHA: base,
      ...env,
    });
  };

  test("of a merge request review what it concerns, a preview that fails as well", async () => {
    const base = await change();
    await put({ "runner-temp/events.jsonl": previewEvents() });
    const env = { EVENTS: at("runner-temp/events.jsonl"), CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
    expect(await run("review", env)).toMatchObject({ code: 0 });
    expect(await calls()).toBe("preview --stack staging --json expecting \n");
    expect(await read("review/staging.md")).toContain("a stolen session stays valid for longer");
    expect(await read("review/staging.html")).toContain("<!doctype html>");
    expect(exists("review/prod.jsonl")).toBe(false);

    await rm(at("review"), { recursive: true });
    expect(await run("review", { ...env, PULUMI_EXIT: "255" })).toMatchObject({ code: 1 });
    expect(exists("review/staging.html")).toBe(true);
    await rm(at("review"), { recursive: true });
    expect((await run("review", { ...env, CI_MERGE_REQUEST_DIFF_BASE_SHA: "no-commit" })).code).not.toBe(0);
  });

  test("apply what was merged, and expect what its preview has shown", async () => {
    const base = await change();
    expect(await preview("staging", base)).toMatchObject({ code: 0 });
    expect(await read("review/staging.html")).toContain("<!doctype html>");
    expect(await run("staging")).toMatchObject({ code: 0 });
    expect(await calls()).toBe(
      "preview --stack staging --json expecting \nup --stack staging --yes expecting kratos/shop=r1\n",
    );
    expect(await run("staging", { PULUMI_EXIT: "255" })).toMatchObject({ code: 255 });
  });

  test("leave alone what a merge does not concern; by hand, all is concerned", async () => {
    const base = await change();
    expect(await preview("prod", base)).toMatchObject({ code: 0 });
    expect(await run("prod")).toMatchObject({ code: 0 });
    expect(await calls()).toBe("");
    expect(await preview("prod", "0".repeat(40))).toMatchObject({ code: 0 });
    expect(await run("prod")).toMatchObject({ code: 0 });
    expect(await calls()).toContain("up --stack prod --yes expecting kratos/shop=r1\n");
  });

  test("apply nothing whose preview has failed, nor what cannot be told to be concerned", async () => {
    expect(await preview("staging", "0".repeat(40), { PULUMI_EXIT: "255" })).toMatchObject({ code: 1 });
    expect(exists("review/staging.html")).toBe(true);
    expect((await preview("staging", "no-commit")).code).not.toBe(0);
    expect(exists("review/staging.sh")).toBe(false);
  });

  test.each([
    ["0", 0],
    ["1", 1],
    ["2", 2],
  ])("tell of drift by how they end: %s", async (DRIFT_EXIT, code) => {
    await put({ "runner-temp/drift.md": "## Drift of `kratos/shop`\n" });
    const env = { STACK: "prod", DRIFT: at("runner-temp/drift.md"), DRIFT_EXIT };
    expect(await run("drift", env)).toMatchObject({ code });
    expect(await read("drift/prod.md")).toContain("## Drift of `kratos/shop`");
  });
});
