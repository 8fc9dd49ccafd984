import { backOff } from "exponential-backoff";
import type { Evidence } from "../target";

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

/** Waits up to `wait` milliseconds until the server at `adminUrl` shows the marker; false where it does not. */
export async function shows(
  adminUrl: string,
  evidence: Evidence,
  wait: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + wait;
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
