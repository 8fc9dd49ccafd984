import { randomUUID } from "node:crypto";
import { stringify } from "yaml";
import type { Document } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import { findExecutable } from "../infra/targets/kratos/executable";
import { mark, markedSchema, newMarker } from "../infra/targets/kratos/marker";
import { shows } from "../infra/targets/kratos/proof";
import { type RevisionMarker, revisionMarker } from "../infra/targets/kratos/versions";
import type { NetworkSettings } from "../infra/targets/network/settings";
import { writeWhole } from "../infra/targets/whole-file";
import { startFakeNetwork } from "../test/fake-network";
import type { LocalKratos } from "./kratos";

const SLUG = "shop-dev";

/** The longest wait until Kratos has loaded a config; it usually takes 0.1 s. */
const LOADING_MS = 15_000;

export type LocalNetworkOptions = {
  /** Answers for the project; nobody else may write its identity.yml. */
  kratos: LocalKratos;
  /** The path of the Kratos program, which refuses what would not load before it is written. */
  binary: string;
  signal: AbortSignal;
};

/** A fake of Ory Network with one project. */
export type LocalNetwork = {
  consoleUrl: string;
  /** The project, as a stack names it. */
  target: NetworkSettings & { projectUrl: string };
  /** By which the provider reaches it. Keys are among them. */
  env: Record<string, string>;
  stop(): Promise<void>;
};

/** Starts a fake of Ory Network, with one project whose config `kratos` runs from each of its revisions on. */
export async function startLocalNetwork({
  kratos,
  binary,
  signal,
}: LocalNetworkOptions): Promise<LocalNetwork> {
  const kind = revisionMarker((await findExecutable(binary, signal)).version);
  const project = randomUUID();
  const network = await startFakeNetwork({
    projects: [{ id: project, slug: SLUG, environment: "dev", kratos }],
    kratosBinary: binary,
    onRevision: (_project, config) => load(config, kratos, kind, signal),
  });
  try {
    await load(network.runnable(project), kratos, kind, signal);
  } catch (error) {
    await network.stop();
    throw error;
  }
  return {
    consoleUrl: network.consoleUrl,
    target: { project, environment: "dev", projectUrl: network.projectUrl(SLUG) },
    env: {
      ORY_CONSOLE_URL: network.consoleUrl,
      ORY_WORKSPACE_API_KEY: network.workspaceKey,
      ORY_PROJECT_API_KEY: network.projectKey,
    },
    stop: () => network.stop(),
  };
}

/** Lets `kratos` run `config`, and waits until it does. */
async function load(
  config: Document,
  { identityFile, adminUrl }: LocalKratos,
  kind: RevisionMarker,
  signal: AbortSignal,
): Promise<void> {
  const marker = newMarker(config);
  const marked = mark(config, config, marker, kind);
  if (marked === undefined) throw new UserError("the project's config delivers no default identity schema");
  await writeWhole(identityFile, stringify(marked), { mode: 0o600 });
  const evidence = { marker, kind, schemaId: markedSchema(config).id };
  if (await shows(adminUrl, evidence, LOADING_MS, signal)) return;
  throw new UserError(`the Kratos at ${adminUrl} did not load the project's config`);
}
