import { isDeepStrictEqual } from "node:util";
import { structuredPatch } from "diff";
import type { Step } from "../../infra/identity-config/change-set";
import { isUnknown } from "../../infra/identity-config/model";
import { mapScalars } from "../../infra/identity-config/scalars";
import { REDACTED } from "../../infra/identity-config/sensitive";
import { plainLine } from "./plain";

/** A line of a unified diff: gone, come, the same on both sides, or where in the text it is. */
export interface DiffLine {
  sign: "-" | "+" | " " | "@";
  text: string;
}

/** How a value changes: what is said of it, as of a secret; else its lines. */
export type ValueDiff = { said: string; lines?: undefined } | { lines: DiffLine[]; said?: undefined };

/** Lines that stay the same around a change. */
const CONTEXT = 3;

/** Beyond so many lines that come and go, a text is another one, and comparing takes long. */
const MOST_EDITS = 4_000;

const UNSET = "(not set: the default of Ory holds)";
const LATER = "(known after apply)";

/** The values of `step` before and after, as a unified diff; of secrets, only that they change. Safe in a terminal. */
export function valueDiff({ before, after }: Step): ValueDiff {
  if (before === REDACTED || after === REDACTED) return { said: secretSaid(before, after) };
  if (isDeepStrictEqual(before, after)) return { said: "a secret in it changes" };
  const isText = [before, after].some((value) => typeof value === "string" && value.includes("\n"));
  const [old, value] = [linesOf(before, isText), linesOf(after, isText)];
  // Where one line is all, what is not set is told; beside a whole text it is seen.
  const short = old.length <= 1 && value.length <= 1;
  if (short || old.length === 0 || value.length === 0)
    return {
      lines: [
        ...signed("-", short && old.length === 0 ? [UNSET] : old),
        ...signed("+", short && value.length === 0 ? [UNSET] : value),
      ],
    };
  return { lines: compared(old, value) };
}

function secretSaid(before: unknown, after: unknown): string {
  if (before === undefined) return "a secret is set";
  return after === undefined ? "a secret is removed" : "a secret changes";
}

function compared(old: string[], value: string[]): DiffLine[] {
  const [before, after] = [old, value].map((lines) => `${lines.join("\n")}\n`);
  const options = { context: CONTEXT, maxEditLength: MOST_EDITS };
  const patch = structuredPatch("", "", before!, after!, undefined, undefined, options);
  if (patch === undefined) return [...signed("-", old), ...signed("+", value)];
  return patch.hunks.flatMap((hunk): DiffLine[] => [
    {
      sign: "@",
      text: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    },
    ...hunk.lines.map((line): DiffLine => ({ sign: line[0] as DiffLine["sign"], text: line.slice(1) })),
  ]);
}

const signed = (sign: "-" | "+", lines: string[]): DiffLine[] => lines.map((text) => ({ sign, text }));

/** A value as lines that say it: texts as they are, the rest as YAML. */
function linesOf(value: unknown, isText: boolean): string[] {
  if (value === undefined) return [];
  if (isUnknown(value)) return [LATER];
  if (typeof value === "string")
    return isText ? value.split("\n").map(plainLine) : [plainLine(JSON.stringify(value))];
  if (typeof value !== "object" || value === null) return [String(value)];
  const known = mapScalars("", value, (_, scalar) => (isUnknown(scalar) ? LATER : scalar));
  return yaml().stringify(known, { lineWidth: 0 }).trimEnd().split("\n").map(plainLine);
}

const yaml = () => require("yaml") as typeof import("yaml");
