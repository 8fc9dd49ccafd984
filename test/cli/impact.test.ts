import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { type ManyIdentities, startManyIdentities } from "../impact/many-identities";
import { emailTrait, overlaid, schemaUrl } from "../kratos/config";
import { folderWith, pulumiOry, startPulumiOry } from "./pulumi-ory";

const COUNT = 2_000;
const BASE = {
  version: "v1.3.1",
  identity: { schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }) }) }] },
  courier: { smtp: { connection_uri: "smtps://user:very-secret-word@mail.shop.example" } },
};
const CODES = { selfservice: { methods: { code: { mfa_enabled: true } } } };

let dir: string;
let remove: () => Promise<void>;
let server: ManyIdentities;
/** Answers nothing from the page on that begins here. */
let silentFrom = Number.POSITIVE_INFINITY;
let silenced: () => void = () => undefined;
beforeAll(async () => {
  ({ dir, remove } = await folderWith({
    "before.yml": stringify(BASE),
    "after.yml": stringify(overlaid(BASE, CODES)),
    "off.yml": stringify(overlaid(BASE, { selfservice: { methods: { password: { enabled: false } } } })),
  }));
  server = await startManyIdentities(COUNT, ({ url = "" }) => {
    const token = /page_token=(\d+)/.exec(url)?.[1];
    const isSilent = token !== undefined && Number(token) >= silentFrom;
    if (isSilent) silenced();
    return isSilent;
  });
});
afterAll(async () => {
  await server?.close();
  await remove?.();
});

const impactOf = (after: string, ...more: string[]) => [
  ...["impact", "--before", "before.yml", "--after", after, "--admin-url", server.url],
  ...more,
];
const impact = (after: string, ...more: string[]) => pulumiOry(impactOf(after, ...more), { cwd: dir });

test("who is there is counted before and after, as a table and as data", async () => {
  const [text, json] = await Promise.all([impact("after.yml"), impact("after.yml", "--format", "json")]);
  expect(text).toMatchObject({ code: 0, stderr: "" });
  expect(text.stdout).toContain("2000 identities, 20 of them deactivated and not counted below\n");
  expect(text.stdout).toMatch(/^ {2}asked for a second factor +0 +1980 +1980$/m);
  const readme = readFileSync(join(__dirname, "../../README.md"), "utf8");
  const [, shown] = /```\n(\d+ identities.*?) {2}…\n```/s.exec(readme)!;
  expect(text.stdout).toContain(shown);
  expect(JSON.parse(json.stdout)).toMatchObject({
    identities: COUNT,
    of: { secondFactor: { before: 0, after: 1980, newly: 1980 }, lockedOut: { newly: 0 } },
  });
});

test("a change that locks somebody out has an exit code of its own", async () => {
  const { code, stdout } = await impact("off.yml");
  expect(stdout).toMatch(/^ {2}locked out +180 +1980 +1800$/m);
  expect(code).toBe(2);
});

test("an estimate says that it is one", async () => {
  const { stdout } = await impact("after.yml", "--sample", "500");
  expect(stdout).toContain("an estimate from 500 of 2000 identities, ");
});

test("a count that Ctrl-C cuts off goes on later, from a note that tells of nobody", async () => {
  const note = join(dir, "count.json");
  silentFrom = 1_000;
  const stuck = new Promise<void>((done) => {
    silenced = done;
  });
  const { child, done } = startPulumiOry(impactOf("after.yml", "--resume", note), { cwd: dir });
  await stuck;
  child.kill("SIGINT");
  expect(await done).toEqual({ code: 130, stdout: "", stderr: "" });
  expect(statSync(note).mode & 0o777).toBe(0o600);
  expect(readFileSync(note, "utf8")).not.toMatch(/@|\+49|secret/);

  silentFrom = Number.POSITIVE_INFINITY;
  const other = await impact("off.yml", "--resume", note);
  expect(other).toMatchObject({ code: 1, stdout: "" });
  expect(other.stderr).toMatch(/^error: .*another change, start anew\n$/);
  server.calls.length = 0;
  const { code, stdout } = await impact("after.yml", "--resume", note);
  expect(stdout).toMatch(/^ {2}asked for a second factor +0 +1980 +1980$/m);
  expect(server.calls.some((url) => url.includes("page_token=1000"))).toBe(true);
  expect(server.calls.some((url) => url.includes("page_token=500"))).toBe(false);
  expect(code).toBe(0);
  expect(existsSync(note)).toBe(false);
});

test.each([
  [
    "no Admin API",
    ["--before", "before.yml", "--after", "after.yml"],
    /^error: cannot list identities: name .*\n$/,
  ],
  ["no config", ["--before", "before.yml"], /^error: required option '--after <names...>' not specified\n/],
  [
    "no number",
    ["--before", "before.yml", "--after", "after.yml", "--sample", "x"],
    /^error: --sample x is no number of identities; .*\n$/,
  ],
])("%s is one clear error", async (_what, args, message) => {
  const { code, stdout, stderr } = await pulumiOry(["impact", ...args], { cwd: dir });
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});
