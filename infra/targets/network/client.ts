import { addAbortListener } from "node:events";
import {
  Configuration,
  type JsonPatch,
  type Project,
  ProjectApi,
  type SuccessfulProjectUpdate,
} from "@ory/client";
import Bottleneck from "bottleneck";
import { STORAGE_URL, THROTTLE } from "./behavior";
import { workspaceKey } from "./credentials";
import { type Call, problem } from "./problem";
import { repeating } from "./repeating";
import type { NetworkAccess } from "./settings";
import { hashOf } from "./texts";

/** One throttle for all that this process calls. */
const throttle = new Bottleneck(THROTTLE);

const http = repeating();

/** The Console API's calls for one project, with retries where they are safe. Errors are told as `problem` tells them. */
export class NetworkClient {
  private readonly api: ProjectApi;

  /** Throws UserError, before any call, where the key cannot be of use. */
  constructor(
    private readonly projectId: string,
    access: NetworkAccess,
  ) {
    const basePath = (process.env.ORY_CONSOLE_URL || access.consoleUrl)?.replace(/\/+$/, "");
    const accessToken = workspaceKey(access);
    this.api = new ProjectApi(new Configuration({ accessToken, basePath }), basePath, http);
  }

  /** Reads the project. */
  getProject(signal: AbortSignal): Promise<Project> {
    const { projectId } = this;
    const request = () => this.api.getProject({ projectId }, { signal });
    return this.call(`read project ${projectId}`, { writes: false, secrets: [] }, request, signal);
  }

  /**
   * Writes `jsonPatch` if the project still has `revisionId`.
   *
   * @param secrets Texts that an answer's reason must not show
   * @throws StaleRevision when it has another one; LostAnswer when it is not known whether the write is in force
   */
  patchProject(
    revisionId: string,
    jsonPatch: JsonPatch[],
    secrets: readonly string[],
    signal: AbortSignal,
  ): Promise<SuccessfulProjectUpdate> {
    const { projectId } = this;
    const request = () => this.api.patchProjectWithRevision({ projectId, revisionId, jsonPatch }, { signal });
    return this.call(`write project ${projectId}`, { writes: true, secrets }, request, signal);
  }

  private async call<T>(
    attempt: string,
    about: Omit<Call, "attempt">,
    request: () => Promise<{ data: T }>,
    signal: AbortSignal,
  ): Promise<T> {
    try {
      return (await inTurn(request, signal)).data;
    } catch (error) {
      throw problem(error, { attempt, ...about });
    }
  }
}

/** The text at a URL of storage, undefined where it is not there or not what its name says. Sends no key. */
export async function readText(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const options = { signal, responseType: "text", transformResponse: (text: string) => text } as const;
    const { data } = await inTurn(() => http.get<string>(url, options), signal);
    return hashOf(data) === STORAGE_URL.exec(url)?.[1] ? data : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** `request` when the throttle lets it through. Cancelled, what still waits ends at once, not when it is its turn. */
function inTurn<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const listening = addAbortListener(signal, () => reject(signal.reason));
    const done = () => listening[Symbol.dispose]();
    throttle.schedule(request).then(resolve, reject).finally(done);
  });
}
