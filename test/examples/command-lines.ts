import { execFileSync } from "node:child_process";
import { COMMAND } from "../cli/pulumi-ory";

/** The options that a command line of ours takes, from its help. */
const optionsOf = (verbs: string[]): string[] => {
  const help = execFileSync(process.execPath, [COMMAND, ...verbs, "--help"], { encoding: "utf8" });
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option!);
};

/** The command lines of ours in a script, as their words. */
export const commandsIn = (script: string): string[][] =>
  [...script.replaceAll("\\\n", " ").matchAll(/node_modules\/\.bin\/pulumi-ory ([^\n|&;>)]*)/g)].map(
    ([, line]) => line!.trim().split(/\s+/),
  );

/** The command lines of ours that a page shows, as their words. */
export const commandsOf = (page: string): string[][] =>
  [...page.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block]) => block!.split("\n"))
    .flatMap((line) => /^pulumi-ory ([^>|]*)/.exec(line)?.[1] ?? [])
    .map((line) => line.trim().split(/\s+/));

/** Refuses words that the help of their verb does not have. */
export function refuseUnknown(words: readonly string[]): void {
  const verbs = words.slice(0, words[0] === "ci" ? 2 : 1);
  const options = words.filter((word) => word.startsWith("--"));
  expect(optionsOf(verbs)).toEqual(expect.arrayContaining(options));
}
