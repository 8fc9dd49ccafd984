import { randomUUID } from "node:crypto";
import type { Project, ProjectEnvironmentEnum } from "@ory/client";
import type { Document } from "../../infra/identity-config/model";
import { newIdentityConfig } from "./new-identity-config";

/** A project to start with. What is not given is as in a new project of Ory Network. */
export interface ProjectSeed {
  /** @default a random UUID */
  id?: string;
  /** @default two words and ten characters, made from the id */
  slug?: string;
  /** @default the slug */
  name?: string;
  /** @default "dev" */
  environment?: ProjectEnvironmentEnum;
  /** The identity config. It goes through the quirks like anything that is written. @default newIdentityConfig(slug) */
  config?: Document;
  /** Other keys of the project, such as `cors_public` or `organizations`. */
  more?: Partial<Project>;
  /** A running Kratos that answers for the project. It does not follow what is written here by itself. */
  kratos?: KratosUrls;
}

/** Base URLs of a running Kratos. */
export interface KratosUrls {
  publicUrl: string;
  adminUrl: string;
}

/** A project's first document, before the quirks. */
export function newProject(seed: ProjectSeed, workspaceId: string): Project {
  const id = seed.id ?? randomUUID();
  const slug = seed.slug ?? `fake-project-${id.replaceAll("-", "").slice(0, 10)}`;
  return {
    id,
    slug,
    name: seed.name ?? slug,
    revision_id: randomUUID(),
    state: "running",
    environment: seed.environment ?? "dev",
    home_region: "eu-central",
    workspace_id: workspaceId,
    cors_admin: { enabled: false, origins: [] },
    cors_public: { enabled: false, origins: [] },
    organizations: [],
    services: {
      identity: { config: seed.config ?? newIdentityConfig(slug) },
      oauth2: { config: { ttl: { access_token: "1h0m0s" } } },
      permission: { config: { namespaces: [] } },
      account_experience: { config: { default_locale: "en" } },
    },
    ...seed.more,
  };
}
