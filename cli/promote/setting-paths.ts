import { isBranch } from "../../infra/identity-config/model";
import { join } from "../../infra/identity-config/path";
import { environmentReason } from "../../infra/identity-config/promotion/environment-keys";
import { isKept } from "../../infra/identity-config/promotion/promotable";

/** Keys of a stack's file that are about the stack itself. */
const OWN = ["target", "secrets", "proof", "acknowledge", "promotion", "rollback"];

/** Whether the setting at `path` is about the stack itself. */
export const isOwn = (path: readonly string[]): boolean => OWN.includes(path[0]!);

/** Where settings come to stand in the identity config; the nearest one above counts. */
const CONFIG_PATHS: Readonly<Record<string, string>> = {
  "email.smtp": "/courier/smtp",
  "email.http": "/courier/http/request_config",
  sms: "/courier/channels[id=sms]/request_config",
  "secondFactor.code": "/selfservice/methods/code/mfa_enabled",
  "secondFactor.totp": "/selfservice/methods/totp/enabled",
  "secondFactor.totp.issuer": "/selfservice/methods/totp/config/issuer",
  "secondFactor.lookupSecret": "/selfservice/methods/lookup_secret/enabled",
  "secondFactor.webauthn": "/selfservice/methods/webauthn/config",
  "passwordless.code": "/selfservice/methods/code/passwordless_enabled",
  "passwordless.passkey": "/selfservice/methods/passkey/config",
  "passwordless.webauthn": "/selfservice/methods/webauthn/config",
  "requiredAal.session": "/session/whoami/required_aal",
  "requiredAal.settings": "/selfservice/flows/settings/required_aal",
  raw: "",
};

/** Where the setting at `path`, such as `["email", "smtp", "fromName"]`, comes to stand; undefined where nothing tells. */
export function configPathOf(path: readonly string[]): string | undefined {
  for (let length = path.length; length > 0; length--) {
    const start = CONFIG_PATHS[path.slice(0, length).join(".")];
    if (start === undefined) continue;
    const spelled = path[0] === "raw" ? (name: string) => name : snakeCase;
    return path.slice(length).reduce((above, name) => join(above, spelled(name)), start);
  }
  return undefined;
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A value that `pulumi config set --secret` has encrypted. */
export const isEncrypted = (value: unknown): boolean =>
  isBranch(value) && typeof value.secure === "string" && Object.keys(value).length === 1;

/** Why the setting at `path` belongs to an environment; undefined where it is promoted. */
export function settingReason(
  path: readonly string[],
  values: readonly unknown[],
  keep: readonly string[],
): string | undefined {
  if (isOwn(path)) return "the stack's own";
  if (values.some(isEncrypted)) return "a secret";
  const config = configPathOf(path);
  const name = path.join(".");
  if (keep.some((kept) => name === kept || name.startsWith(`${kept}.`))) return "kept by promotion.keep";
  if (config !== undefined)
    return environmentReason(config) ?? (isKept(config, keep) ? "kept by promotion.keep" : undefined);
  return values.some(isUrl) ? "a URL" : undefined;
}

const isUrl = (value: unknown): boolean =>
  typeof value === "string" && /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
