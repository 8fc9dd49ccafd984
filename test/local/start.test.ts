import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../local/free-port";
import { expectSignInProven, processesOf, type RunningProgram, runProgram } from "./running-program";

const STACK_FILE = join(__dirname, "..", "..", "stacks", "Pulumi.dev.yaml");

let mark: string;
let program: RunningProgram | undefined;

beforeEach(() => {
  mark = mkdtempSync(join(tmpdir(), "start "));
});

afterEach(async () => {
  program?.child.kill("SIGKILL");
  await program?.ended;
  for (const line of processesOf(mark)) process.kill(Number.parseInt(line, 10), "SIGKILL");
  rmSync(mark, { recursive: true, force: true });
});

test("npm start applies the dev stack to a new kratos, proves sign-in, and leaves nothing running", async () => {
  program = runProgram("local/start.ts", [], mark);
  expect([await program.ended, program.output()]).toEqual([0, expect.any(String)]);
  const output = program.output();
  expect(output).toContain("/selfservice/methods/code/mfa_enabled: (default) => true (hardening: ");
  expect(output).toMatch(/policies: ory: \d+ policies passed/);
  expectSignInProven(output);
  expect(processesOf(mark)).toEqual([]);
});

test("an outbox that is down fails it, with the reason", async () => {
  const stackFile = join(mark, "Pulumi.dev.yaml");
  const closed = await freePort(0);
  writeFileSync(stackFile, readFileSync(STACK_FILE, "utf8").replace(":4437/sms", `:${closed}/sms`));
  program = runProgram("test/local/start-in.ts", [stackFile, join(mark, "run")], mark);
  expect([await program.ended, program.output()]).toEqual([1, expect.any(String)]);
  expect(program.output()).toContain("password+email: whoami reaches aal2\n");
  expect(program.output()).toMatch(
    /error: pulumi up failed: the configuration is applied, but sign-in is not proven: password\+sms, after "asked for a code at \S+ by SMS": /,
  );
  expect(program.output()).not.toMatch(/^ +at /m);
  expect(processesOf(mark)).toEqual([]);
});

test.each([
  ["SIGHUP", 129, "2. outbox"],
  ["SIGINT", 130, "3. pulumi up"],
] as const)("%s ends it cleanly, with code %i, after it has said %j", async (signal, code, said) => {
  program = runProgram("test/local/start-in.ts", [STACK_FILE, join(mark, "run")], mark);
  await program.says(said);
  expect(processesOf(mark)).not.toEqual([]);
  program.child.kill(signal);
  expect([await program.ended, program.output()]).toEqual([code, expect.any(String)]);
  expect(program.output()).not.toContain("error:");
  expect(processesOf(mark)).toEqual([]);
});
