import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { stringify } from "yaml";
import { pulumiOry } from "./pulumi-ory";

/** A file that cannot be executed; a text is one that can. */
type Files = Record<string, string | { plain: string }>;

/** Runs doctor in a folder with `files`, of which `pulumi` and `kratos` stand before all others on PATH. */
async function doctor(files: Files, env: NodeJS.ProcessEnv = {}) {
  const dir = await mkdtemp(join(tmpdir(), "doctor-"));
  try {
    for (const [name, file] of Object.entries(files)) {
      const [text, mode] = typeof file === "string" ? [file, 0o755] : [file.plain, 0o644];
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), text, { mode });
    }
    const PATH = `${dir}${delimiter}${process.env.PATH}`;
    const run = await pulumiOry(["doctor"], { cwd: dir, env: { PATH, PULUMI_STACK: "", ...env } });
    return { ...run, stdout: run.stdout.replaceAll(dir, "<dir>") };
  } finally {
    await rm(dir, { recursive: true });
  }
}

const PROJECT = { "Pulumi.yaml": "name: x\nruntime: nodejs\n" };
const pulumi = (version: string, answer = "exit 1"): Files => ({
  ...PROJECT,
  pulumi: `#!/bin/sh\ncase "$1" in version) echo ${version} ;; *) ${answer} ;; esac\n`,
});

test.each<[string, Files, string]>([
  [
    "a backend that Pulumi cannot reach, after what it says before",
    pulumi(
      "v3.250.0",
      "echo 'Logging in using access token' >&2; echo 'error: connection refused' >&2; exit 255",
    ),
    "fail  Pulumi reaches no backend: connection refused\n      fix: run `pulumi login`, or set PULUMI_",
  ],
  [
    "no stack that is selected",
    pulumi("v3.250.0", "echo 'error: no stack selected; please use `pulumi stack select`' >&2; exit 255"),
    "warn  no stack is selected, so no target was looked at\n      fix: name one with --stack\n",
  ],
  [
    "a Pulumi that is too old",
    pulumi("v3.220.0"),
    "fail  Pulumi 3.220.0 is none that pulumi-ory is for\n      fix: install Pulumi >=3.221.0 <4\n",
  ],
  ["a Pulumi that is too new", pulumi("v4.0.0"), "fail  Pulumi 4.0.0 is none that pulumi-ory is for\n"],
  [
    "a Pulumi that does not run",
    { ...PROJECT, pulumi: "#!/bin/sh\nexit 3\n" },
    "fail  pulumi version ended with 3\n      fix: install Pulumi's CLI anew\n",
  ],
  [
    "a Kratos that was never tested",
    { ...pulumi("v3.250.0"), kratos: "#!/bin/sh\necho 'Version: v1.2.0'\n" },
    "warn  Kratos 1.2.0 on PATH is not a version that pulumi-ory is tested with\n      fix: nothing, where previews are right; tested are 1.3.1 and 26.2.0\n",
  ],
  [
    "a Kratos that is none",
    { ...pulumi("v3.250.0"), kratos: "#!/bin/sh\necho 'hello'\n" },
    'warn  cannot run Kratos as "kratos": it does not tell its version, so it is no Kratos',
  ],
])("%s is told", async (_, files, line) => {
  const { stdout, stderr, code } = await doctor(files);
  expect(stdout).toContain(line);
  expect(stderr).toBe("");
  expect(code).toBe(/^fail/m.test(stdout) ? 2 : 0);
});

test("the backend of Pulumi itself, and the stack that nobody has selected", async () => {
  const { stdout } = await doctor(PROJECT, { PULUMI_BACKEND_URL: "file:///no/such" });
  expect(stdout).toContain("fail  Pulumi reaches no backend: unable to open bucket file:///no/such");
  const none = await doctor(PROJECT, { PULUMI_BACKEND_URL: "file://." });
  expect(none.stdout).toContain("ok    Pulumi reaches its backend, file://.\n");
  expect(none.stdout).toContain("warn  no stack is selected, so no target was looked at\n");
});

test("a Node that is too old is told", async () => {
  const older =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.0" } });';
  const files = { ...pulumi("v3.250.0"), "older.js": older };
  const { stdout, code } = await doctor(files, { NODE_OPTIONS: "--require ./older.js" });
  expect(stdout).toContain(
    "fail  Node 18.20.0 is none that pulumi-ory runs on\n      fix: install Node >=20.19\n",
  );
  expect(code).toBe(2);
});

const FOLDER = "package/infra/provider";
const listed = (path: string): Files => ({
  ...pulumi("v3.250.0"),
  "Pulumi.yaml": stringify({
    name: "x",
    runtime: "nodejs",
    plugins: { providers: [{ name: "ory", path }] },
  }),
});
const START = { [`${FOLDER}/PulumiPlugin.yaml`]: "", [`${FOLDER}/pulumi-resource-ory`]: "" };

test.each<[string, Files, string]>([
  [
    "Pulumi.yaml does not list",
    pulumi("v3.250.0"),
    "warn  <dir>/Pulumi.yaml does not say where the provider ory is\n      fix: list it there: plugins:",
  ],
  [
    "is not where Pulumi.yaml says",
    listed("nowhere"),
    "fail  the provider ory is not at <dir>/nowhere\n      fix: correct plugins.providers in <dir>/Pulumi.yaml,",
  ],
  [
    "has no executable",
    { ...listed(FOLDER), [`${FOLDER}/PulumiPlugin.yaml`]: "" },
    `fail  <dir>/${FOLDER}/pulumi-resource-ory cannot be executed\n      fix: run npm install anew\n`,
  ],
  [
    "may not be executed",
    { ...listed(FOLDER), ...START, [`${FOLDER}/pulumi-resource-ory`]: { plain: "" } },
    `fail  <dir>/${FOLDER}/pulumi-resource-ory cannot be executed\n      fix: run npm install anew\n`,
  ],
  [
    "is not built",
    { ...listed(FOLDER), ...START },
    `fail  the provider at <dir>/${FOLDER} is not built\n      fix: run npm run build in its package\n`,
  ],
  [
    "is there and built",
    { ...listed(FOLDER), ...START, "package/bin/infra/provider/main.js": "" },
    `ok    provider at <dir>/${FOLDER}, built\n`,
  ],
])("a provider that %s is told", async (_, files, line) => {
  expect((await doctor(files)).stdout).toContain(line);
});
