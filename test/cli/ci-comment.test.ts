import { CiScene } from "./ci-scene";
import { BOT } from "./fake-forge";

let scene: CiScene;
beforeEach(async () => {
  scene = await CiScene.create();
});
afterEach(() => scene.remove());

const FIRST = "<!-- pulumi-ory: review prod -->\n";
const say = (file: string, ...more: string[]) => [
  ...["comment", "--pull-request", "7", "--marker", "review prod", "--body-file", file],
  ...more,
];

test("a comment is made once, then changed in place, then left as it is, then taken away", async () => {
  const { forge } = scene;
  const body = await scene.file("body.md", "**first**\n");
  expect(await scene.ci(say(body))).toEqual({
    code: 0,
    stdout: "comment: made, https://forge.example/c/1000\n",
    stderr: "",
  });
  expect(forge.comments).toMatchObject([{ id: 1000, body: `${FIRST}**first**\n`, user: { login: BOT } }]);
  await scene.file("body.md", "**second**\n");
  expect((await scene.ci(say(body, "--json"))).stdout).toBe(
    '{"outcome":"updated","url":"https://forge.example/c/1000"}\n',
  );
  expect(forge.comments).toMatchObject([{ id: 1000, body: `${FIRST}**second**\n` }]);
  forge.calls = [];
  // As GitHub gives back what came from a browser.
  forge.comments[0]!.body = `${FIRST}**second**`.replaceAll("\n", "\r\n");
  expect((await scene.ci(say(body))).stdout).toContain("up to date already");
  expect(forge.calls).toEqual(["GET /issues/7/comments?per_page=100"]);
  const remove = ["comment", "--pull-request", "7", "--marker", "review prod", "--remove"];
  expect((await scene.ci(remove)).stdout).toContain("comment: gone now");
  expect((await scene.ci(remove)).stdout).toBe("comment: not there, and not needed\n");
  expect(forge.comments).toEqual([]);
});

test("it is found on the third page, and others' comments stay as they are", async () => {
  const { forge } = scene;
  for (let index = 0; index < 250; index++) forge.commentBy("ana", `comment ${index}`);
  const mine = forge.commentBy(BOT, `${FIRST}old\n`);
  const copied = forge.commentBy("mallory", `${FIRST}🟢 nothing changes\n`);
  const other = forge.commentBy(BOT, "<!-- pulumi-ory: review prod-eu -->\nanother stack\n");
  const elsewhere = forge.commentBy(BOT, `${FIRST}another pull request\n`, 8);
  const before = structuredClone([copied, other, elsewhere]);
  expect(await scene.ci(say(await scene.file("b.md", "new")))).toMatchObject({ code: 0 });
  expect(mine.body).toBe(`${FIRST}new\n`);
  expect([copied, other, elsewhere]).toEqual(before);
  expect(forge.comments).toHaveLength(254);
  expect(forge.calls.filter((call) => call.startsWith("GET"))).toHaveLength(3);
});

test("two markers are two comments", async () => {
  const body = await scene.file("b.md", "text");
  for (const stack of ["staging", "prod", "staging", "prod"])
    await scene.ci([
      ...["comment", "--pull-request", "7", "--marker", `review ${stack}`, "--body-file", body],
    ]);
  expect(scene.forge.comments.map((one) => one.body.split("\n")[0])).toEqual([
    "<!-- pulumi-ory: review staging -->",
    "<!-- pulumi-ory: review prod -->",
  ]);
});

test("runs at the same time leave one comment, with what one of them says", async () => {
  const { forge } = scene;
  forge.delay = () => Math.random() * 60;
  forge.meetingOf(4, /^GET .*comments/);
  const files = await Promise.all([1, 2, 3, 4].map((index) => scene.file(`${index}.md`, `by run ${index}`)));
  const runs = await Promise.all(files.map((file) => scene.ci(say(file))));
  expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    files.map(() => ({ code: 0, stderr: "" })),
  );
  expect(forge.comments).toHaveLength(1);
  expect(forge.comments[0]!.body).toMatch(/^<!-- pulumi-ory: review prod -->\nby run \d\n$/);
  expect(forge.calls.filter((call) => call.startsWith("POST"))).toHaveLength(4);
});

test("of several, the oldest stays", async () => {
  const { forge } = scene;
  const [oldest] = ["a", "b", "c"].map((text) => forge.commentBy(BOT, FIRST + text));
  await scene.ci(say(await scene.file("b.md", "d")));
  expect(forge.comments).toEqual([oldest]);
  expect(oldest!.body).toBe(`${FIRST}d\n`);
});

test("a comment that somebody removes meanwhile is made again", async () => {
  const { forge } = scene;
  forge.commentBy(BOT, `${FIRST}old`);
  forge.faults.push({ method: "PATCH", path: /comments/, status: 404 });
  forge.faults.push({ method: "GET", path: /page=100/, status: 200, body: forge.comments });
  forge.comments = [];
  expect((await scene.ci(say(await scene.file("b.md", "new")))).stdout).toContain("made");
  expect(forge.comments).toMatchObject([{ body: `${FIRST}new\n` }]);
});

describe("what a forge refuses or loses", () => {
  test("is called again where it was lost or limited, without a second comment", async () => {
    const { forge } = scene;
    const body = await scene.file("b.md", "text");
    const limit = { message: "You have exceeded a secondary rate limit. Please wait." };
    forge.faults.push(
      { method: "GET", path: /comments/, status: 502 },
      { method: "GET", path: /comments/, status: 403, body: limit, headers: { "retry-after": "1" } },
      { method: "POST", path: /comments/, status: 429, headers: { "retry-after": "0" } },
      { method: "POST", path: /comments/, status: 502, carriesOut: true },
    );
    expect(await scene.ci(say(body))).toMatchObject({ code: 0, stderr: "" });
    expect(forge.comments).toHaveLength(1);
    expect(forge.faults).toEqual([]);
    // The one that was limited, and the one that was lost but carried out.
    expect(forge.calls.filter((call) => call.startsWith("POST"))).toHaveLength(2);
    forge.faults.push({ method: "POST", path: /issues.8/, status: 500 });
    await scene.ci(["comment", "--pull-request", "8", "--marker", "m", "--body-file", body]);
    expect(forge.comments.map(({ issue }) => issue)).toEqual([7, 8]);
  });

  test.each([
    [403, { message: "Resource not accessible by integration" }, /permissions/],
    [401, { message: "Bad credentials" }, /token/],
    [404, { message: "Not Found" }, /acme\/identity/],
    [422, { message: "Validation Failed", errors: [{ message: "Body is odd" }] }, /Body is odd/],
    [500, { message: "x".repeat(10_000) }, /answers 500 \(x{300}\)/],
  ])("is told after %d, in one line", async (status, body, expected) => {
    for (let times = 0; times < 9; times++)
      scene.forge.faults.push({ method: "POST", path: /./, status, body });
    const { code, stdout, stderr } = await scene.ci(say(await scene.file("b.md", "text")));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error: cannot comment on pull request 7: http:\/\/127.0.0.1:\d+ answers .*\n$/);
    expect(stderr).toMatch(expected);
    expect(scene.forge.comments).toEqual([]);
  });

  test("is not waited for where it takes too long", async () => {
    const reset = String(Math.floor(Date.now() / 1_000) + 3_000);
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    scene.forge.faults.push({ method: "GET", path: /./, status: 403, headers });
    const { code, stderr } = await scene.ci(say(await scene.file("b.md", "text")));
    expect({ code, calls: scene.forge.calls.length }).toEqual({ code: 1, calls: 1 });
    expect(stderr).toContain("limits how much is called: run the job again later");
    scene.forge.faults.push({ method: "GET", path: /./, status: 503, headers: { "retry-after": "3600" } });
    expect((await scene.ci(say(await scene.file("b.md", "text")))).stderr).toContain("answers 503");
  });

  test("is told where there is no forge at all, and what it says is neither obeyed nor shows the token", async () => {
    const body = await scene.file("b.md", "text");
    const gone = await scene.ci(say(body), { GITHUB_API_URL: "http://127.0.0.1:1" });
    expect(gone).toMatchObject({ code: 1 });
    expect(gone.stderr).toContain("http://127.0.0.1:1 does not answer (ECONNREFUSED), check GITHUB_API_URL");
    const message = `\u001b[2J\n::set-env name=A::b ${scene.forge.env.GITHUB_TOKEN}`;
    scene.forge.faults.push({ method: "GET", path: /./, status: 400, body: { message } });
    const { stderr } = await scene.ci(say(body));
    expect(stderr).toContain("(\\u001b[2J ::set-env name=A::b [secret])");
    expect(stderr.trimEnd()).not.toContain("\n");
  });

  test("sends the token to no other server that a page names", async () => {
    const headers = { link: '<http://attacker.invalid/x>; rel="next"' };
    scene.forge.faults.push({ method: "GET", path: /./, status: 200, body: [], headers });
    expect(await scene.ci(say(await scene.file("b.md", "text")))).toMatchObject({ code: 0 });
  });
});

test("a body that is too long is shortened at a line, code blocks ended", async () => {
  const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index} of what was found`);
  const body = await scene.file("b.md", `# All\n\n\`\`\`text\n${lines.join("\n")}\n\`\`\`\n`);
  expect(await scene.ci(say(body, "--url", "https://ci.example/run/1"))).toMatchObject({ code: 0 });
  const [{ body: said } = { body: "" }] = scene.forge.comments;
  expect(said.length).toBeLessThanOrEqual(65_536);
  expect(said.length).toBeGreaterThan(60_000);
  expect(said).toMatch(
    /line \d+ of what was found\n```\n\n_\d+ more lines are not shown here. \[All of it\]\(<https:\/\/ci\.example\/run\/1>\)_\n$/,
  );
});

test("a token that writes as somebody else leaves nothing, and is told how", async () => {
  scene.forge.login = "my-app[bot]";
  const body = await scene.file("b.md", "text");
  const { code, stderr } = await scene.ci(say(body));
  expect(code).toBe(1);
  expect(stderr).toContain('add --author "my-app[bot]"');
  expect(scene.forge.comments).toEqual([]);
  expect(await scene.ci(say(body, "--author", "my-app[bot]"))).toMatchObject({ code: 0 });
});

test.each([
  [["comment", "--marker", "m", "--remove"], {}, "which pull request?"],
  [["comment", "--pull-request", "7", "--marker", "m"], {}, "what is the comment to say?"],
  [["comment", "--pull-request", "x", "--marker", "m", "--remove"], {}, "write it as 7"],
  [["comment", "--pull-request", "7", "--marker", "a --> b", "--remove"], {}, "single hyphens"],
  [
    ["comment", "--pull-request", "7", "--marker", "m", "--remove"],
    { GITHUB_TOKEN: "" },
    "GITHUB_TOKEN is not set",
  ],
  [
    ["comment", "--pull-request", "7", "--marker", "m", "--remove"],
    { GITHUB_REPOSITORY: "../.." },
    "owner/name",
  ],
  [
    ["comment", "--pull-request", "7", "--marker", "m", "--remove"],
    { GITHUB_API_URL: "x" },
    "GITHUB_API_URL",
  ],
])("what is told wrongly is said: %j %j", async (args, env, expected) => {
  const { code, stderr } = await scene.ci(args, env);
  expect(code).toBe(1);
  expect(stderr).toContain(expected);
  expect(scene.forge.calls).toEqual([]);
});
