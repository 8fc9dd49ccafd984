import { backOff } from "exponential-backoff";
import type { RevisionMarker } from "./versions";

/** Longest wait for a running server to load a new file, in milliseconds; it usually takes 0.1 s. */
const TIME_LIMIT = 15_000;
const REQUEST_LIMIT = 3_000;

/** What one server shows: the version it runs, or undefined where nothing answers. */
export async function runningVersion(adminUrl: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await get(new URL("/admin/version", adminUrl), signal);
    const { version } = (await response.json()) as { version?: string };
    return version?.replace(/^v/, "");
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** What to look for on a server, and where. */
export interface Evidence {
  marker: string;
  kind: RevisionMarker;
  /** Id of the identity schema that carries the marker where `kind` is `schema-comment`. */
  schemaId: string;
}

/** Waits until the server at `adminUrl` shows the marker; false where it does not in time. */
export async function shows(adminUrl: string, evidence: Evidence, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + TIME_LIMIT;
  const look = async () => {
    if (!(await shown(adminUrl, evidence, signal)).includes(evidence.marker)) throw new Error("not yet");
    return true;
  };
  return backOff(look, {
    numOfAttempts: 1_000,
    startingDelay: 50,
    timeMultiple: 1.3,
    maxDelay: 500,
    retry: () => !signal.aborted && Date.now() < deadline,
  }).catch(() => {
    signal.throwIfAborted();
    return false;
  });
}

async function shown(adminUrl: string, { kind, schemaId }: Evidence, signal: AbortSignal): Promise<string> {
  const path = kind === "revision-key" ? "/admin/health/config" : `/schemas/${encodeURIComponent(schemaId)}`;
  // The admin API answers a schema with a redirect to serve.public.base_url, which fetch follows.
  return (await get(new URL(path, adminUrl), signal)).text();
}

const get = (url: URL, signal: AbortSignal): Promise<Response> =>
  fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_LIMIT)]) });
