import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { init } from "../../cli/init";
import type { Answers } from "../../cli/init/answers";
import { Project } from "../e2e/project";
import { operator } from "../e2e/shop";
import { startFakeNetwork } from "../fake-network";
import { kratosBinaries, startKratos } from "../kratos/server";
import { folderWith, pulumiOry } from "./pulumi-ory";

const ROOT = join(__dirname, "..", "..");
const ID = "3f0c9a52-6d0b-4c1e-9c41-5d1f0e6f7a10";

let project: Project;

beforeAll(async () => {
  project = await Project.create();
});
afterAll(async () => {
  await project?.remove();
});

/** Makes a project, with what `npm install` would put in it. */
async function made(name: string, ...options: string[]): Promise<string> {
  const folder = join(project.dir, name);
  const run = await pulumiOry(["init", folder, ...options]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["@pulumi", "@types", "tsx", "typescript"])
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  symlinkSync(ROOT, join(folder, "node_modules", "pulumi-ory"));
  return folder;
}

const secret = (name: string) => [
  "config",
  "set",
  "--secret",
  "--path",
  `secrets.${name}`,
  "smtps://u:p@mail.example:465/",
];

/** What a preview of a stack says, once its secrets are set. */
async function preview(folder: string, stack: string, secrets: string[], env: NodeJS.ProcessEnv = {}) {
  const inIt = (...args: string[]) => project.pulumi([...args, "--cwd", folder], env);
  expect(await inIt("stack", "init", stack)).toMatchObject({ code: 0 });
  for (const name of secrets) expect(await inIt(...secret(name))).toMatchObject({ code: 0 });
  return inIt("preview", "--policy-pack", join(folder, "node_modules/pulumi-ory/policies"));
}

const typeCheck = (cwd: string) =>
  execFileSync(process.execPath, [join(cwd, "node_modules/typescript/bin/tsc")], { cwd, encoding: "utf8" });

test("a project for a kratos type-checks, its preview breaks no rule, and its update proves sign-in", async () => {
  const [binary] = kratosBinaries();
  const kratos = await startKratos({
    binary: binary!,
    files: { "kratos.yml": operator, "identity.yml": {} },
    args: ["--dev"],
  });
  try {
    const folder = await made("acme", "--target", "kratos", "--environments", "staging", "prod");
    expect(typeCheck(folder)).toBe("");
    const stackFile = join(folder, "stacks/Pulumi.staging.yaml");
    const { dir, adminUrl, publicUrl } = kratos;
    const [said] = /^ *dir: \/etc\/kratos$/m.exec(readFileSync(stackFile, "utf8"))!;
    const indent = said.replace(/\S.*/, "");
    const place = { dir, binary: binary!, adminUrls: [adminUrl], publicUrl };
    const lines = Object.entries(place).map(([name, value]) => `${indent}${name}: ${JSON.stringify(value)}`);
    writeFileSync(stackFile, readFileSync(stackFile, "utf8").replace(said, lines.join("\n")));
    const { code, output } = await preview(folder, "staging", ["smtp-uri"]);
    expect(output).toContain("/selfservice/methods/totp/enabled: (default) => true (hardening: ");
    expect(code === 0 ? "" : output).toBe("");
    const update = await project.pulumi(["up", "--yes", "--cwd", folder]);
    expect(update.code === 0 ? "" : update.output).toBe("");
    const { proof } = JSON.parse(
      (await project.pulumi(["stack", "output", "--json", "--cwd", folder])).output,
    );
    expect(proof.journeys.map(({ as }: { as: string }) => as)).toEqual([
      "password",
      "password+totp",
      "password+lookup_secret",
    ]);
  } finally {
    await kratos.stop();
  }
});

test("a project for Ory Network with codes by SMS type-checks, and its preview breaks no rule", async () => {
  const network = await startFakeNetwork({ projects: [{ id: ID, environment: "stage" }] });
  try {
    const factors = ["code", "totp", "lookupSecret", "webauthn"];
    const sms = ["--sms-url", "https://sms.acme.example/send"];
    const folder = await made(
      "far",
      ...["--target", "network", "--project", `staging=${ID}`, "--factors", ...factors, ...sms],
    );
    expect(typeCheck(folder)).toBe("");
    const { code, output } = await preview(folder, "staging", ["smtp-uri", "sms-key"], {
      ORY_CONSOLE_URL: network.consoleUrl,
      ORY_WORKSPACE_API_KEY: network.workspaceKey,
    });
    for (const method of ["code/mfa_enabled", "totp/enabled", "lookup_secret/enabled", "webauthn/enabled"])
      expect(output).toContain(`/selfservice/methods/${method}: `);
    expect(code === 0 ? "" : output).toBe("");
  } finally {
    await network.stop();
  }
});

test("it says what to do next, with a stack file for each environment", async () => {
  const { dir, remove } = await folderWith({});
  const { stdout } = await pulumiOry(["init", "--name", "shop", "--target", "network"], { cwd: dir });
  expect(stdout).toContain("\n  $EDITOR stacks/Pulumi.prod.yaml   # the project's id\n");
  expect(readdirSync(join(dir, "stacks"))).toEqual(["Pulumi.prod.yaml", "Pulumi.staging.yaml"]);
  const config = (stack: string) =>
    parse(readFileSync(join(dir, `stacks/Pulumi.${stack}.yaml`), "utf8")).config;
  expect(config("prod").secondFactor).toEqual({ totp: true, lookupSecret: true });
  const as = ["password", "password+totp", "password+lookup_secret"];
  expect([config("staging").proof, config("staging").promotion]).toEqual([{ as }, undefined]);
  expect([config("prod").proof, config("prod").promotion]).toEqual([undefined, { from: "staging" }]);
  expect(stdout).toContain(`signs in by ${as.join(", ")}, with staging's ORY_PROJECT_API_KEY.\n`);
  await remove();
});

test.each<[string, string[], RegExp | undefined]>([
  [
    "codes are demanded, which are read from an outbox",
    ["--factors", "code", "totp"],
    /name an outbox .*, under proof/,
  ],
  ["nothing is to be promoted", ["--environments", "dev", "prod"], undefined],
])("no proof is asked for where %s", async (_, options, says) => {
  const { dir, remove } = await folderWith({});
  const { stdout } = await pulumiOry(["init", "--name", "shop", "--target", "kratos", ...options], {
    cwd: dir,
  });
  for (const file of readdirSync(join(dir, "stacks")))
    expect(readFileSync(join(dir, "stacks", file), "utf8")).not.toMatch(/proof|promotion/);
  if (says) expect(stdout).toMatch(says);
  else expect(stdout).not.toContain("prod takes only");
  await remove();
});

test("with --ci, it gets the workflows as they are, for stacks that they name", async () => {
  const { dir, remove } = await folderWith({});
  const init = (...more: string[]) =>
    pulumiOry(["init", "--name", "shop", "--target", "network", "--ci", "github", ...more], { cwd: dir });
  expect(await init("--environments", "dev", "prod")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("there is to be no staging; nothing was written"),
  });
  expect(readdirSync(dir)).toEqual([]);
  expect((await init()).stdout).toContain(".github/workflows/ory-preview.yml");
  const [ours, theirs] = [join(ROOT, "examples/github-actions"), join(dir, ".github/workflows")];
  expect(readdirSync(theirs)).toEqual(readdirSync(ours));
  for (const file of readdirSync(ours))
    expect(readFileSync(join(theirs, file), "utf8")).toBe(readFileSync(join(ours, file), "utf8"));
  await remove();
});

test("interrupted half way, nothing of it is left", async () => {
  const { dir, remove } = await folderWith({});
  const { signal } = new AbortController();
  let files = 0;
  const interrupted = Object.assign(Object.create(signal) as AbortSignal, {
    throwIfAborted() {
      if (++files === 4) throw new Error("interrupted");
    },
  });
  const answers = { name: "shop", target: "kratos", factors: [], environments: ["staging"], projects: {} };
  const made = init(join(dir, "new"), { ...answers, domain: "shop.example" } as Answers, interrupted);
  await expect(made).rejects.toThrow("nothing was written");
  expect(files).toBe(4);
  expect(readdirSync(dir)).toEqual([]);
  await remove();
});

test("a file in the way is named, and nothing is written", async () => {
  const { dir, remove } = await folderWith({ "package.json": "{}" });
  const run = await pulumiOry(["init", dir, "--name", "shop", "--target", "kratos"]);
  expect(run).toEqual({
    code: 1,
    stdout: "",
    stderr: `error: cannot make a project in ${dir}: package.json is there already; nothing was written: name another folder\n`,
  });
  expect(readdirSync(dir)).toEqual(["package.json"]);
  await remove();
});

test.each([
  [["new", "--factors", "totp"], "--target must be given where nothing can be asked: network, or kratos"],
  [["9", "--target", "kratos"], 'the project cannot be called "9": '],
  [["new", "--target", "heroku"], "option '--target <kind>' argument 'heroku' is invalid"],
  [["new", "--target", "network", "--project", "prod"], "write it as staging=<project-id>"],
  [["file/new", "--target", "kratos"], "nothing was written"],
])("%j is refused", async (args, message) => {
  const { dir, remove } = await folderWith({ file: "" });
  const run = await pulumiOry(["init", ...args], { cwd: dir });
  expect(run).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(message) });
  expect(run.stderr).not.toMatch(/^ +at /m);
  expect(existsSync(join(dir, "new"))).toBe(false);
  await remove();
});
