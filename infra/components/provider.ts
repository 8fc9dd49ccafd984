import type { Input, ResourceOptions } from "@pulumi/pulumi";
import { output, secret } from "@pulumi/pulumi/output";
import { ProviderResource } from "@pulumi/pulumi/resource";

/** Arguments of Provider. */
export interface ProviderArgs {
  /** Workspace API key, `ory_wak_…`; kept as a secret. `ORY_WORKSPACE_API_KEY` wins over it. */
  workspaceApiKey?: Input<string>;
  /** Project API key, `ory_pat_…`, for SignInProof's identities; kept as a secret. `ORY_PROJECT_API_KEY` wins over it. */
  projectApiKey?: Input<string>;
  /** Base URL of the Console API. `ORY_CONSOLE_URL` wins over it. Default: the one of `@ory/client`. */
  consoleUrl?: Input<string>;
  /** Ids of the projects that may be read and written at all; a workspace key reaches every project. Default: any. */
  allowedProjectIds?: Input<string[]>;
  /** What is set about rules, by their ids; docs/rules.md has what can be set. Default: their defaults. */
  rules?: Input<Record<string, Record<string, string | number | boolean>>>;
}

/**
 * How Ory Network is reached, and what is set about rules, for a program with several workspaces. One workspace needs no Provider: set the keys in
 * the environment, or as `ory:workspaceApiKey` in the stack's configuration.
 * @example
 * ```ts
 * const eu = new Provider("eu", { workspaceApiKey: process.env.ORY_EU_WORKSPACE_API_KEY });
 * new IdentityConfig("shop", { target: { network: { project: "3f0c9a52", environment: "prod" } } }, { provider: eu });
 * ```
 */
export class Provider extends ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, opts?: ResourceOptions) {
    const { workspaceApiKey, projectApiKey, consoleUrl, allowedProjectIds, rules } = args;
    const props = {
      workspaceApiKey: workspaceApiKey && secret(workspaceApiKey),
      projectApiKey: projectApiKey && secret(projectApiKey),
      consoleUrl,
      // A provider's inputs are texts.
      allowedProjectIds: allowedProjectIds && output(allowedProjectIds).apply((ids) => JSON.stringify(ids)),
      rules: rules && output(rules).apply((settings) => JSON.stringify(settings)),
    };
    super("ory", name, props, opts);
  }
}
