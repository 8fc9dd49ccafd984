import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { isBranch, parsedJson } from "../../infra/identity-config/model";
import { UserError } from "../../infra/identity-config/user-error";
import type { Kept } from "./keep-one";

/** The most that GitHub takes as a comment or as the text of an issue, in characters. */
export const MOST = 65_536;

/** Facts about what was reviewed, which people do not see; `expected-revision` reads them. */
export interface Note {
  /** The commit that was reviewed. */
  commit: string;
  /** What `ORY_EXPECTED_REVISION` is to be; absent where nothing was planned from what is live. */
  expected?: string | undefined;
  /** Whether there was no plan to review. */
  failed?: boolean;
}

const NOTE = /^<!-- pulumi-ory note: (\{.*\}) -->$/;

/** Something that `text` says, under a marker by which it is known again; with a note at its end. */
export function marked(marker: string, text: string, note?: Note): string {
  // Nothing in it can end the comment of HTML.
  const json = JSON.stringify(note)?.replace(/[-<>]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  const end = note === undefined ? "" : `\n\n<!-- pulumi-ory note: ${json} -->`;
  return `${firstLine(marker)}\n${text.trimEnd()}${end}\n`;
}

const firstLine = (marker: string): string => `<!-- pulumi-ory: ${marker} -->`;

/** Whether `author` has written it under `marker`: anybody can copy a marker. */
export const isMarked = ({ body, user }: Kept, marker: string, author: string): boolean =>
  user?.login === author && lines(body)[0] === firstLine(marker);

/** The note at the end of what was marked. */
export function noteOf(body: string | null | undefined): Note | undefined {
  const note = parsedJson(NOTE.exec(lines(body).at(-1)!)?.[1] ?? "");
  if (!isBranch(note) || typeof note.commit !== "string") return undefined;
  const { commit, expected, failed } = note;
  return { commit, failed: failed === true, ...(typeof expected === "string" && { expected }) };
}

/** Whether a forge, which may change line breaks and the end, has `body` already. */
export const isSameBody = (there: string | null | undefined, body: string): boolean =>
  lines(there).join("\n") === lines(body).join("\n");

const lines = (body: string | null | undefined): string[] => (body ?? "").trimEnd().split(/\r?\n/);

/**
 * `text` where it is no longer than `room`; else its first lines, no line in part, with a code block ended where it was
 * begun, and a word about the rest.
 * @param where Where all of it is, as a sentence.
 */
export function shortened(text: string, room: number, where: string): string {
  if (text.length <= room) return text;
  const all = text.trimEnd().split("\n");
  const ending = (left: number, fence: string | undefined): string =>
    `${fence === undefined ? "" : `${fence}\n`}\n_${left} more lines are not shown here. ${where}_\n`;
  let [shown, kept, fence] = ["", 0, undefined as string | undefined];
  for (const line of all) {
    const next = fenceAfter(fence, line);
    const longest = ending(all.length, next ?? fence);
    if (shown.length + line.length + 1 + longest.length > room) break;
    [shown, kept, fence] = [`${shown}${line}\n`, kept + 1, next];
  }
  return shown + ending(all.length - kept, fence);
}

/** What ends the code block that one is in after `line`. */
function fenceAfter(fence: string | undefined, line: string): string | undefined {
  const [, signs, info] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
  if (signs === undefined) return fence;
  if (fence === undefined) return signs[0] === "`" && info!.includes("`") ? undefined : signs;
  return signs.startsWith(fence) && info!.trim() === "" ? undefined : fence;
}

/**
 * The text of a file that may come from anybody, as from an artifact of another run. Throws UserError where it is a
 * link, no file, too large or no text.
 * @param most Bytes.
 */
export async function readUntrusted(path: string, most: number): Promise<string> {
  const refused = (why: string) => new UserError(`cannot read ${path}: ${why}`);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    ({ code }: NodeJS.ErrnoException) => {
      throw refused(
        code === "ENOENT" ? "there is no such file" : code === "ELOOP" ? "it is a link" : String(code),
      );
    },
  );
  try {
    const state = await file.stat();
    if (!state.isFile()) throw refused("it is no file");
    if (state.size > most) throw refused(`it has ${state.size} bytes, and no more than ${most} are taken`);
    const bytes = Buffer.alloc(state.size);
    await file.read(bytes, 0, state.size, 0);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw error instanceof TypeError ? refused("it is no text in UTF-8") : error;
  } finally {
    await file.close();
  }
}
