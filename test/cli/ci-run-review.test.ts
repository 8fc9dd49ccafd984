import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { CiScene, previewEvents } from "./ci-scene";
import { REPOSITORY } from "./fake-forge";

let scene: CiScene;
beforeEach(async () => {
  scene = await CiScene.create();
});
afterEach(() => scene.remove());

describe("the review of a run that has ended", () => {
  const COMMIT = "c".repeat(40);
  const event = (more: object = {}) =>
    scene.file(
      "event.json",
      JSON.stringify({
        workflow_run: {
          ...{ event: "pull_request", head_sha: COMMIT, head_branch: "longer-sessions" },
          ...{ head_repository: { full_name: REPOSITORY }, html_url: "https://forge.example/runs/1" },
          ...more,
        },
      }),
    );
  const head = { ref: "longer-sessions", sha: COMMIT, repo: { full_name: REPOSITORY } };
  const review = async (preview: string, ...more: string[]) =>
    scene.ci([
      ...["comment", "--event", await event(), "--marker", "review prod"],
      ...["--preview", await scene.file("prod.jsonl", preview), ...more],
    ]);

  test("comes to its pull request, with the commit, and the revision for the deployment", async () => {
    scene.forge.pullOf("longer-sessions", { number: 12, head });
    expect(await review(previewEvents())).toMatchObject({ code: 0, stderr: "" });
    const [{ issue, body } = { issue: 0, body: "" }] = scene.forge.comments;
    expect(issue).toBe(12);
    expect(body).toContain("a stolen session stays valid for longer");
    expect(body).toContain("[The whole review](<https://forge.example/runs/1>)");
    expect(body).toContain(`_Of commit ${COMMIT}._`);
    const note = /<!-- pulumi-ory note: (.*) -->\n$/.exec(body)![1]!;
    expect(JSON.parse(note)).toEqual({ commit: COMMIT, expected: "kratos/shop=r1" });
  });

  test("is told to have failed where there was no plan, without what the log masks", async () => {
    scene.forge.pullOf("longer-sessions", { number: 12, head });
    const failed = { sequence: 0, diagnosticEvent: { severity: "error", message: "smtp://u:canary@x" } };
    await review(`${JSON.stringify(failed)}\n${JSON.stringify({ sequence: 1, summaryEvent: {} })}`);
    const [{ body } = { body: "" }] = scene.forge.comments;
    expect(body).toContain("## ⛔ The preview failed, so there is nothing to review");
    expect(body).not.toContain("canary");
    expect(body).toContain('"failed":true');
  });

  test("goes nowhere once the pull request has moved on or is closed", async () => {
    const pull = scene.forge.pullOf("longer-sessions", { head: { ...head, sha: "d".repeat(40) } });
    for (const more of [[], ["--pull-request", "7"]]) {
      const { code, stdout } = await review(previewEvents(), ...more);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: "comment: left as it is: the pull request is closed, or at another commit by now\n",
      });
    }
    Object.assign(pull, { head, state: "closed" });
    expect((await review(previewEvents(), "--pull-request", "7")).stdout).toContain("left as it is");
    expect(scene.forge.comments).toEqual([]);
  });

  test("goes to no pull request that the run only claims", async () => {
    const fork = { ...head, repo: { full_name: "mallory/identity" } };
    scene.forge.pullOf("longer-sessions", { number: 12, head });
    scene.forge.pullOf("longer-sessions", { number: 13, head: fork });
    const { code, stderr } = await review(previewEvents(), "--pull-request", "13");
    expect(code).toBe(1);
    expect(stderr).toContain("pull request 13 is none of acme/identity");
    expect(scene.forge.comments).toEqual([]);
  });

  test("needs the number where two pull requests are of one branch", async () => {
    scene.forge.pullOf("longer-sessions", { number: 12, head });
    scene.forge.pullOf("longer-sessions", { number: 13, head });
    expect((await review(previewEvents())).stderr).toContain("name one with --pull-request");
    expect(await review(previewEvents(), "--pull-request", "13")).toMatchObject({ code: 0 });
    expect(scene.forge.comments).toMatchObject([{ issue: 13 }]);
  });

  test("is not read from a link, from what is no text, or from an event of another kind", async () => {
    scene.forge.pullOf("longer-sessions", { number: 12, head });
    const args = async (file: string) => [
      "comment",
      "--event",
      await event(),
      "--marker",
      "m",
      "--preview",
      file,
    ];
    const real = await scene.file("real.jsonl", previewEvents());
    const link = join(real, "../link.jsonl");
    await symlink(real, link);
    expect((await scene.ci(await args(link))).stderr).toContain("link.jsonl: it is a link");
    const bytes = await scene.file("bytes.jsonl", new Uint8Array([0xff, 0xfe, 0x00]));
    expect((await scene.ci(await args(bytes))).stderr).toContain("it is no text in UTF-8");
    expect((await scene.ci(await args(join(real, "..")))).stderr).toContain("it is no file");
    await event({ event: "push" });
    const pushed = ["comment", "--event", join(real, "../event.json"), "--marker", "m", "--preview", real];
    expect((await scene.ci(pushed)).stderr).toContain(
      "is no event `workflow_run` of a run for a pull request",
    );
    expect(scene.forge.comments).toEqual([]);
  });
});
