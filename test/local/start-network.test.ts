import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { expectSignInProven, processesOf, type RunningProgram, runProgram } from "./running-program";

const DEV = readFileSync(join(__dirname, "..", "..", "stacks", "Pulumi.dev.yaml"), "utf8");

/** As `pulumi config set --secret` has encrypted it with the passphrase of the embedded default. */
const ENCRYPTED = {
  salt: "v1:Ha6fWPzWcI8=:v1:JMFf0V/YSkXr3IFQ:r0y2wsJyG8Gl+mvIpMKTuEwF82i+qQ==",
  secret: "v1:V1swYQ6bN85gDW9C:xqAKsjFyoaEZqmg1LGsSBIT9qhoplqvfOHx1pLVk",
  text: "canary-sms-key",
};

let mark: string;
let run: string;
let program: RunningProgram | undefined;

beforeEach(() => {
  mark = mkdtempSync(join(tmpdir(), "start network "));
  run = join(mark, "run");
});

afterEach(async () => {
  program?.child.kill("SIGKILL");
  await program?.ended;
  for (const line of processesOf(mark)) process.kill(Number.parseInt(line, 10), "SIGKILL");
  rmSync(mark, { recursive: true, force: true });
});

/** Starts what `npm start -- --target network` does, on the dev stack with other values at some paths. */
function startWith(values: [path: string[], value: unknown][]): RunningProgram {
  const document = parseDocument(DEV);
  for (const [path, value] of values) document.setIn(path, document.createNode(value));
  const stackFile = join(mark, "Pulumi.dev.yaml");
  writeFileSync(stackFile, document.toString());
  program = runProgram("test/local/start-in.ts", [stackFile, run, "network"], mark);
  return program;
}

/** The texts of all files in a folder. */
const textsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "utf8"));

test("it applies the dev stack to a project, whose kratos then lets people sign in, and tells no secret", async () => {
  const program = startWith([
    [["encryptionsalt"], ENCRYPTED.salt],
    [["config", "secrets"], { "sms-key": { secure: ENCRYPTED.secret } }],
    [["config", "sms", "auth"], { header: "X-Api-Key", value: "secret:sms-key" }],
  ]);
  expect([await program.ended, program.output()]).toEqual([0, expect.any(String)]);
  const output = program.output();
  const [, id, url] = /project (\S+) at (http\S+\/project\/shop-dev), which the kratos answers for\n/.exec(
    output,
  )!;
  expect(output).toContain("/selfservice/methods/code/mfa_enabled: false => true (hardening: ");
  expect(output).toMatch(/policies: ory: \d+ policies passed/);
  expectSignInProven(output);
  expect(processesOf(mark)).toEqual([]);

  const states = textsIn(join(run, "state"));
  expect(states.some((text) => text.includes(`"network/${id}"`) && text.includes(url!))).toBe(true);
  const identityFile = join(run, "kratos", "identity.yml");
  const inForce = readFileSync(identityFile, "utf8");
  // The names that only Ory Network gives: it is the project's config that this Kratos ran, and its secrets with it.
  expect(parse(inForce).identity.default_schema_id).toMatch(/^[0-9a-f]{128}$/);
  expect(inForce).toContain(ENCRYPTED.text);
  expect(statSync(identityFile).mode & 0o777).toBe(0o600);
  const log = readFileSync(join(run, "kratos", "kratos.log"), "utf8");
  for (const text of [output, log, ...states, ...textsIn(join(run, "stack"))]) {
    expect(text).not.toContain(ENCRYPTED.text);
    expect(text).not.toMatch(/ory_(wak|pat|apikey)_/);
  }
});

test("what kratos would not load is refused in its words, and nothing of it comes into force", async () => {
  // Ory Network may have keys that are not known here, so no rule refuses it before.
  const program = startWith([[["config", "raw"], { session: { shopping_basket: true } }]]);
  expect([await program.ended, program.output()]).toEqual([1, expect.any(String)]);
  expect(program.output()).toMatch(
    /error: pulumi up failed: cannot write project \S+: 400 .*shopping_basket/s,
  );
  expect(program.output()).not.toMatch(/^ +at /m);
  expect(readFileSync(join(run, "kratos", "identity.yml"), "utf8")).not.toContain("shopping_basket");
  expect(processesOf(mark)).toEqual([]);
});

test("SIGINT during the update ends it cleanly", async () => {
  const program = startWith([]);
  await program.says("4. pulumi up");
  program.child.kill("SIGINT");
  expect([await program.ended, program.output()]).toEqual([130, expect.any(String)]);
  expect(program.output()).not.toContain("error:");
  expect(processesOf(mark)).toEqual([]);
});

test.each([
  [["--target", "netwrk"], "--target netwrk: "],
  [["network"], "Unexpected argument 'network'. "],
  [["--targt", "network"], "Unknown option '--targt'"],
])("%j is refused with what is allowed, before anything starts", async (args, problem) => {
  program = runProgram("local/start.ts", args, mark);
  expect(await program.ended).toBe(1);
  expect(program.output()).toContain(`error: ${problem}`);
  expect(program.output()).toContain("`npm start -- --target kratos` or `npm start -- --target network`\n");
  expect(program.output().trim().split("\n")).toHaveLength(1);
});
