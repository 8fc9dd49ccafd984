import { dirname } from "node:path";
import type { Document } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import { parsedConfig, readConfig } from "../infra/targets/kratos/config-file";
import { overlay } from "../infra/targets/kratos/files";
import { type WithTexts, withTexts } from "./texts";

/** A configuration file, as it was named. */
export interface SourceFile {
  name: string;
  text: string;
}

/** One config that was read from files. */
export interface ReadFiles extends WithTexts {
  files: SourceFile[];
  /** The config as the files have it, with what `file://` points at left where it is. */
  merged: Document;
}

/** Standard input, where a file is named. */
const STDIN = "-";

/**
 * Reads files as `kratos serve -c one -c two` does: all merged, later ones winning. Throws UserError where one is missing or no config.
 * @param workingDir Where relative `file://` URIs start from. Default: the folder of the first file.
 */
export async function readFiles(names: readonly string[], workingDir?: string): Promise<ReadFiles> {
  const read = await Promise.all(names.map(readFile));
  const dir = workingDir ?? (names[0] === STDIN ? "." : dirname(names[0]!));
  const merged = read.reduce<Document>((base, { document }) => overlay(base, document), {});
  const files = read.map(({ text }, index) => ({
    name: names[index] === STDIN ? "<stdin>" : names[index]!,
    text,
  }));
  return { files, merged, ...(await withTexts(merged, dir)) };
}

/** Reads one YAML or JSON file. Throws UserError where it is missing or no mapping. */
export async function readFile(name: string): Promise<{ text: string; document: Document }> {
  if (name === STDIN) {
    const chunks = await process.stdin.toArray();
    const text = Buffer.concat(chunks).toString("utf8");
    return { text, document: parsedConfig("standard input", text).document };
  }
  const { text, document } = await readConfig(name);
  if (text === undefined) {
    const hint = /^kratos\/[^/?]+$/.test(name)
      ? `; a Kratos is named ${name}?dir=<folder of kratos.yml>`
      : "";
    throw new UserError(`cannot read ${name}: there is no such file${hint}`);
  }
  return { text, document };
}
