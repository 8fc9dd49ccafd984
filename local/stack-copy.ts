import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Document, parseDocument, visit } from "yaml";
import { UserError } from "../infra/identity-config/user-error";
import type { NetworkSettings } from "../infra/targets/network/settings";

/** Where the stack file of the embedded default expects the outbox. */
export const OUTBOX_PORT = 4437;

/** What the copy of a stack file has as its target. */
export type LocalTarget =
  /** The Kratos that the stack file names, whose folder is this one, relative to the project or absolute. */
  | { kratosDir: string; network?: undefined }
  /** A project of the fake Ory Network, in the place of the Kratos. */
  | { network: NetworkSettings; kratosDir?: undefined };

export type StackCopyOptions = {
  /** The stack file, which is only read. */
  from: string;
  /** Where the copy goes. */
  to: string;
  /** The project's name, which the config's keys may start with. */
  project: string;
  target: LocalTarget;
  /** The running outbox. */
  outboxUrl: string;
};

/**
 * Copies a stack file with what really runs in it: the project, or the Kratos's folder, from whose own kratos.yml its
 * URLs are read; and the outbox's URL wherever the file names port 4437. All else stays. Encryption keeps its salt: that of the
 * stack file, else of the copy before.
 *
 * @throws UserError when the file cannot be read, or `target` is a Kratos and the file names none
 */
export function writeStackCopy({ from, to, project, target, outboxUrl }: StackCopyOptions): void {
  const document = readStackFile(from);
  if (target.network)
    document.setIn(["config", keyIn(document, project, "target")], document.createNode(target));
  else {
    const kratos = kratosPath(from, document, project);
    document.setIn([...kratos, "dir"], target.kratosDir);
    document.deleteIn([...kratos, "adminUrls"]);
    document.deleteIn([...kratos, "publicUrl"]);
  }
  const expected = new RegExp(`^http://(127\\.0\\.0\\.1|localhost):${OUTBOX_PORT}(?=/|$)`);
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string") node.value = node.value.replace(expected, outboxUrl);
    },
  });
  if (!document.has("encryptionsalt") && existsSync(to)) {
    const salt = readStackFile(to).get("encryptionsalt");
    if (salt !== undefined) document.set("encryptionsalt", salt);
  }
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, document.toString());
}

/**
 * The Kratos's folder as a stack file names it.
 *
 * @throws UserError when the file cannot be read, or names no Kratos as its target
 */
export function kratosDirOf(stackFile: string, project: string): string {
  const document = readStackFile(stackFile);
  return String(document.getIn([...kratosPath(stackFile, document, project), "dir"]));
}

/**
 * What a stack file says, to compare: without comments and layout, and without the salt, which Pulumi adds by itself.
 *
 * @throws UserError when the file cannot be read
 */
export function contentOf(stackFile: string): unknown {
  const { encryptionsalt: _, ...content } = (readStackFile(stackFile).toJS() ?? {}) as Record<
    string,
    unknown
  >;
  return content;
}

function kratosPath(file: string, document: Document, project: string): string[] {
  const path = ["config", keyIn(document, project, "target"), "kratos"];
  if (typeof document.getIn([...path, "dir"]) === "string") return path;
  throw new UserError(
    `${file} names no folder at ${project}:target.kratos.dir, which the local Kratos needs; name one below .local`,
  );
}

/** A key of the project as a stack file spells it: Pulumi writes the project's name before it, and reads it without, too. */
const keyIn = (document: Document, project: string, name: string): string =>
  document.hasIn(["config", name]) ? name : `${project}:${name}`;

function readStackFile(file: string): Document {
  const document = parseDocument(textOf(file));
  const [error] = document.errors;
  if (error) {
    throw new UserError(
      `cannot read ${file}: not valid YAML: ${error.message.split("\n")[0]!.replace(/:$/, "")}`,
    );
  }
  return document;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}
