import type { Environment } from "../../identity-config/model";

/** A project on Ory Network. */
export interface NetworkSettings {
  /** The project's id, a UUID. */
  project: string;
  /** What the project was created as. A project of another kind is refused before anything is planned. */
  environment: Environment;
  /** Base URL of the project's own APIs, walked by SignInProof. Default: `https://<slug>.projects.oryapis.com`. */
  projectUrl?: string;
}

/** How Ory Network is reached: the provider's own configuration, each overridden by the environment. */
export interface NetworkAccess {
  /** Workspace API key, `ory_wak_…`; a secret. `ORY_WORKSPACE_API_KEY` wins over it. */
  workspaceApiKey?: string;
  /** Project API key, `ory_pat_…`, for SignInProof's identities; a secret. `ORY_PROJECT_API_KEY` wins over it. */
  projectApiKey?: string;
  /** Base URL of the Console API. `ORY_CONSOLE_URL` wins over it. Default: the one of `@ory/client`. */
  consoleUrl?: string;
  /** Ids of the projects that may be used at all; a workspace key reaches every project. Default: any. */
  allowedProjectIds?: string[];
}
