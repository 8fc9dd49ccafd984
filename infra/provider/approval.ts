import { createHash, createHmac, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";
import type { Change } from "../identity-config/change-set";
import { stepLine } from "../identity-config/describe";
import { valueAt } from "../identity-config/leaves";
import { type Document, isUnknown } from "../identity-config/model";
import { UserError } from "../identity-config/user-error";
import { obstacle } from "../targets/kratos/config-file";
import { writeWhole } from "../targets/whole-file";

/** What is about to change, with the documents in the clear that tell changed secrets apart. */
export interface Shown {
  changes: Change[];
  before: Document;
  after: Document;
}

/** What the preview of a run has shown, kept for its update phase; holds digests and redacted lines only. */
interface Note {
  /** Process id of the provider that wrote it. Every phase of a run has a provider of its own. */
  writer: number;
  /** Random key of the digests, hexadecimal. */
  key: string;
  /** Digests of the values before and after, by path; `after` is null where the preview did not know the value. */
  values: Record<string, { line: string; before: string; after: string | null }>;
}

const FOLDER = join(envPaths("pulumi-ory", { suffix: "" }).cache, "approvals");
const DAY = 24 * 60 * 60 * 1000;
const WEEK = 7 * DAY;

/** Its time tells when old notes were last looked for. */
const TIDIED = join(FOLDER, "tidied");

/** Notes of one resource in one run: both phases' providers have the engine as their parent process. */
async function fileOf(urn: string): Promise<string> {
  const stats = await readFile(`/proc/${process.ppid}/stat`, "utf8").catch(() => "");
  // Field 22, counted after the command's closing bracket: the start time, as process ids are used again.
  const started = stats.slice(stats.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  const name = createHash("sha256").update(`${process.ppid} ${started} ${urn}`).digest("hex").slice(0, 32);
  return join(FOLDER, `${name}.json`);
}

async function read(file: string): Promise<Note | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Note;
  } catch {
    return undefined;
  }
}

/** Notes what this preview shows. */
export async function noteShown(urn: string, shown: Shown): Promise<void> {
  const key = randomBytes(32).toString("hex");
  const values = Object.fromEntries(
    shown.changes.map((change) => [
      change.path,
      { line: stepLine(change), ...digests(key, change.path, shown) },
    ]),
  );
  const note: Note = { writer: process.pid, key, values };
  try {
    await mkdir(FOLDER, { recursive: true, mode: 0o700 });
    await writeWhole(await fileOf(urn), JSON.stringify(note), { mode: 0o600 });
    void forgetOld().catch(() => {});
  } catch (error) {
    throw new UserError(
      `cannot note what this preview shows in ${FOLDER}, which the update is compared with: ${obstacle(error)}; nothing was written, make room there, or set XDG_CACHE_HOME to another folder`,
    );
  }
}

/**
 * Notes what a diff found, unless an earlier phase of this run has noted something already. A diff does not know its
 * phase, and where it finds nothing to do in the preview, nothing else runs there: nothing was then approved.
 */
export async function noteFirst(urn: string, shown: Shown): Promise<void> {
  const note = await read(await fileOf(urn));
  if (note === undefined || note.writer === process.pid) await noteShown(urn, shown);
}

/**
 * What differs between the changes that this run's preview showed and `shown`, as lines; empty where nothing does,
 * or where there was no preview. A value that the preview did not know may have become anything.
 */
export async function notApproved(urn: string, shown: Shown): Promise<string[]> {
  const note = await read(await fileOf(urn));
  if (note === undefined || note.writer === process.pid) return [];
  const lines = shown.changes.flatMap((change) => {
    const approved = Object.hasOwn(note.values, change.path) ? note.values[change.path] : undefined;
    if (approved === undefined) return [`${stepLine(change)} (not shown)`];
    const now = digests(note.key, change.path, shown);
    const same = approved.before === now.before && (approved.after === null || approved.after === now.after);
    return same ? [] : [`${stepLine(change)} (shown: ${approved.line})`];
  });
  const paths = new Set(shown.changes.map(({ path }) => path));
  const gone = Object.entries(note.values).filter(([path, { after }]) => after !== null && !paths.has(path));
  return [...lines, ...gone.map(([, { line }]) => `shown, but no longer a change: ${line}`)];
}

/** Removes the note of this run. */
export async function forget(urn: string): Promise<void> {
  await rm(await fileOf(urn), { force: true });
}

function digests(key: string, path: string, { before, after }: Shown) {
  const digest = (value: unknown) =>
    createHmac("sha256", key)
      .update(JSON.stringify(value) ?? "")
      .digest("hex");
  const wanted = valueAt(after, path);
  return { before: digest(valueAt(before, path)), after: isUnknown(wanted) ? null : digest(wanted) };
}

/** Milliseconds since `file` was written; none where it is not there. */
const ageOf = async (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );

/**
 * A preview that no update follows leaves its notes, and so does a run that was killed. There may be many, and each
 * preview would look at all of them: once a day is enough.
 */
async function forgetOld(): Promise<void> {
  if (((await ageOf(TIDIED)) ?? DAY) < DAY) return;
  await writeFile(TIDIED, "", { mode: 0o600 });
  for (const name of await readdir(FOLDER)) {
    const file = join(FOLDER, name);
    if (((await ageOf(file)) ?? 0) > WEEK) await rm(file, { force: true });
  }
}
