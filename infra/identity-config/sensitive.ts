import { leavesOf } from "./leaves";
import { type Document, inlineText, isBranch } from "./model";
import { join } from "./path";

/** What is shown in place of a secret. */
export const REDACTED = "[secret]";

/** Paths whose values are secrets wherever they come from; `*` stands for one step. */
const SENSITIVE_PATHS = [
  /^\/dsn$/,
  /^\/secrets(\/|$)/,
  /\/connection_uri$/,
  /\/auth\/config\/(value|password)$/,
  /\/(client_secret|apple_private_key|private_key|api_key|access_token|ssl_client_key)$/,
  /\/headers\/[^/]*(authorization|cookie|secret|token|key|password)[^/]*$/i,
  /\/password$(?<!\/methods\/password|\/after\/password)/,
];

/** `scheme://user:password@host`; SMTP URIs are written with raw slashes in passwords, too. */
const USERINFO = /(smtps?:\/\/)[^\s"]+@|([a-z][a-z0-9+.-]*:\/\/)[^/?#\s"@]+@/gi;

/**
 * `value` as it may leave the provider: secrets at sensitive paths, in user information of URLs, and every known
 * secret's text are replaced.
 * @param known Texts of secrets that the program names; empty texts are ignored.
 */
export function redact(path: string, value: unknown, known: readonly string[] = []): unknown {
  if (SENSITIVE_PATHS.some((pattern) => pattern.test(path))) return isEmptyValue(value) ? value : REDACTED;
  if (typeof value === "string") return redactText(value, known);
  if (Array.isArray(value)) return value.map((item, index) => redact(join(path, String(index)), item, known));
  if (isBranch(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, redact(join(path, name), item, known)]),
    );
  }
  return value;
}

const isEmptyValue = (value: unknown): boolean => value === undefined || value === null || value === "";

/** `text` without the known secrets and without user information in URLs; for messages and logs. */
export function redactText(text: string, known: readonly string[] = []): string {
  const longestFirst = known.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
  const clean = longestFirst.reduce((out, secret) => out.replaceAll(secret, REDACTED), text);
  return clean.replace(USERINFO, `$1$2${REDACTED}@`);
}

/** The paths of `document` at which something is redacted; inlined texts are looked into. */
export function secretPaths(document: Document, known: readonly string[]): string[] {
  const holds = (path: string, value: unknown): boolean =>
    JSON.stringify(redact(path, inlineText(value) ?? value, known)) !==
    JSON.stringify(inlineText(value) ?? value);
  return [...leavesOf(document)].filter(([path, value]) => holds(path, value)).map(([path]) => path);
}
