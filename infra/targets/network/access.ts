import { parsedJson } from "../../identity-config/model";
import { UserError } from "../../identity-config/user-error";
import type { NetworkAccess } from "./settings";

/** Keys of the provider's own configuration. */
const KEYS = ["workspaceApiKey", "projectApiKey", "consoleUrl", "allowedProjectIds"] as const;

/**
 * The provider's own configuration, which is untrusted. The engine hands over lists as JSON texts where they come from
 * a stack's file. Throws UserError.
 */
export function networkAccess(config: Record<string, unknown>): NetworkAccess {
  const given = Object.entries(config).filter(
    ([name, value]) => isOurs(name) && value !== undefined && value !== "",
  );
  const access = Object.fromEntries(given.map(([name, value]) => [name, checked(name, value)]));
  return access as NetworkAccess;
}

/** Not what the engine and the SDK add for themselves. */
function isOurs(name: string): boolean {
  if (KEYS.some((key) => key === name)) return true;
  if (name === "version" || name === "pluginDownloadURL" || name.startsWith("__")) return false;
  throw new UserError(
    `ory:${name} is not a key of the provider's configuration; allowed: ${KEYS.join(", ")}, rules`,
  );
}

function checked(name: string, value: unknown): string | string[] {
  if (name === "allowedProjectIds") {
    const ids = typeof value === "string" ? parsed(value) : value;
    if (Array.isArray(ids) && ids.every((id) => typeof id === "string" && id !== "")) return ids;
    throw new UserError("ory:allowedProjectIds must be a list of project ids");
  }
  if (typeof value !== "string") throw new UserError(`ory:${name} must be a text`);
  if (name === "consoleUrl" && !/^https?:\/\/[^/?#@\s]+([/]\S*)?$/.test(value))
    throw new UserError("ory:consoleUrl must be a URL that starts with http:// or https://");
  return value;
}

function parsed(text: string): unknown {
  const json = parsedJson(text);
  return json === undefined ? text.split(",").map((id) => id.trim()) : json;
}
