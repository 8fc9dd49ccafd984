import { leavesOf } from "./leaves";
import { type Document, inlineText, inlineUri, isBranch } from "./model";
import { join } from "./path";
import { hasReference } from "./references";
import { scalarsOf } from "./scalars";

/** What is shown in place of a secret. */
export const REDACTED = "[secret]";

/** How Ory Network shows secrets, where it does at all: never one itself. Source: ory/terraform-provider-ory, ory/cli. */
export const MASK = /^(\*+|\[?<?(redacted|masked|hidden|secret)>?\]?)$/i;

/** Paths whose values are secrets wherever they come from; `*` stands for one step. */
const SENSITIVE_PATHS = [
  /^\/dsn$/,
  // Of Kratos, and of the other services of a project on Ory Network.
  /^(\/project\/services\/[^/]+\/config)?\/secrets(\/|$)/,
  /\/(pairwise_salt|pairwise\/salt)$/,
  /\/captcha\/config\/(cf_turnstile\/)?secret$/,
  /\/connection_uri$/,
  /\/auth\/config\/(value|password)$/,
  // How long a token lives and of what kind it is, is none.
  /\/(client_secret|apple_private_key|private_key|api_key|access_token|ssl_client_key)$(?<!\/(ttl|strategies)\/access_token)/,
  // The keys that tokens are signed with, inlined as base64://.
  /\/jwks_url$/,
  /\/headers\/[^/]*(authorization|cookie|secret|token|key|password)[^/]*$/i,
  /\/password$(?<!\/methods\/password|\/after\/password)/,
];

/**
 * `://user:password@host`; SMTP URIs are written with raw slashes in passwords, too. A text of megabytes is searched in
 * one go: looking for the scheme's beginning, or without a bound for its end, would take minutes.
 */
const USERINFO = /(smtps?:\/\/)[^\s"]{1,1000}@|(:\/\/)[^/?#\s"@]+@/gi;

/** What nobody declares as a secret. */
const NOWHERE = (): boolean => false;

/**
 * `value` as it may leave the provider: secrets at sensitive paths, in user information of URLs, and every known
 * secret's text are replaced.
 * @param known Texts of secrets that the program names; empty texts are ignored.
 * @param isSecret Whether the program has a secret at a path, so that whatever else stands there is one, too.
 */
export function redact(
  path: string,
  value: unknown,
  known: readonly string[] = [],
  isSecret: (path: string) => boolean = NOWHERE,
): unknown {
  if (isSensitive(path) || isSecret(path)) return isEmptyValue(value) ? value : REDACTED;
  if (typeof value === "string") return redactTextOrInlined(value, known);
  if (Array.isArray(value))
    return value.map((item, index) => redact(join(path, String(index)), item, known, isSecret));
  if (isBranch(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, redact(join(path, name), item, known, isSecret)]),
    );
  }
  return value;
}

/** An inlined text is no longer readable once encoded, so it is looked into. */
function redactTextOrInlined(value: string, known: readonly string[]): string {
  const text = inlineText(value);
  if (text === undefined) return redactText(value, known);
  const clean = redactText(text, known);
  return clean === text ? value : inlineUri(clean);
}

/**
 * The texts that stand at sensitive paths of `document`. Very short ones are left out: they would garble every message,
 * and tell nothing.
 */
export function sensitiveTexts(document: unknown): string[] {
  const isTelling = (value: unknown): value is string => typeof value === "string" && value.length > 3;
  return scalarsOf(document).flatMap(([path, value]) => (isTelling(value) && isSensitive(path) ? value : []));
}

/** User and password in a URL; a user alone is no secret. */
const PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s"@:]*:[^\s"]{1,1000}@/i;

/** Where a secret stands inside of a URL, or nowhere. */
const URLS = /\/(connection_uri|jwks_url)$|^\/dsn$/;

/**
 * The paths of `config`, a declaration whose references are not replaced, at which a secret stands as plain text: it is
 * in the program then, and in the state.
 */
export function plainSecrets(config: Document): string[] {
  return [...leavesOf(config)].flatMap(([leafPath, leaf]) =>
    scalarsOf(leaf, leafPath)
      .filter(([path, value]) => typeof value === "string" && isPlainSecret(path, value))
      .map(([path]) => path),
  );
}

function isPlainSecret(path: string, text: string): boolean {
  if (text === "" || text === REDACTED || hasReference(text)) return false;
  if (PASSWORD.test(text)) return true;
  return isSensitive(path) && (!URLS.test(path) || text.startsWith("base64://"));
}

/** Whether what stands at `path` is a secret wherever it comes from. */
export const isSensitive = (path: string): boolean => SENSITIVE_PATHS.some((pattern) => pattern.test(path));

const isEmptyValue = (value: unknown): boolean => value === undefined || value === null || value === "";

/** `text` without the known secrets and without user information in URLs; for messages and logs. */
export function redactText(text: string, known: readonly string[] = []): string {
  const longestFirst = known.flatMap(spellings).sort((a, b) => b.length - a.length);
  const clean = longestFirst.reduce((out, secret) => out.replaceAll(secret, REDACTED), text);
  return clean.replace(USERINFO, `$1$2${REDACTED}@`);
}

/** How `secret` may stand in a text: as it is, as a JSON text, and, of several lines such as a key's, line by line. */
function spellings(secret: string): string[] {
  if (secret === "") return [];
  const lines = secret.split("\n").filter((line) => line.length >= SHORTEST_LINE);
  return [secret, JSON.stringify(secret).slice(1, -1), ...(lines.length > 1 ? lines : [])];
}

/** Shorter lines of a secret of several lines are no secrets by themselves: a brace, a word. */
const SHORTEST_LINE = 8;

/** The paths of `document` at which something is redacted; inlined texts are looked into. */
export function secretPaths(document: Document, known: readonly string[]): string[] {
  const holds = (path: string, value: unknown): boolean =>
    JSON.stringify(redact(path, value, known)) !== JSON.stringify(value);
  return [...leavesOf(document)].filter(([path, value]) => holds(path, value)).map(([path]) => path);
}
