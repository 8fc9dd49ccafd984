import {
  Configuration,
  type JsonPatch,
  type Project,
  ProjectApi,
  type SuccessfulProjectUpdate,
} from "@ory/client";
import axios, { type AxiosError } from "axios";
import axiosRetry from "axios-retry";
import Bottleneck from "bottleneck";
import { ATTEMPTS, LONGEST_PAUSE, RATE_LIMIT_HEADERS, STORAGE_URL, THROTTLE, TIMEOUT } from "./behavior";
import { workspaceKey } from "./credentials";
import { problem } from "./problem";
import type { NetworkAccess } from "./settings";
import { hashOf } from "./texts";

/** One throttle for all that this process calls. */
const throttle = new Bottleneck(THROTTLE);

const http = axios.create({ timeout: TIMEOUT });
axiosRetry(http, {
  retries: ATTEMPTS - 1,
  shouldResetTimeout: true,
  retryCondition: isWorthRepeating,
  retryDelay: pause,
});

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
    return this.call(`read project ${projectId}`, false, [], () =>
      this.api.getProject({ projectId }, { signal }),
    );
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
    return this.call(`write project ${projectId}`, true, secrets, () =>
      this.api.patchProjectWithRevision({ projectId, revisionId, jsonPatch }, { signal }),
    );
  }

  private async call<T>(
    attempt: string,
    writes: boolean,
    secrets: readonly string[],
    request: () => Promise<{ data: T }>,
  ): Promise<T> {
    try {
      return (await throttle.schedule(request)).data;
    } catch (error) {
      throw problem(error, { attempt, writes, secrets });
    }
  }
}

/** The text at a URL of storage, undefined where it is not there or not what its name says. Sends no key. */
export async function readText(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { data } = await throttle.schedule(() =>
      http.get<string>(url, { signal, responseType: "text", transformResponse: (text) => text }),
    );
    return hashOf(data) === STORAGE_URL.exec(url)?.[1] ? data : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** What was refused for its number was not carried out; a read can be repeated at will, a write cannot. */
function isWorthRepeating(error: AxiosError): boolean {
  if (error.code === "ERR_CANCELED") return false;
  const status = error.response?.status;
  if (status === 429) return true;
  // An answer that breaks off has a good status already.
  const isLost = status === undefined || status < 300 || status >= 500;
  return error.config?.method === "get" && isLost;
}

/** Milliseconds until the next attempt: what the server asks for, and no less than a growing pause with jitter. */
function pause(attempt: number, error: AxiosError): number {
  const grown = Math.min(axiosRetry.exponentialDelay(attempt, error, 250), LONGEST_PAUSE);
  const asked = Number(error.response?.headers[RATE_LIMIT_HEADERS.reset] ?? 0) * 1_000;
  return Math.max(grown, Math.min(Number.isFinite(asked) ? asked : 0, 2 * LONGEST_PAUSE));
}
