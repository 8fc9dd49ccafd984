import { CiScene } from "./ci-scene";
import { BOT } from "./fake-forge";

let scene: CiScene;
beforeEach(async () => {
  scene = await CiScene.create();
});
afterEach(() => scene.remove());

const FIRST = "<!-- pulumi-ory: drift prod -->\n";
const keep = async (text: string, ...more: string[]) =>
  scene.ci([
    ...["issue", "--marker", "drift prod", "--title", "Drift of prod"],
    ...["--body-file", await scene.file("drift.md", text), ...more],
  ]);
const open = () => scene.forge.issues.filter(({ state }) => state === "open");

test("one issue is opened, brought up to date, closed, and another one opened when it comes back", async () => {
  const { forge } = scene;
  expect((await keep("")).stdout).toBe("issue: not there, and not needed\n");
  expect((await keep("one setting\n")).stdout).toBe("issue: made, https://forge.example/i/1000\n");
  expect(open()).toMatchObject([{ title: "Drift of prod", body: `${FIRST}one setting\n` }]);
  expect((await keep("one setting\n")).stdout).toContain("up to date already");
  expect((await keep("two settings\n")).stdout).toContain("brought up to date");
  expect(forge.issues).toMatchObject([{ body: `${FIRST}two settings\n`, state: "open" }]);
  expect((await keep("\n")).stdout).toBe("issue: gone now, https://forge.example/i/1000\n");
  expect(forge.issues).toMatchObject([{ id: 1000, state: "closed" }]);
  expect(await keep("again\n", "--json")).toMatchObject({
    code: 0,
    stdout: '{"outcome":"created","url":"https://forge.example/i/1001"}\n',
  });
  expect(open()).toMatchObject([{ id: 1001 }]);
});

test("it is found on the third page; others' issues and pull requests stay as they are", async () => {
  const { forge } = scene;
  for (let index = 0; index < 230; index++) forge.issueBy("ana", `issue ${index}`);
  const mine = forge.issueBy(BOT, `${FIRST}old`, { title: "Drift of prod" });
  const others = [
    forge.issueBy("mallory", `${FIRST}copied`),
    forge.issueBy(BOT, `${FIRST}a pull request`, { pull_request: {} }),
    forge.issueBy(BOT, "<!-- pulumi-ory: drift staging -->\nanother stack"),
  ];
  const before = JSON.stringify(others);
  expect(await keep("new")).toMatchObject({ code: 0, stderr: "" });
  expect(mine).toMatchObject({ body: `${FIRST}new\n`, state: "open" });
  await keep("");
  expect(mine.state).toBe("closed");
  expect(JSON.stringify(others)).toBe(before);
});

test("runs at the same time leave one issue open", async () => {
  scene.forge.delay = () => Math.random() * 60;
  scene.forge.meetingOf(3, /^GET .*issues/);
  const runs = await Promise.all([1, 2, 3].map(() => keep("drift")));
  expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    runs.map(() => ({ code: 0, stderr: "" })),
  );
  expect(open()).toHaveLength(1);
});

test("an issue whose making was answered with an error is not made twice", async () => {
  scene.forge.faults.push({ method: "POST", path: /issues/, status: 504, carriesOut: true });
  expect(await keep("drift")).toMatchObject({ code: 0 });
  expect(scene.forge.issues).toHaveLength(1);
});

test("more than fits is shortened, with a word about where all of it is", async () => {
  expect(
    await keep("- a setting that has changed\n".repeat(4_000), "--url", "https://ci.example/1"),
  ).toMatchObject({
    code: 0,
  });
  expect(open()[0]!.body).toMatch(
    /_\d+ more lines are not shown here. \[All of it\]\(<https:\/\/ci.example\/1>\)_\n$/,
  );
});

test("where issues are switched off, that is said, and nothing else", async () => {
  const message = "Issues has been disabled in this repository.";
  scene.forge.faults.push({ method: "GET", path: /issues/, status: 410, body: { message } });
  const { code, stderr } = await keep("drift");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: cannot keep the issue "Drift of prod": .* answers 410 \(Issues has been disabled/,
  );
});
