import { KEY_PREFIXES } from "../../infra/targets/network/behavior";
import { about, type Finding } from "./finding";

const { ok, warn, fail } = about("keys");

const KEYS = [
  ["ORY_WORKSPACE_API_KEY", "workspaceApiKey", "workspace", "reads and writes configurations of projects"],
  ["ORY_PROJECT_API_KEY", "projectApiKey", "project", "reaches identities of a project"],
] as const;

/**
 * Whether the keys for Ory Network are of the kind that they are named after. No part of a key is told but its prefix.
 * @param configured What the stack's configuration sets of the provider's; the environment wins.
 */
export function keys(configured: Record<string, unknown>, env: NodeJS.ProcessEnv = process.env): Finding[] {
  return KEYS.map(([variable, setting, kind, use]) => {
    const [name, key] = env[variable]?.trim()
      ? [variable, env[variable]]
      : [`ory:${setting}`, configured[setting]];
    const create = `create a ${kind} API key (${KEY_PREFIXES[kind][0]}…) in the Console, ${kind === "workspace" ? "Workspace" : "Project"} settings, API keys, and set ${name}`;
    if (typeof key !== "string" || key.trim() === "")
      return ok(`${variable} is not set; it ${use}, on Ory Network only`);
    const has = (one: keyof typeof KEY_PREFIXES) =>
      KEY_PREFIXES[one].some((prefix) => key.trim().startsWith(prefix));
    const other = kind === "workspace" ? "project" : "workspace";
    if (has(other)) return fail(`${name} holds a ${other} API key`, create);
    if (!has(kind)) return warn(`${name} holds no key of a known kind`, create);
    if (key !== key.trim()) return warn(`${name} has white space around the key`, "set it without");
    return ok(`${name} holds a ${kind} API key`);
  });
}
