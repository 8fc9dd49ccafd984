import { cpSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IMPACT } from "./hostile";
import { folderWith, pulumiOry } from "./pulumi-ory";

const SCENE = join(__dirname, "../fixtures/review");
const PAGE = readFileSync(join(__dirname, "../../docs/review-a-change.md"), "utf8");
const SECRETS = /very-secret-word|first-api-key|second-api-key/;

let dir: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ dir, remove } = await folderWith({ "impact.json": JSON.stringify(IMPACT), "other.json": "{}" }));
  cpSync(SCENE, dir, { recursive: true });
});
afterAll(() => remove?.());

const review = (...args: string[]) => pulumiOry(["review", ...args], { cwd: dir });
const FILES = ["--before", "kratos.yml", "--after", "new.yml"];

test("two files: one sentence that everybody understands, texts compared, secrets told as changed", async () => {
  const { code, stdout, stderr } = await review(...FILES);
  expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
  const [, sample] = /```\n(## .*?)```/s.exec(PAGE)!;
  expect(stdout).toContain(sample);
  expect(stdout).toContain('-   text: ctx.body,\n+   text: "Shop: " + ctx.body,\n');
  expect(stdout).toContain("request_config/auth/config/value`, **neutral**\n\n_a secret changes_\n");
  expect(stdout).toContain('c0a0n0["password"] --> c0a0n1["code by e-mail"] --> c0a0n2');
  expect(stdout).not.toMatch(SECRETS);
});

test("JSON is what the page says; the page of HTML is written beside it", async () => {
  const { code, stdout } = await review(...FILES, "--json", "--impact", "impact.json", "--html", "out.html");
  expect(code).toBe(2);
  const { version, verdict, changes, plans, impact } = JSON.parse(stdout);
  expect({ version, level: verdict.level, changes }).toEqual({ version: 1, level: "refused", changes: 5 });
  expect(verdict.text).toContain("(2 of 2000 people)");
  expect(impact).toEqual(IMPACT);
  expect(plans[0].changes[0]).toMatchObject({
    path: "/selfservice/methods/code/mfa_enabled",
    area: "Signing in",
  });
  expect(plans[0].journeys[0]).toMatchObject({ who: ["e-mail only"], before: "password → signed in" });
  for (const name of [...Object.keys(plans[0]), ...Object.keys(plans[0].changes[0])])
    expect({
      name,
      isTold: PAGE.includes(`\`${name}\``),
    }).toEqual({ name, isTold: true });
  const html = readFileSync(join(dir, "out.html"), "utf8");
  expect(html).toContain("everybody will also be asked for");
  expect(html + stdout).not.toMatch(SECRETS);
});

test("what nobody can consent to comes first, and then no consent is offered", async () => {
  const both = readFileSync(join(dir, "new.yml"), "utf8").replace(
    "mfa_enabled: true",
    "mfa_enabled: true, passwordless_enabled: true",
  );
  await writeFile(join(dir, "both.yml"), both);
  const { stdout } = await review("--before", "kratos.yml", "--after", "both.yml");
  expect(stdout).toContain("Refused by the rules: `mfa_enabled` and `passwordless_enabled` are both true\n");
  expect(stdout).toContain("`mfa-forces-everyone`");
  expect(stdout).not.toContain("To go ahead nevertheless");
  const { stdout: offered } = await review("--before", "kratos.yml", "--after", "new.yml");
  expect(offered).toContain("To go ahead nevertheless");
  const page = (await review("--before", "kratos.yml", "--after", "both.yml", "--format", "html")).stdout;
  expect(page).toContain("<p><code>mfa_enabled</code> and <code>passwordless_enabled</code> are both true");
});

test("nothing changes: it says so, and ends with 0", async () => {
  for (const format of ["markdown", "html", "json"]) {
    const { code, stdout } = await review(
      "--before",
      "kratos.yml",
      "--after",
      "kratos.yml",
      "--format",
      format,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("Nothing changes") });
  }
});

test("a smaller size leaves out the least important, and says where the rest is", async () => {
  const url = "https://ci.example/review.html";
  const long = Array.from({ length: 400 }, (_, line) => `  field${line}: ctx.recipient,`).join("\n");
  await writeFile(join(dir, "long.jsonnet"), `function(ctx) {\n${long}\n}\n`);
  await writeFile(
    join(dir, "long.yml"),
    readFileSync(join(dir, "new.yml"), "utf8").replace("sms-new.jsonnet", "long.jsonnet"),
  );
  const args = ["--before", "kratos.yml", "--after", "long.yml", "--html-url", url];
  const { stdout } = await review(...args, "--max-size", "8000");
  expect(stdout.length).toBeLessThanOrEqual(8_000);
  expect(stdout).toMatch(/@@ 39\d more lines are not shown here @@\n```\n/);
  expect(stdout).toContain(`[The whole review](<${url}>) has everything.`);
  expect(stdout).toContain("/session/lifespan`, **weakening**");
  expect((await review(...args)).stdout).toContain("+   field399: ctx.recipient,");
});

test.each([
  [[], "name one thing to review"],
  [["--before", "kratos.yml"], "name what is after: --after <files>, or --after-stack <name>"],
  [["nope.jsonl"], "cannot read nope.jsonl: there is no such file"],
  [["kratos.yml"], "these are no events of the engine; run PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true"],
  [[...FILES, "--max-size", "10"], "write a whole number of characters, 8000 or more"],
  [[...FILES, "--html-url", "javascript:alert(1)"], "write it as https://ci.example/review.html"],
  [[...FILES, "--impact", "other.json"], "cannot read other.json: it holds no counts"],
  [[...FILES, "--html", "no/such/out.html"], "cannot write no/such/out.html"],
])("%j is told, and nothing is written", async (args, message) => {
  const { code, stdout, stderr } = await review(...args);
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: "", stderr: expect.stringContaining(message) });
});

describe("the page of docs", () => {
  const commands = [...PAGE.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block]) => block!.trim().split("\n"));
  test("names only options that there are", async () => {
    const { stdout } = await review("--help");
    const options = commands.flatMap((line) =>
      line.startsWith("pulumi-ory review") ? (line.match(/--[a-z-]+/g) ?? []) : [],
    );
    expect(options.length).toBeGreaterThan(8);
    for (const option of options) expect(stdout).toContain(`${option}`);
  });
  test.each(commands.filter((line) => /--before kratos\.yml/.test(line)))("%s", async (line) => {
    expect((await pulumiOry(line.split(" ").slice(1), { cwd: dir })).code).toBe(2);
  });
});
