import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { JsonPatch, Project, Workspace } from "@ory/client";
import type { Document } from "../../infra/identity-config/model";
import { notFound } from "./api-error";
import { fakeNetworkApp, PROJECTS_PATH, STORAGE_PATH } from "./app";
import type { Call } from "./calls";
import { identityConfig } from "./document";
import type { FaultSchedule } from "./faults";
import { patched } from "./json-patch";
import { newKeys } from "./keys";
import { newProject, type ProjectSeed } from "./new-project";
import { withOrganizationHooks } from "./organization-hook";
import { defaultQuirks, type Quirks } from "./quirks";
import { runnable } from "./runnable";
import { Storage } from "./storage";
import { StoredProject, type Validate } from "./store";
import { validateWithKratos } from "./validation";

/** How a fake Ory Network is started. */
export interface FakeNetworkOptions {
  /** @default any free one */
  port?: number;
  /** @default one new project */
  projects?: readonly ProjectSeed[];
  /** What differs from the defaults in QUIRKS. */
  quirks?: Partial<Quirks>;
  /** What goes wrong with which call. @default nothing */
  faults?: FaultSchedule;
  /**
   * What URLs of stored contents start with. The fake serves them at its own `storageUrl` in any case.
   * @default storageUrl, so that the URLs can be read
   */
  contentUrl?: string;
  /** A Kratos executable that has to take each identity config; without one, only its outline is checked. */
  kratosBinary?: string;
  /**
   * Told of each new revision before its write is answered, but not of what a project starts with. `config` is what a
   * self-hosted Kratos would load. Where it throws, the write is refused.
   */
  onRevision?: (project: Project, config: Document) => void | Promise<void>;
  /** The time in milliseconds, for the limits of requests. @default Date.now */
  now?: () => number;
}

/** A fake Ory Network that is running. */
export interface FakeNetwork {
  /** The Console API, without a slash at its end. */
  readonly consoleUrl: string;
  /** Where stored contents are served, whatever URLs the documents hold. */
  readonly storageUrl: string;
  /** The key that the Console API takes. */
  readonly workspaceKey: string;
  /** The key that the Admin API of each project takes. */
  readonly projectKey: string;
  readonly workspaceId: string;
  /** All requests so far, oldest first. Empty it with `calls.length = 0`. */
  readonly calls: Call[];
  /** By id. */
  readonly projects: ReadonlyMap<string, StoredProject>;
  /** The URL of a project's own APIs, without a slash at its end; in reality `https://<slug>.projects.oryapis.com`. */
  projectUrl(slug: string): string;
  addProject(seed?: ProjectSeed): StoredProject;
  /** Changes some quirks for all requests from now on. */
  setQuirks(quirks: Partial<Quirks>): Promise<void>;
  /** From the next call of the Console API on, which is number 1; undefined: nothing goes wrong any more. */
  setFaults(faults?: FaultSchedule): void;
  /** Writes as somebody else would, whatever the revision. The new revision's id. */
  writeAsOther(projectId: string, patch: readonly JsonPatch[]): Promise<string>;
  /** What a self-hosted Kratos would have to load to answer for the project. */
  runnable(projectId: string): Document;
  /** Makes new keys; the old ones are refused from now on. */
  rotateKeys(): void;
  stop(): Promise<void>;
}

/**
 * Starts a fake of Ory Network on 127.0.0.1: the part of the Console API that reads and configures projects, with what
 * the real one is known to do beside, and the projects' own APIs where a Kratos is attached to them.
 *
 * @example
 * ```ts
 * const network = await startFakeNetwork({ projects: [{ id: "shop" }], quirks: { secrets: "masked" } });
 * const { consoleUrl: basePath, workspaceKey: accessToken } = network;
 * const api = new ProjectApi(new Configuration({ basePath, accessToken }));
 * const { data: project } = await api.getProject({ projectId: "shop" });
 * await network.stop();
 * ```
 */
export async function startFakeNetwork(options: FakeNetworkOptions = {}): Promise<FakeNetwork> {
  let quirks: Quirks = { ...defaultQuirks(), ...options.quirks };
  let faults = options.faults;
  let scheduled = 0;
  let keys = newKeys();
  const calls: Call[] = [];
  const projects = new Map<string, StoredProject>();
  const workspace = newWorkspace();
  const stopped = new AbortController();

  const server = createAdaptorServer({ fetch: (request, env) => app.fetch(request, env) });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const storageUrl = `${url}${STORAGE_PATH}`;
  const storage = new Storage(options.contentUrl ?? storageUrl);
  const projectUrl = (slug: string) => `${url}${PROJECTS_PATH}/${slug}`;
  const kratosTakes: Validate = options.kratosBinary
    ? validateWithKratos(options.kratosBinary, storage, stopped.signal)
    : async () => undefined;

  const find = (id: string): StoredProject => {
    const project = projects.get(id);
    if (!project) throw notFound(`There is no project ${id}.`);
    return project;
  };
  const runnableConfig = (project: Project) => runnable(identityConfig(project), storage);
  const validate: Validate = async (project) => {
    await kratosTakes(project);
    await options.onRevision?.(project, runnableConfig(project));
  };
  const addProject = (seed: ProjectSeed = {}): StoredProject => {
    const first = newProject(seed, workspace.id);
    const shaped = quirks.organizationHook ? withOrganizationHooks(first) : first;
    const project = new StoredProject(shaped, { quirks: () => quirks, storage, validate }, seed.kratos);
    projects.set(first.id, project);
    return project;
  };
  const writeAsOther = async (id: string, patch: readonly JsonPatch[]): Promise<string> => {
    const change = (project: Project) => patched(project, patch, quirks.strictPatch);
    return (await find(id).write(change, { writer: "other" })).project.revision_id;
  };

  const stop = async (): Promise<void> => {
    stopped.abort();
    const closed = once(server, "close");
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
    await closed;
  };

  try {
    for (const seed of options.projects ?? [{}]) addProject(seed);
  } catch (error) {
    await stop();
    throw error;
  }
  const app = fakeNetworkApp({
    calls,
    projects,
    workspace,
    storage,
    quirks: () => quirks,
    keys: () => keys,
    faults: ({ method, path }) => faults?.({ number: ++scheduled, method, path }) ?? [],
    projectUrl,
    writeAsOther,
    now: options.now ?? Date.now,
  });
  return {
    consoleUrl: url,
    storageUrl,
    get workspaceKey() {
      return keys.workspace;
    },
    get projectKey() {
      return keys.project;
    },
    workspaceId: workspace.id,
    calls,
    projects,
    projectUrl,
    addProject,
    writeAsOther,
    async setQuirks(changed) {
      const addsHooks = changed.organizationHook === true && !quirks.organizationHook;
      quirks = { ...quirks, ...changed };
      if (!addsHooks) return;
      for (const project of projects.values())
        await project.write(withOrganizationHooks, { writer: "other" });
    },
    setFaults(schedule) {
      faults = schedule;
      scheduled = 0;
    },
    runnable: (id) => runnableConfig(find(id).project),
    rotateKeys() {
      keys = newKeys();
    },
    stop,
  };
}

function newWorkspace(): Workspace {
  const now = new Date().toISOString();
  return { id: randomUUID(), name: "Fake workspace", created_at: now, updated_at: now };
}
