import { UserError } from "../../identity-config/user-error";
import { KEY_PREFIXES } from "./behavior";
import type { NetworkAccess } from "./settings";

const starts = (key: string, prefixes: readonly string[]) =>
  prefixes.some((prefix) => key.startsWith(prefix));

/**
 * The key that reads and writes a project's configuration. Throws UserError, before any call, where there is none or
 * it is of the kind that only reaches identities.
 */
export function workspaceKey(access: NetworkAccess): string {
  const [from, key] = pick("ORY_WORKSPACE_API_KEY", "ory:workspaceApiKey", access.workspaceApiKey);
  if (key === undefined) {
    throw new UserError(
      "no key for Ory Network: create a workspace API key in the Console (Workspace settings, API keys) and set ORY_WORKSPACE_API_KEY, or run `pulumi config set --secret ory:workspaceApiKey`",
    );
  }
  if (starts(key, KEY_PREFIXES.project)) {
    throw new UserError(
      `${from} holds a project API key (${prefixOf(key)}…), which reaches identities and no configuration; create a workspace API key (${KEY_PREFIXES.workspace[0]}…) in the Console instead`,
    );
  }
  return key;
}

/** The key that reaches a project's identities. Throws UserError as `workspaceKey` does. */
export function projectKey(access: NetworkAccess): string {
  const [from, key] = pick("ORY_PROJECT_API_KEY", "ory:projectApiKey", access.projectApiKey);
  if (key === undefined) {
    throw new UserError(
      "no key for the project's identities: create a project API key in the Console (Project settings, API keys) and set ORY_PROJECT_API_KEY, or run `pulumi config set --secret ory:projectApiKey`",
    );
  }
  if (starts(key, KEY_PREFIXES.workspace)) {
    throw new UserError(
      `${from} holds a workspace API key (${prefixOf(key)}…), which does not reach identities; create a project API key (${KEY_PREFIXES.project[0]}…) in the Console instead`,
    );
  }
  return key;
}

function pick(variable: string, setting: string, value: string | undefined): [string, string | undefined] {
  const fromEnvironment = process.env[variable]?.trim();
  return fromEnvironment ? [variable, fromEnvironment] : [setting, value?.trim() || undefined];
}

const prefixOf = (key: string): string => /^[a-z]+_[a-z]+_/.exec(key)?.[0] ?? "";
