import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processesOf, type RunningProgram, runProgram } from "./running-program";

const STACK_FILE = "stacks/Pulumi.dev.yaml";
const ROOT = join(__dirname, "..", "..");

let project: string;
let program: RunningProgram;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "dev "));
  // The engine starts the provider in its real folder, so that only a copy of infra/ belongs to this project.
  for (const name of ["infra", "schemas", "stacks"])
    cpSync(join(ROOT, name), join(project, name), { recursive: true });
  for (const name of ["Pulumi.yaml", "package.json"]) copyFileSync(join(ROOT, name), join(project, name));
  for (const name of ["bin", "node_modules", "policies"]) symlinkSync(join(ROOT, name), join(project, name));
  program = runProgram("test/local/dev-in.ts", [project], project);
});

afterAll(async () => {
  program.child.kill("SIGKILL");
  await program.ended;
  for (const line of processesOf(project)) process.kill(Number.parseInt(line, 10), "SIGKILL");
  rmSync(project, { recursive: true, force: true });
});

test("npm run dev applies at its start", async () => {
  await program.says("sign-in proven with password+email and password+sms; waiting for changes");
});

test("plain pulumi sees the same state, by what it prints at its start, and leaves the stack file alone", () => {
  const stackFile = readFileSync(join(project, STACK_FILE), "utf8");
  const [, exported] = /^ +(export PATH=.*)$/m.exec(program.output())!;
  const [, preview] = /^ +(pulumi preview .*)$/m.exec(program.output())!;
  const output = execFileSync("sh", ["-c", `${exported} && ${preview} --non-interactive`], {
    cwd: project,
    encoding: "utf8",
  });
  expect(output).toMatch(/Resources:\n +12 unchanged/);
  expect(output).not.toContain("warning");
  expect(readFileSync(join(project, STACK_FILE), "utf8")).toBe(stackFile);
});

test("a stack file that is replaced, as Git does, but says the same is not applied", async () => {
  const offset = program.output().length;
  edit(STACK_FILE, "config:", "encryptionsalt: v1:a\nconfig:", rmSync);
  await program.says(`${STACK_FILE} says the same as before; waiting for changes\n`, offset);
  edit(STACK_FILE, "encryptionsalt: v1:a\n", "", rmSync);
  await program.says("says the same", program.output().lastIndexOf("says the same") + 1);
  expect(program.output().slice(offset)).not.toContain("applying");
});

test("a program with wrong syntax is told in few lines; set right, it changes nothing, and the proof has its time", async () => {
  const offset = program.output().length;
  edit("infra/main.ts", "export = {", "export == {");
  await program.says("failed; waiting for changes", offset);
  expect(program.output().slice(offset)).toMatch(
    /\nError: Transform failed with 1 error:\n.+main\.ts:\d+:\d+: ERROR: .*\nfailed; /,
  );
  edit("infra/main.ts", "export == {", "export = {");
  await program.says(
    "nothing to change; sign-in was proven with password+email and password+sms at 20",
    offset,
  );
});

test("a stack without proof is applied without a warning", async () => {
  const offset = program.output().length;
  const text = readFileSync(join(project, STACK_FILE), "utf8");
  const [proof] = /^ {2}proof:\n(?: {4}.*\n)+/m.exec(text)!;
  edit(STACK_FILE, proof, "");
  await program.says("nothing to change, no sign-in proof is asked for", offset);
  expect(program.output().slice(offset)).not.toContain("warning");
  writeFileSync(join(project, STACK_FILE), text);
  await program.says("sign-in proven with", offset);
});

test("an update that fails is told, and the watch goes on", async () => {
  const offset = program.output().length;
  edit(STACK_FILE, "totp: true", "totp: maybe");
  await program.says('\n  shop:secondFactor.totp is "maybe"', offset);
  await program.says("failed; waiting for changes", offset);
});

test("what changes is applied and proven, in the middle of which Ctrl-C ends it, with code 0 and nothing left", async () => {
  const offset = program.output().length;
  edit(STACK_FILE, "totp: maybe", "totp: false");
  await program.says("password+sms: signed in with the password", offset);
  expect(processesOf(project)).not.toEqual([]);
  program.child.kill("SIGINT");
  expect(await program.ended).toBe(0);

  const said = program.output().slice(offset);
  expect(said).toContain("changed: stacks/Pulumi.dev.yaml; applying\n");
  expect(said).toContain("/selfservice/methods/totp/enabled: true => false (weakening: ");
  expect(said).toMatch(/outbox: code \d{6} for \S+@example\.com by e-mail\n/);
  expect(said).not.toContain("error:");
  expect(processesOf(project)).toEqual([]);
});

function edit(file: string, before: string, after: string, first: (path: string) => void = () => {}): void {
  const path = join(project, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(before);
  first(path);
  writeFileSync(path, text.replace(before, after));
}
