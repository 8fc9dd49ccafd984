import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processesOf, type RunningProgram, runProgram } from "./running-program";

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

test("plain pulumi sees the same state, by what it prints at its start", () => {
  const [, exported] = /^ +(export PATH=.*)$/m.exec(program.output())!;
  const [, preview] = /^ +(pulumi preview .*)$/m.exec(program.output())!;
  const output = execFileSync("sh", ["-c", `${exported} && ${preview} --non-interactive`], {
    cwd: project,
    encoding: "utf8",
  });
  expect(output).toMatch(/Resources:\n +11 unchanged/);
});

test("an update that fails is told, and the watch goes on", async () => {
  const offset = program.output().length;
  edit("stacks/Pulumi.dev.yaml", "totp: true", "totp: maybe");
  await program.says('\n  shop:secondFactor.totp is "maybe"', offset);
  await program.says("failed; waiting for changes", offset);
});

test("what changes is applied and proven, in the middle of which Ctrl-C ends it, with code 0 and nothing left", async () => {
  const offset = program.output().length;
  edit("stacks/Pulumi.dev.yaml", "totp: maybe", "totp: false");
  await program.says("password+sms: signed in with the password", offset);
  expect(processesOf(project)).not.toEqual([]);
  program.child.kill("SIGINT");
  expect(await program.ended).toBe(0);

  const said = program.output().slice(offset);
  expect(said).toContain("changed: stacks/Pulumi.dev.yaml; applying\n");
  expect(said).toContain("/selfservice/methods/totp/enabled: true => false\n");
  expect(said).toMatch(/outbox: code \d{6} for \S+@example\.com by e-mail\n/);
  expect(said).not.toContain("error:");
  expect(processesOf(project)).toEqual([]);
});

function edit(file: string, before: string, after: string): void {
  const path = join(project, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(before);
  writeFileSync(path, text.replace(before, after));
}
