import { rm } from "node:fs/promises";
import { join } from "node:path";
import { answeringPlace, type Place, SAMPLES } from "./every-verb";
import { pulumiOry } from "./pulumi-ory";
import { hasTerminal, startOnTerminal } from "./terminal";

const STYLE = "\u001b[";

let place: Place;
beforeAll(async () => {
  place = await answeringPlace();
});
afterAll(() => place?.remove());

/** The verbs that the command knows, as its help lists them. */
async function listed(...above: string[]): Promise<string[]> {
  const { stdout } = await pulumiOry([...above, "--help"], { env: { COLUMNS: "200" } });
  const [, commands = ""] = stdout.split("\nCommands:\n");
  const names = commands
    .split("\n\n")[0]!
    .split("\n")
    .flatMap((line) => /^ {2}([\w-]+) /.exec(line)?.[1] ?? []);
  return names.filter((name) => name !== "help");
}

test("the verbs that these tests run are those that there are", async () => {
  const verbs = await Promise.all(
    (await listed()).map(async (verb) => {
      const below = await listed(verb);
      return below.length === 0 ? [verb] : below.map((one) => `${verb} ${one}`);
    }),
  );
  expect(verbs.flat().sort()).toEqual(Object.keys(SAMPLES).sort());
});

const verbs = Object.entries(SAMPLES);

/** A file system as the sample wants it. */
const run = async (verb: string, args: string[], env?: NodeJS.ProcessEnv) => {
  await rm(join(place.dir, "made"), { recursive: true, force: true });
  return place.run(verb, args, env);
};

describe.each(verbs)("%s", (verb, { answers, fails }) => {
  const [name] = verb.split(" ");

  test("has help, with examples of itself and its exit codes", async () => {
    const { code, stdout, stderr } = await run(verb, ["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`\\nExamples:\\n(.*\\n)*.*pulumi-ory ${verb}`));
    expect(stdout).toMatch(/^ {2}--json /m);
    expect((await run(name!, ["--help"])).stdout).toMatch(/^Exit code: |Examples:/m);
  });

  test("with --json, it answers with one JSON document, and nothing in colours", async () => {
    const { code, stdout, stderr } = await run(verb, [...answers, "--json"], { FORCE_COLOR: "1" });
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect([0, 2]).toContain(code);
    expect(stdout + stderr).not.toContain(STYLE);
  });

  test("with --json, it fails with one JSON document, and the same words for people", async () => {
    const { code, stdout, stderr } = await run(verb, [...fails, "--json"]);
    const { error, ...rest } = JSON.parse(stdout) as { error: string };
    expect({ code, rest }).toEqual({ code: 1, rest: {} });
    expect(stderr.startsWith(`error: ${error}`)).toBe(true);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test("a mistake is told once, with what comes nearest, and nothing is answered", async () => {
    const [mistaken, failed] = await Promise.all([run(verb, [...answers, "--jsno"]), run(verb, fails)]);
    expect(mistaken).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: unknown option '--jsno'\n(Did you mean --json?)\n(pulumi-ory ${verb} --help shows what there is)\n`,
    });
    expect(failed).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^error: /) });
  });

  test("piped, it has no colours", async () => {
    const { stdout, stderr } = await run(verb, answers, { TERM: "xterm-256color", COLORTERM: "truecolor" });
    expect(stdout).not.toBe("");
    expect(stdout + stderr).not.toContain(STYLE);
  });
});

describe("colours", () => {
  const COLOURED = ["check", "doctor", "explain"];
  const styles = (text: string) =>
    text.split(STYLE).filter((rest, index) => index > 0 && /^[0-9;]*m/.test(rest));

  test.each(COLOURED)("%s has them where they are asked for", async (verb) => {
    const { stdout } = await run(verb, SAMPLES[verb]!.answers, { FORCE_COLOR: "1" });
    expect(styles(stdout)).not.toEqual([]);
  });

  (hasTerminal ? test : test.skip).each(COLOURED)(
    "%s has them on a terminal that wants them",
    async (verb) => {
      const on = async (env: NodeJS.ProcessEnv) => {
        const args = [verb, ...SAMPLES[verb]!.answers];
        return (await startOnTerminal(args, { cwd: place.dir, env: { ...place.env, ...env } }).done).screen;
      };
      expect(styles(await on({}))).not.toEqual([]);
      const plain = await on({ NO_COLOR: "1" });
      expect(plain.length).toBeGreaterThan(100);
      expect(styles(plain)).toEqual([]);
    },
  );
});

test.each([
  [["chek"], "unknown command 'chek'\n(Did you mean check?)\n(pulumi-ory --help shows what there is)\n"],
  [["ci", "coment"], "unknown command 'coment'\n(Did you mean comment?)\n(pulumi-ory ci --help shows"],
  [["promote", "--to", "prod"], "required option '--from <stack>' not specified\n(pulumi-ory promote --help"],
  [
    ["drift", "--stack"],
    "option '--stack <name>' argument missing\n(pulumi-ory drift --help shows what there is)\n",
  ],
  [["chek\u001b[31m"], "unknown command 'chek\\u001b[31m'\n"],
])("%j is told what is wrong", async (args, message) => {
  const { code, stdout, stderr } = await pulumiOry(args);
  expect(stderr.startsWith(`error: ${message}`)).toBe(true);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});

test("an answer that cannot be written is a failure", async () => {
  const { done } = startOnTerminal(["explain"], { cwd: place.dir, env: place.env, answer: "/dev/full" });
  const { code, screen } = await done;
  expect(screen).toContain("error: cannot write the answer: ENOSPC");
  expect(code).toBe(1);
});
