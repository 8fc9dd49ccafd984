import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pulumiOry } from "./pulumi-ory";

const PROMOTED = "config:\n  shop:promotion:\n    from: staging\n";
const FREE = "config:\n  shop:raw: {}\n";

let root: string;
let base: string;
const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...args], {
    cwd: root,
    encoding: "utf8",
  }).trim();
const put = async (files: Record<string, string>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  git("add", "-A");
  git("commit", "-qm", "a change");
};
const affected = (...args: string[]) =>
  pulumiOry(["ci", "affected", "--base", base, "staging", "prod", ...args], { cwd: join(root, "identity") });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "affected-"));
  git("init", "-q");
  await put({
    "package-lock.json": "{}",
    "identity/Pulumi.yaml": "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n",
    "identity/infra/main.ts": "",
    "identity/stacks/Pulumi.staging.yaml": FREE,
    "identity/stacks/Pulumi.prod.yaml": PROMOTED,
  });
  base = git("rev-parse", "HEAD");
});
afterEach(() => rm(root, { recursive: true, force: true }));

test.each<[Record<string, string>, string]>([
  [{ "identity/infra/main.ts": "new" }, "staging\n"],
  [{ "package-lock.json": "new" }, "staging\n"],
  [{ "identity/stacks/Pulumi.staging.yaml": `${FREE}# new\n` }, "staging\n"],
  [{ "identity/stacks/Pulumi.prod.yaml": `${PROMOTED}# new\n` }, "prod\n"],
  [{ "identity/stacks/prod.rollback.yaml": "x" }, "prod\n"],
  [{ "identity/stacks/Pulumi.prod.yaml": `${PROMOTED}# new\n`, "identity/a\nb": "" }, "staging\nprod\n"],
])("with a stack that another one must prove for: %j concerns %j", async (files, expected) => {
  await put(files);
  expect(await affected()).toEqual({ code: 0, stdout: expected, stderr: "" });
});

test("without, all but another's own file concerns it; nothing concerns nothing", async () => {
  expect((await affected("--json")).stdout).toBe("[]\n");
  await put({ "identity/stacks/Pulumi.prod.yaml": FREE });
  base = git("rev-parse", "HEAD");
  await put({ "identity/infra/main.ts": "new" });
  expect((await affected("--json")).stdout).toBe('["staging","prod"]\n');
  await put({ "identity/infra/main.ts": "" });
  await put({ "identity/stacks/Pulumi.staging.yaml": `${FREE}# new\n` });
  expect((await affected()).stdout).toBe("staging\n");
});

test("where nothing was before, all are concerned", async () => {
  base = "0".repeat(40);
  expect((await affected()).stdout).toBe("staging\nprod\n");
});

test.each(["f".repeat(40), "--output=/tmp/x", ""])(
  "a commit that git does not know, %j, is told",
  async (unknown) => {
    base = unknown;
    const { code, stdout, stderr } = await affected();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/fetch-depth|argument missing/);
  },
);
