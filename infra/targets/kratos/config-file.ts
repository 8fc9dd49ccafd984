import { createHash } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import type { YAMLParseError, YAMLWarning } from "yaml";
import { type Document, isBranch } from "../../identity-config/model";
import { UserError } from "../../identity-config/user-error";

/** A parsed configuration file. */
export interface ConfigFile {
  text: string | undefined;
  document: Document;
  /** SHA-256 of the file's bytes, hexadecimal; `none` where there is no file. */
  revision: string;
}

/** A file could be read, but is no configuration. */
export class NotConfigError extends UserError {}

/** Reads a YAML or JSON file; a missing one is empty. Throws UserError on what is unreadable or not a mapping. */
export async function readConfig(path: string): Promise<ConfigFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      if (!(await isLink(path))) return parsedConfig(path, undefined);
      throw new UserError(`cannot read ${path}: it is a symbolic link to a file that does not exist`);
    }
    throw new UserError(`cannot read ${path}: ${obstacle(error)}`);
  }
  return configOf(path, bytes);
}

/** Parses the content of a file; undefined where there is none. Throws UserError where it is no mapping. */
export const configOf = (path: string, bytes: Buffer | undefined): ConfigFile =>
  parsedConfig(path, bytes && decoded(path, bytes));

/** Parses `text`, which stands at `path`. Throws UserError where it is no mapping. */
export function parsedConfig(path: string, text: string | undefined): ConfigFile {
  if (text === undefined) return { text, document: {}, revision: "none" };
  const revision = createHash("sha256").update(text).digest("hex");
  return { text, document: parseMapping(path, text), revision };
}

/**
 * Reads a file that is going to be replaced. Throws UserError also where it is a link: what it leads to could be
 * another server's, and is locked under another name.
 */
export async function readOwnConfig(path: string): Promise<ConfigFile> {
  if (await isLink(path)) {
    throw new UserError(
      `cannot use ${path}: it is a symbolic link; put a file of its own there, or remove the link, and give Kratos this path`,
    );
  }
  return readConfig(path);
}

const isLink = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;

const OBSTACLES: Record<string, string> = {
  EISDIR: "it is a folder; a file must be there",
  ERR_FS_EISDIR: "it is a folder; a file must be there",
  ENOTDIR: "a part of this path is a file, not a folder",
  ELOOP: "its symbolic links lead in a circle",
  ENOENT: "there is no such folder",
  EACCES: "permission denied; let the user who runs Pulumi do that",
  EPERM: "not permitted; let the user who runs Pulumi do that",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOEXEC: "it is no program of this machine",
  EFBIG: "the file would be larger than this process may write",
};

/** What stands in the way of reading or writing a file, in words. */
export function obstacle(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return Object.hasOwn(OBSTACLES, code) ? OBSTACLES[code]! : message;
}

function decoded(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`cannot read ${path}: it is not UTF-8; save it as UTF-8`);
  }
}

function parseMapping(path: string, text: string): Document {
  const failed = (reason: string) => new NotConfigError(`cannot read ${path}: ${reason}`);
  // Kratos's parser refuses them, too.
  const control = /(?![\t\n\r\u0085])\p{Cc}/u.exec(text);
  if (control !== null) {
    throw failed(
      `line ${text.slice(0, control.index).split("\n").length} holds a control character; remove it`,
    );
  }
  // Loaded where it is needed, as it takes longer than all else of most verbs.
  const { parseDocument } = require("yaml") as typeof import("yaml");
  const parsed = parseDocument(text, { merge: true });
  // Kratos refuses what is only a warning here, such as a directive that it does not know.
  const [problem] = [...parsed.errors, ...parsed.warnings];
  if (problem !== undefined) throw failed(told(problem));
  let document: unknown;
  try {
    document = parsed.toJS() ?? {};
  } catch (error) {
    throw failed(
      error instanceof RangeError ? TOO_DEEP : "its aliases refer to nothing, or unfold to too much",
    );
  }
  if (!isBranch(document)) throw failed("its top level must be a mapping of keys to values");
  return document as Document;
}

const TOO_DEEP = "it is nested too deeply";

/** A parser's complaint, without the pieces of the file that it quotes. */
function told({ code, message }: YAMLParseError | YAMLWarning): string {
  if (code === "MULTIPLE_DOCS") return "it holds more than one YAML document; keep one";
  if (code === "RESOURCE_EXHAUSTION") return TOO_DEEP;
  const [line = ""] = message.split("\n");
  const [, where = ""] = /( at line \d+, column \d+):?$/.exec(line) ?? [];
  const [what = ""] = line.replace(/ at line \d+, column \d+:?$/, "").split(/:? %|: | \\/);
  return `it is not valid YAML: ${what}${where}`;
}
