/**
 * How others are documented to configure a project, replayed against the same fake: which calls they make in which order.
 * Neither starts a process here; each is given the least calls that its documentation and sources allow.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { JsonPatch, Project } from "@ory/client";
import type { FakeNetwork } from "../test/fake-network";

/** Operations that a declaration is made of, one for each part. */
export type Parts = readonly JsonPatch[];

/** How many resources Terraform handles at once, when nothing is said. */
const PARALLELISM = 10;

/** Calls of the Console API for one project; what is refused for its number is repeated after 1, 2, 4, … seconds. */
function calls({ consoleUrl, workspaceKey }: FakeNetwork, project: string) {
  return async (method: string, body?: unknown): Promise<Project> => {
    for (let pause = 1_000; ; pause *= 2) {
      const response = await fetch(`${consoleUrl}/projects/${project}`, {
        method,
        headers: { authorization: `Bearer ${workspaceKey}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (response.ok) return (await response.json()) as Project;
      if (response.status !== 429) throw new Error(`a model was answered ${response.status}`);
      await delay(pause);
    }
  };
}

/**
 * ory/terraform-provider-ory: each resource reads the whole project in a plan; an apply writes each one that changes,
 * one after the other and without a revision (internal/client/client.go).
 */
export function terraform(network: FakeNetwork, project: string) {
  const call = calls(network, project);
  const plan = async (parts: Parts) => {
    const waiting = [...parts];
    const worker = async () => {
      while (waiting.pop() !== undefined) await call("GET");
    };
    await Promise.all(Array.from({ length: PARALLELISM }, worker));
  };
  return {
    plan,
    async apply(parts: Parts, changed: Parts): Promise<void> {
      await plan(parts);
      for (const operation of changed) await call("PATCH", [operation]);
    },
  };
}

/**
 * `ory update identity-config`: reads the project for what its file does not hold, and replaces all of it, whatever has
 * changed and whoever has written meanwhile (ory/cli cmd/cloudx/client/project.go). It has no preview.
 */
export function oryCli(network: FakeNetwork, project: string) {
  const call = calls(network, project);
  return {
    async update(config: object): Promise<void> {
      const { name, cors_admin, cors_public, organizations, services } = await call("GET");
      const replaced = { ...services, identity: { config } };
      await call("PUT", { name, cors_admin, cors_public, organizations, services: replaced });
    },
  };
}
