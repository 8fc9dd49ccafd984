import { createHash } from "node:crypto";
import { lstat, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isBranch, parsedJson } from "../../infra/identity-config/model";
import { UserError } from "../../infra/identity-config/user-error";
import { obstacle } from "../../infra/targets/kratos/config-file";
import { writeWhole } from "../../infra/targets/whole-file";
import { mergedText } from "./merged-text";

/** Where an import keeps what it has made, so that the next one can tell edits from it. */
export const NOTE = ".pulumi-ory-import.json";

/**
 * What becomes of a file: `created`; `updated`, as nobody had edited it; `merged` with edits; `kept`, as what was
 * imported has not changed; `unchanged`; `beside`: edits and import contradict each other, so the new text is put
 * beside it; `unused`: an earlier import has made it, and this one would not.
 */
export type Fate = "created" | "updated" | "merged" | "kept" | "unchanged" | "beside" | "unused";

/** One file of an import. */
export interface PlannedFile {
  path: string;
  fate: Fate;
  before: string | undefined;
  /** What is written, if anything, and where. */
  after: string;
  writeTo?: string;
}

/** Texts as an import made them last, by path. */
type Made = Record<string, string>;

/**
 * What writing `texts` below `folder` comes to; writes nothing. Throws UserError where a file is in the way that no
 * import has made.
 * @param own Files that are the user's from the start: they are made where they are missing, and never touched again.
 */
export async function plannedFiles(folder: string, texts: Made, own: Made = {}): Promise<PlannedFile[]> {
  const made = await lastMade(folder);
  const files: PlannedFile[] = [];
  const unknown: string[] = [];
  for (const [path, text] of Object.entries(own)) {
    const before = await readText(join(folder, path));
    if (before === undefined) files.push({ path, fate: "created", before, after: text, writeTo: path });
  }
  for (const [path, text] of Object.entries(texts)) {
    const before = await readText(join(folder, path));
    const isOurs = Object.hasOwn(made, path);
    if (before !== undefined && before !== text && !isOurs) unknown.push(path);
    else {
      const file = plannedFile(path, before, isOurs ? made[path]! : text, text);
      files.push(await withoutWaiting(folder, file));
    }
  }
  for (const [path, text] of Object.entries(made)) {
    if (Object.hasOwn(texts, path)) continue;
    const before = await readText(join(folder, path));
    if (before !== undefined) files.push({ path, fate: "unused", before, after: text });
  }
  if (unknown.length > 0)
    throw new UserError(
      `${unknown.join(", ")} in ${folder} ${unknown.length > 1 ? "are" : "is"} there already, and no import has made ${unknown.length > 1 ? "them" : "it"}; nothing was written: move ${unknown.length > 1 ? "them" : "it"} away, or name another folder with --out`,
    );
  return files;
}

function plannedFile(path: string, before: string | undefined, base: string, text: string): PlannedFile {
  const file = { path, before, after: text };
  if (before === undefined) return { ...file, fate: "created", writeTo: path };
  if (before === text) return { ...file, fate: "unchanged" };
  if (before === base) return { ...file, fate: "updated", writeTo: path };
  if (base === text) return { ...file, fate: "kept", after: before };
  const merged = mergedText(path, before, base, text);
  if (merged !== undefined) return { ...file, fate: "merged", after: merged, writeTo: path };
  return { ...file, fate: "beside", writeTo: aside(path) };
}

const aside = (path: string): string => `${path}.new`;

/** Throws UserError where `file` goes beside a text that still waits to be merged. */
async function withoutWaiting(folder: string, file: PlannedFile): Promise<PlannedFile> {
  const waiting = await readText(join(folder, aside(file.path)));
  if (waiting === undefined) return file;
  if (file.writeTo !== aside(file.path)) return file.fate === "kept" ? { ...file, fate: "beside" } : file;
  if (waiting === file.after)
    return { path: file.path, fate: "beside", before: file.before, after: file.after };
  throw new UserError(
    `${join(folder, aside(file.path))} still waits to be merged into ${file.path}; nothing was written: merge and remove it, then import again`,
  );
}

/** Writes what was planned, then the note of what was made. Throws UserError. */
export async function writeFiles(folder: string, files: readonly PlannedFile[], texts: Made): Promise<void> {
  for (const { writeTo, after } of files)
    if (writeTo !== undefined) await write(join(folder, writeTo), after);
  const earlier = Object.entries(await lastMade(folder));
  const unused = earlier.filter(([path]) =>
    files.some((file) => file.path === path && file.fate === "unused"),
  );
  const made = { ...Object.fromEntries(unused), ...texts };
  const note = `${JSON.stringify({ "//": NOTICE, digest: digestOf(made), files: made }, undefined, 2)}\n`;
  if ((await readText(join(folder, NOTE))) !== note) await write(join(folder, NOTE), note);
}

const NOTICE =
  "What `pulumi-ory import` has made last, by which the next import tells your edits from it. Commit it; do not edit it.";

const digestOf = (made: Made): string => createHash("sha256").update(JSON.stringify(made)).digest("hex");

async function lastMade(folder: string): Promise<Made> {
  const text = await readText(join(folder, NOTE));
  if (text === undefined) return {};
  const { files, digest } = Object(parsedJson(text)) as { files?: unknown; digest?: unknown };
  if (isBranch(files) && digest === digestOf(files as Made)) return files as Made;
  throw new UserError(
    `${join(folder, NOTE)} is not as an import has left it, so edits cannot be told from what was imported; nothing was written: take it from version control again, or remove it together with the files that were imported`,
  );
}

/** The file's text; undefined where there is none. Throws UserError where something else is in the way. */
async function readText(file: string): Promise<string | undefined> {
  try {
    if (!(await lstat(file)).isFile())
      throw new UserError(`cannot write ${file}: it is no file; nothing was written`);
    return new TextDecoder("utf8", { fatal: true, ignoreBOM: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    const reason = code?.startsWith("ERR_ENCODING") ? "it is not UTF-8" : obstacle(error);
    throw new UserError(`cannot read ${file}: ${reason}; nothing was written`);
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeWhole(file, text, { mode: 0o644 });
  } catch (error) {
    throw new UserError(
      `cannot write ${file}: ${obstacle(error)}; run the import again, it goes on from here`,
    );
  }
}
