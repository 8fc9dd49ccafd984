import type { Project } from "@ory/client";
import type { Document } from "../../identity-config/model";

/** The sections of a project beside its services that the same call reads and writes. */
const SECTIONS = ["name", "cors_public", "cors_admin"] as const;

/** Where JSON patches for the project's API find the identity config. */
export const IDENTITY_CONFIG = "/services/identity/config";

/**
 * A project as one document: the identity config at the root, in Kratos's words, and everything else that can be
 * written with it under `project`, in the words of the project's API.
 */
export function documentOfProject(project: Project): Document {
  const { identity, ...others } = project.services as Record<string, unknown>;
  const config = (identity as { config?: object } | undefined)?.config ?? {};
  const sections = Object.fromEntries(
    SECTIONS.filter((name) => project[name] !== undefined).map((name) => [name, project[name]]),
  );
  return structuredClone({ ...config, project: { ...sections, services: others } }) as Document;
}

/** The inverse of `documentOfProject`: what JSON patches for the project's API are made from. */
export function projectOfDocument(document: Document): object {
  const { project, ...config } = document;
  const { services, ...sections } = (project ?? {}) as { services?: object };
  return { ...sections, services: { ...services, identity: { config } } };
}
