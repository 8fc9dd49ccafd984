import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CiScene } from "./ci-scene";

let scene: CiScene;
let folder: string;
beforeEach(async () => {
  scene = await CiScene.create();
  const body = await scene.file("told.txt", "to promote:\n  sms.url: ``` <b>@all\n");
  folder = dirname(body);
  await mkdir(join(folder, "stacks"));
  scene.forge.branch("main", { "README.md": "read", "stacks/Pulumi.prod.yaml": "old" });
});
afterEach(() => scene.remove());

const propose = async (text: string, ...more: string[]) => {
  await scene.file("stacks/Pulumi.prod.yaml", text);
  return scene.ci([
    ...["pull-request", "--branch", "promote/prod", "--base", "main", "--title", "Promote"],
    ...["--body-file", join(folder, "told.txt"), "--from", folder, "stacks/Pulumi.prod.yaml", ...more],
  ]);
};

test("one pull request proposes the file, as one commit on what it is for", async () => {
  const { forge } = scene;
  expect(await propose("new", "--code")).toEqual({
    code: 0,
    stdout: "pull request: made, https://forge.example/p\n",
    stderr: "",
  });
  expect(forge.pulls).toMatchObject([{ title: "Promote", head: { ref: "promote/prod" }, state: "open" }]);
  expect(forge.pulls[0]!.body).toBe("````text\nto promote:\n  sms.url: ``` <b>@all\n````\n\n");
  expect(forge.filesOf("promote/prod")).toEqual({ "README.md": "read", "stacks/Pulumi.prod.yaml": "new" });
  const commit = forge.commits.get(forge.refs.get("promote/prod")!)!;
  expect(commit).toMatchObject({ parents: [forge.refs.get("main")], message: "Promote" });
});

test("again, it changes nothing; with other files, or when the base has moved, the same pull request", async () => {
  const { forge } = scene;
  await propose("new");
  const first = forge.refs.get("promote/prod");
  expect((await propose("new")).stdout).toContain("up to date already");
  expect(forge.refs.get("promote/prod")).toBe(first);
  await propose("newer");
  expect(forge.filesOf("promote/prod")["stacks/Pulumi.prod.yaml"]).toBe("newer");
  forge.branch("main", { "README.md": "more", "stacks/Pulumi.prod.yaml": "old" });
  await propose("newer");
  expect(forge.filesOf("promote/prod")).toEqual({ "README.md": "more", "stacks/Pulumi.prod.yaml": "newer" });
  expect(forge.commits.get(forge.refs.get("promote/prod")!)!.parents).toEqual([forge.refs.get("main")]);
  expect(forge.pulls).toHaveLength(1);
});

test("what the base has already is not proposed", async () => {
  expect((await propose("old")).stdout).toBe("pull request: not there, and not needed\n");
  expect(scene.forge.pulls).toEqual([]);
  expect(scene.forge.refs.has("promote/prod")).toBe(false);
});

test("runs at the same time leave one pull request", async () => {
  scene.forge.delay = () => Math.random() * 40;
  scene.forge.meetingOf(3, /^GET .*pulls/);
  const runs = await Promise.all([1, 2, 3].map(() => propose("new")));
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(scene.forge.pulls).toHaveLength(1);
});

test("where pipelines may make none, what GitHub says of it is told", async () => {
  const message = "GitHub Actions is not permitted to create or approve pull requests.";
  scene.forge.faults.push({ method: "POST", path: /pulls/, status: 403, body: { message } });
  const { code, stderr } = await propose("new");
  expect(code).toBe(1);
  expect(stderr).toContain(`answers 403 (${message})`);
});
