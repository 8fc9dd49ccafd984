import type { Project } from "@ory/client";
import type { Document, Json } from "../../infra/identity-config/model";
import { copy, identityConfig, put, valueAt, withIdentityConfig } from "./document";
import { ORGANIZATION_HOOKS } from "./known-paths";

const HOOK: Document = { hook: "organization" };

/** `project` with the hook that the Console adds for organizations, in front of the hooks that are there. */
export function withOrganizationHooks(project: Project): Project {
  const config = copy(identityConfig(project));
  for (const pointer of ORGANIZATION_HOOKS) {
    const hooks = (valueAt(config, pointer) ?? []) as Json[];
    const others = hooks.filter((hook) => (hook as Document).hook !== HOOK.hook);
    put(config, pointer, [HOOK, ...others]);
  }
  return withIdentityConfig(project, config);
}
