import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Command, CommanderError } from "commander";
import { SAMPLES } from "./every-verb";

const ROOT = join(__dirname, "../..");
const PAGES = ["README.md", ...readdirSync(join(ROOT, "docs")).map((file) => `docs/${file}`)].filter((file) =>
  file.endsWith(".md"),
);

/** The command line of a verb, or of one below it, which does nothing but note that it was run. */
function commandOf(verb: string, ran: () => void): Command {
  const [name, below] = verb.split(" ");
  const { command } = require(`../../cli/${name}`) as { command: () => Command };
  const found = below === undefined ? command() : command().commands.find((one) => one.name() === below)!;
  return found
    .action(ran)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
}

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "examples-"));
  const note = `#!/bin/sh\nnode -e 'console.error(JSON.stringify(process.argv.slice(1)))' -- "$@"\n`;
  for (const name of ["pulumi-ory", "ory", "pulumi"])
    await writeFile(join(dir, name), name === "pulumi-ory" ? note : "#!/bin/sh\n", { mode: 0o755 });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What a shell makes of an example: the arguments of each `pulumi-ory` in it. */
function argumentsIn(example: string): string[][] {
  // Names to be filled in would be redirections.
  const text = example.replace(/<([\w-]+)>/g, "$1");
  const env = {
    PATH: `${dir}${delimiter}${process.env.PATH}`,
    GITHUB_SHA: "a".repeat(40),
    GITHUB_EVENT_PATH: "e",
  };
  const script = `{ ${text}\n} 2>&1 >/dev/null`;
  return execFileSync("sh", ["-c", script], { cwd: dir, env, encoding: "utf8" })
    .split("\n")
    .flatMap((line) => (line.startsWith("[") ? [JSON.parse(line) as string[]] : []));
}

/** Has the real command line take the arguments; a mention may leave out what is required. */
function take([name, ...rest]: string[], isMention = false): void {
  const below = `${name} ${rest[0]}`;
  const [verb, args] = Object.hasOwn(SAMPLES, below) ? [below, rest.slice(1)] : [name!, rest];
  if (args[0] === "--help" && Object.keys(SAMPLES).some((one) => one.split(" ")[0] === name)) return;
  if (!Object.hasOwn(SAMPLES, verb)) throw new Error(`there is no verb ${verb}`);
  const ran = jest.fn();
  try {
    commandOf(verb, ran).parse(args, { from: "user" });
  } catch (error) {
    if (isMention && /^commander\.missing(Mandatory|Argument)/.test((error as CommanderError).code)) return;
    throw error;
  }
  expect(ran).toHaveBeenCalledTimes(1);
}

/** The commands in a text, each with the lines that go on with it. */
const commandsIn = (text: string): string[] =>
  text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /(^|\| )pulumi-ory /.test(line));

/** What the first example of a verb has, in the place of `…`. */
const completed = (example: string, first: string): string =>
  example.replace("…", first.replace(/^.*?pulumi-ory \w+ /, "").replace(/ {2,}.*$/, ""));

describe.each(Object.keys(SAMPLES))("the help of %s", (verb) => {
  test("has examples that its command line takes", () => {
    let help = "";
    const command = commandOf(verb, () => {});
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    command.outputHelp();
    const [, text = ""] = help.split("\nExamples:\n");
    const examples = commandsIn(text);
    expect(examples.length).toBeGreaterThan(0);
    const whole = examples.find((one) => !one.includes("…"))!;
    // What stands behind two spaces explains.
    for (const example of examples) {
      const taken = argumentsIn(completed(example, whole).replace(/ {2,}.*$/, ""));
      expect({ example, taken: taken.length }).toEqual({ example, taken: 1 });
      take(taken[0]!);
    }
  });
});

/** The code blocks of a page, by language. */
const blocksOf = (page: string): { language: string; text: string }[] =>
  [...readFileSync(join(ROOT, page), "utf8").matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms)].map(
    ([, language, text]) => ({ language: language!, text: text! }),
  );

test.each(PAGES)("the command lines take what %s says", (page) => {
  const shell = blocksOf(page).filter(({ language }) => language === "sh");
  const inText = [...readFileSync(join(ROOT, page), "utf8").matchAll(/`(pulumi-ory [a-z][^`\n]*)`/g)].map(
    ([, text]) => text!,
  );
  for (const { text } of shell)
    for (const command of commandsIn(text)) for (const taken of argumentsIn(command)) take(taken);
  for (const mention of inText) for (const taken of argumentsIn(mention)) take(taken, true);
});
