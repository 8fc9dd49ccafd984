/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** An identity config, or a part of one: a Kratos-shaped document as plain data. */
export type Document = { [key: string]: Json };

/** Stands for a leaf whose value is not known during a preview. */
export const UNKNOWN = { unknown: true } as const;

/** Whether `value` is the stand-in for a leaf that is not known yet. */
export function isUnknown(value: unknown): boolean {
  return isBranch(value) && value.unknown === true && Object.keys(value).length === 1;
}

/** Whether `value` is a plain object, the only kind of node that documents branch at besides arrays. */
export function isBranch(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const INLINE = "base64://";

/** Encodes a text as the `base64://` URI that Kratos reads it from. */
export function inlineUri(text: string): string {
  return INLINE + Buffer.from(text, "utf8").toString("base64");
}

/** The text behind a `base64://` URI, or undefined where `value` is not one. */
export function inlineText(value: unknown): string | undefined {
  if (typeof value !== "string" || !value.startsWith(INLINE)) return undefined;
  return Buffer.from(value.slice(INLINE.length), "base64").toString("utf8");
}

/** The value of a JSON text, or undefined where `text` is none. */
export function parsedJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether `value` is a plain object without keys. */
export const isEmptyObject = (value: unknown): boolean => isBranch(value) && Object.keys(value).length === 0;

/** What a target is for. */
export type Environment = "prod" | "stage" | "dev";
