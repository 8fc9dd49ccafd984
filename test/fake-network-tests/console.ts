import {
  Configuration,
  type JsonPatch,
  type Project,
  ProjectApi,
  type SuccessfulProjectUpdate,
} from "@ory/client";
import axios, { type AxiosResponse } from "axios";
import type { Document, Json } from "../../infra/identity-config/model";
import {
  type FakeNetwork,
  type FakeNetworkOptions,
  NO_QUIRKS,
  type Quirks,
  startFakeNetwork,
} from "../fake-network";

/** The JSON pointer of the identity config within a project. */
export const CONFIG = "/services/identity/config";

/** The one project of a fake, through @ory/client. */
export interface Console {
  network: FakeNetwork;
  id: string;
  api: ProjectApi;
  read(): Promise<Project>;
  /** What the identity config holds at a JSON pointer, as it is read. */
  value(pointer: string): Promise<unknown>;
  /** Patches what was read last, with pointers of the identity config. */
  write(...operations: JsonPatch[]): Promise<SuccessfulProjectUpdate>;
  set(pointer: string, value: unknown): Promise<SuccessfulProjectUpdate>;
}

export const configOf = (project: Project): Document => project.services.identity!.config as Document;

export function at(document: Document, pointer: string): Json | undefined {
  const keys = pointer.split("/").slice(1);
  return keys.reduce<Json | undefined>((value, key) => (value as Document | undefined)?.[key], document);
}

const running: FakeNetwork[] = [];

/** Starts a fake that `stopAll` ends. */
export async function startConsole(options: FakeNetworkOptions = {}): Promise<Console> {
  const network = await startFakeNetwork(options);
  running.push(network);
  return consoleOf(network);
}

/** A fake without any quirks but these. */
export const quirky = (quirks: Partial<Quirks>): Promise<Console> =>
  startConsole({ quirks: { ...NO_QUIRKS, ...quirks } });

/** Another client of the first project of a fake. */
export function consoleOf(network: FakeNetwork, accessToken = network.workspaceKey): Console {
  const id = [...network.projects.keys()][0]!;
  const http = axios.create({ timeout: 10_000 });
  const api = new ProjectApi(
    new Configuration({ basePath: network.consoleUrl, accessToken }),
    undefined,
    http,
  );
  let revisionId = network.projects.get(id)!.project.revision_id;
  const console: Console = {
    network,
    id,
    api,
    async read() {
      const { data } = await api.getProject({ projectId: id });
      revisionId = data.revision_id;
      return data;
    },
    value: async (pointer) => at(configOf(await console.read()), pointer),
    async write(...operations) {
      const jsonPatch = operations.map((operation) => ({ ...operation, path: CONFIG + operation.path }));
      const { data } = await api.patchProjectWithRevision({ projectId: id, revisionId, jsonPatch });
      revisionId = data.project.revision_id;
      return data;
    },
    set: (path, value) => console.write({ op: "replace", path, value }),
  };
  return console;
}

export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((network) => network.stop()));
}

/** The answer of a call that fails; a call that succeeds fails the test. */
export async function failure(call: Promise<unknown>): Promise<AxiosResponse> {
  const result = await call.then(
    () => undefined,
    (error) => error,
  );
  if (result === undefined) throw new Error("the call succeeded");
  if (!axios.isAxiosError(result) || !result.response) throw result;
  return result.response;
}

/** The code of a call whose answer does not come or does not end. axios gives the latter one the status of its head. */
export async function noAnswer(call: Promise<unknown>): Promise<string | undefined> {
  const error = await call.then(
    () => undefined,
    (reason) => reason,
  );
  if (!axios.isAxiosError(error) || (error.response?.status ?? 200) !== 200)
    throw error ?? new Error("the call succeeded");
  return error.code;
}
