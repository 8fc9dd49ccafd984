import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Input } from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import { getRootDirectory } from "@pulumi/pulumi/metadata";

/** A text that an identity config points at: an identity schema, a message template, Jsonnet. */
export class Asset {
  /** @param name Names the text in diffs; unique in a program. */
  constructor(
    readonly name: string,
    readonly text: Input<string>,
  ) {}
}

/** A text that an argument gives, either with a name of its own or to be named `name`. */
export function assetNamed(name: string, text: Asset | Input<string>): Asset {
  return text instanceof Asset ? text : new Asset(name, text);
}

/**
 * A text from a file, shown in diffs under its path.
 * @param path Relative to the folder of Pulumi.yaml.
 */
export function textFile(path: string): Asset {
  return new Asset(path, readText(path));
}

/** The content of a file. Throws RunError, which is shown without a stack, where it cannot be read as UTF-8. */
export function readText(path: string): string {
  const file = resolve(getRootDirectory(), path);
  try {
    return new TextDecoder("utf8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT"
        ? "there is no such file; paths start from the folder of Pulumi.yaml"
        : code === "EISDIR"
          ? "it is a folder; name a file in it"
          : code?.startsWith("ERR_ENCODING")
            ? "it is not UTF-8; save it as UTF-8"
            : message;
    throw new RunError(`cannot read "${path}" (${file}): ${reason}`);
  }
}
