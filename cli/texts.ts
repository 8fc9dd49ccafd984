import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Document, inlineUri } from "../infra/identity-config/model";
import { mapScalars, scalarsOf } from "../infra/identity-config/scalars";
import { isSensitive } from "../infra/identity-config/sensitive";
import { obstacle } from "../infra/targets/kratos/config-file";

/** A config with the texts that it points at inlined as `base64://`. */
export interface WithTexts {
  document: Document;
  /** What is pointed at and could not be read, a line each. */
  unread: string[];
}

/** A text that is larger is none that Kratos would read, in bytes. */
const LARGEST_TEXT = 4 * 1024 * 1024;

/**
 * `document` with what `file://` URIs point at inlined, so that rules can look into schemas and Jsonnet.
 * @param dir Where relative ones start.
 * @param host The host that they are on; from there, no texts are read. Default: this machine.
 */
export async function withTexts(document: Document, dir: string, host?: string): Promise<WithTexts> {
  const texts = new Map<string, string>();
  const unread: string[] = [];
  for (const [path, uri] of scalarsOf(document)) {
    // What stands at sensitive paths, such as keys that sign tokens, is nobody's to look at.
    if (typeof uri !== "string" || !uri.startsWith("file://") || isSensitive(path)) continue;
    const file = resolve(dir, pathOf(uri));
    try {
      if (host !== undefined) throw new Error(`it is on ${host}`);
      texts.set(path, inlineUri(await readText(file)));
    } catch (error) {
      unread.push(`cannot read ${file}, which ${path} points at: ${(error as Error).message}`);
    }
  }
  const inlined = mapScalars("", document, (path, value) => texts.get(path) ?? value);
  return { document: inlined as Document, unread };
}

/** Kratos takes what follows `file://` for a path, also a relative one. */
function pathOf(uri: string): string {
  const path = uri.slice("file://".length);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function readText(file: string): Promise<string> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === "ENOENT" ? "there is no such file" : obstacle(error));
  });
  if (!found.isFile()) throw new Error("it is no file");
  if (found.size > LARGEST_TEXT) throw new Error("it is larger than 4 MiB");
  return readFile(file, "utf8");
}
