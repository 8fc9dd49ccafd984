import { createHash } from "node:crypto";
import { canonical } from "../../identity-config/canonical";
import { leavesOf } from "../../identity-config/leaves";
import { type Document, inlineText, inlineUri } from "../../identity-config/model";
import { mapScalars, scalarsOf } from "../../identity-config/scalars";
import { STORAGE_URL } from "./behavior";

/** SHA-512 of a text, hexadecimal. */
export const hashOf = (text: string): string => createHash("sha512").update(text, "utf8").digest("hex");

/** The texts in `documents`, in their own spelling and in the canonical one, by SHA-512. */
export function textsOf(...documents: Document[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const document of documents.flatMap((one) => [one, canonical(one)])) {
    for (const [, value] of scalarsOf(document)) {
      const text = inlineText(value);
      if (text !== undefined) texts.set(hashOf(text), text);
    }
  }
  return texts;
}

/** The storage URLs at `paths` of `document` whose texts are not in `known`, by SHA-512. */
export function unreadTexts(
  document: Document,
  paths: (path: string) => boolean,
  known: ReadonlyMap<string, string>,
): Map<string, string> {
  const unread = new Map<string, string>();
  for (const [path, leaf] of leavesOf(document)) {
    if (!paths(path)) continue;
    for (const [, value] of scalarsOf(leaf)) {
      const hash = storedHash(value);
      if (hash !== undefined && !known.has(hash)) unread.set(hash, value as string);
    }
  }
  return unread;
}

/** `document` with the texts themselves in the place of URLs of storage. */
export function withTexts(document: Document, texts: ReadonlyMap<string, string>): Document {
  const withText = (_path: string, value: unknown) => {
    const text = texts.get(storedHash(value) ?? "");
    return text === undefined ? value : inlineUri(text);
  };
  return mapScalars("", document, withText) as Document;
}

const storedHash = (value: unknown): string | undefined =>
  typeof value === "string" ? STORAGE_URL.exec(value)?.[1] : undefined;
