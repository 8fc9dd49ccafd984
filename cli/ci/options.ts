import { InvalidArgumentError } from "commander";
import { visible } from "../visible";
import type { Forge } from "./forge";
import type { Result } from "./keep-one";

/** What the verbs of `ci` have in common. */
export const OPTIONS = {
  repo: ["--repo <owner/name>", "the repository (default: GITHUB_REPOSITORY)"],
  author: ["--author <login>", "login of whom the token writes as", "github-actions[bot]"],
  marker: ["--marker <text>", "by which it is known again", marker],
  url: ["--url <url>", "where all of it can be found", address],
  json: ["--json", "answer in JSON"],
} as const;

/** What they are told by these. */
export interface Told {
  repo?: string;
  marker: string;
  author: string;
  url?: string;
  json?: boolean;
}

function marker(text: string): string {
  if (/^\w[\w ./]*(-[\w ./]+)*$/.test(text) && text.length <= 100) return text;
  throw new InvalidArgumentError("write it in letters, digits, spaces, `.`, `/` and single hyphens");
}

function address(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("write it as https://ci.example/run/7");
}

/** The forge that the environment names. Loads what calls it takes. */
export function forge(repo: string | undefined, signal: AbortSignal): Forge {
  const { Forge, forgeSettings } = require("./forge") as typeof import("./forge");
  return new Forge(forgeSettings(repo), signal);
}

const WORDS = {
  created: "made",
  updated: "brought up to date",
  unchanged: "up to date already",
  gone: "gone now",
  absent: "not there, and not needed",
  stale: "left as it is: the pull request is closed, or at another commit by now",
};

/** Tells what was done to `what`. */
export function answer(result: Result | { outcome: "stale" }, what: string, json: boolean | undefined): void {
  const where = "url" in result ? `, ${result.url}` : "";
  process.stdout.write(
    json ? `${JSON.stringify(result)}\n` : visible(`${what}: ${WORDS[result.outcome]}${where}\n`),
  );
}
