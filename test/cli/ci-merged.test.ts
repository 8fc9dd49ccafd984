import { CiScene } from "./ci-scene";
import { BOT, type Pull, REPOSITORY } from "./fake-forge";

let scene: CiScene;
beforeEach(async () => {
  scene = await CiScene.create();
});
afterEach(() => scene.remove());

const MERGE = "a".repeat(40);
const HEAD = "b".repeat(40);
const expected = () => scene.ci(["expected-revision", "--commit", MERGE, "--marker", "review prod"]);
const merged = (more: Partial<Pull> = {}) =>
  scene.forge.pullOf("change", {
    ...{ state: "closed", merged_at: "2026-11-01T00:00:00Z", merge_commit_sha: MERGE },
    head: { ref: "change", sha: HEAD, repo: { full_name: REPOSITORY } },
    ...more,
  });
const reviewed = (note: object | string, login = BOT) =>
  scene.forge.commentBy(
    login,
    `<!-- pulumi-ory: review prod -->\ntext\n\n<!-- pulumi-ory note: ${typeof note === "string" ? note : JSON.stringify(note)} -->\n`,
  );

test("the revision that a merged pull request was reviewed for is printed, beyond the first page, too", async () => {
  merged();
  for (let index = 0; index < 120; index++) scene.forge.commentBy("ana", "a comment");
  reviewed({ commit: HEAD, expected: "kratos/shop=0123abc,network/3f0c=r2" });
  expect(await expected()).toEqual({ code: 0, stdout: "kratos/shop=0123abc,network/3f0c=r2\n", stderr: "" });
});

test("a review of what was not there before names none, which is said", async () => {
  merged();
  reviewed({ commit: HEAD });
  expect(await expected()).toMatchObject({
    code: 0,
    stdout: "",
    stderr: expect.stringContaining("any is accepted"),
  });
});

test.each<[string, () => void, string]>([
  ["a push without a pull request", () => {}, "is no merge of a pull request"],
  ["another merge", () => merged({ merge_commit_sha: "f".repeat(40) }), "is no merge of a pull request"],
  ["one that was closed only", () => merged({ merged_at: null }), "is no merge of a pull request"],
  ["no review", () => merged(), 'has no review "review prod" by github-actions[bot]'],
  [
    "a review by somebody else",
    () => {
      merged();
      reviewed({ commit: HEAD, expected: "kratos/shop=x" }, "mallory");
    },
    "has no review",
  ],
  [
    "a review of an earlier commit",
    () => {
      merged();
      reviewed({ commit: "c".repeat(40), expected: "kratos/shop=x" });
    },
    `was merged at ${HEAD}, but its review is of ${"c".repeat(40)}`,
  ],
  [
    "a preview that failed",
    () => {
      merged();
      reviewed({ commit: HEAD, failed: true });
    },
    "the preview of pull request 7 has failed",
  ],
  [
    "a revision that would become another output of a step",
    () => {
      merged();
      reviewed({ commit: HEAD, expected: "kratos/shop=x\nstacks=[]" });
    },
    "names no revision that can be used",
  ],
  [
    "a note that is none",
    () => {
      merged();
      reviewed("{broken}");
    },
    "has no review",
  ],
])("%s prints nothing, and fails", async (_, arrange, why) => {
  arrange();
  const { code, stdout, stderr } = await expected();
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(why);
  expect(stderr).toContain("review the stack again, and run the deployment by hand");
});

test("a commit is named in whole", async () => {
  const { code, stderr } = await scene.ci(["expected-revision", "--commit", "main", "--marker", "m"]);
  expect(code).toBe(1);
  expect(stderr).toContain("write the whole of it");
});
