import { backOff } from "exponential-backoff";
import valid from "semver/functions/valid";
import { isBranch, parsedJson } from "../../identity-config/model";
import { UserError } from "../../identity-config/user-error";
import type { Evidence } from "../target";
import { httpGet, type Reply } from "./http-get";

/** Asks a URL from where the server is reached. */
export type Get = typeof httpGet;

const REQUEST_LIMIT = 3_000;
/** What answers with more sends them in a circle. */
const REDIRECTS = 10;

/** What answers at an address: a Kratos with its version, nothing, or what is not a Kratos that works. */
export type Answer = { version: string } | "nothing" | { trouble: string };

/** Asks for the version at `adminUrl`. */
export async function ask(adminUrl: string, signal: AbortSignal, from: Get = httpGet): Promise<Answer> {
  let reply: Reply;
  try {
    reply = await get(from, adminUrl, "/admin/version", signal);
  } catch (error) {
    signal.throwIfAborted();
    // Where it is asked from cannot be reached.
    if (error instanceof UserError) throw error;
    return missing(error as Error);
  }
  const version = reply.status === 200 ? told(reply.text) : undefined;
  if (version === undefined) {
    return { trouble: `what answers is not the Admin API of a Kratos (status ${reply.status})` };
  }
  return valid(version) === null
    ? { trouble: `it does not tell a version of Kratos, but ${JSON.stringify(version.slice(0, 50))}` }
    : { version };
}

function told(text: string): string | undefined {
  const reply = parsedJson(text);
  const version = isBranch(reply) ? reply.version : undefined;
  return typeof version === "string" ? version.replace(/^v/, "") : undefined;
}

/** The version of the Kratos that answers at `adminUrl`, or undefined where none does. */
export async function runningVersion(
  adminUrl: string,
  signal: AbortSignal,
  from?: Get,
): Promise<string | undefined> {
  const answer = await ask(adminUrl, signal, from);
  return typeof answer === "object" && "version" in answer ? answer.version : undefined;
}

function missing(error: Error): Answer {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"].includes(code))
    return "nothing";
  if (code === "ETIMEDOUT") {
    return { trouble: `no answer came within ${REQUEST_LIMIT / 1000} s` };
  }
  return { trouble: `the answer is not that of a Kratos (${code || message})` };
}

/** Waits up to `wait` milliseconds until the server at `adminUrl` shows the marker; false where it does not. */
export async function shows(
  adminUrl: string,
  evidence: Evidence,
  wait: number,
  signal: AbortSignal,
  from: Get = httpGet,
): Promise<boolean> {
  const deadline = Date.now() + wait;
  const look = async () => {
    if (!(await shown(from, adminUrl, evidence, signal)).includes(evidence.marker))
      throw new Error("not yet");
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

async function shown(
  from: Get,
  adminUrl: string,
  { kind, schemaId }: Evidence,
  signal: AbortSignal,
): Promise<string> {
  const path = kind === "revision-key" ? "/admin/health/config" : `/schemas/${encodeURIComponent(schemaId)}`;
  // The admin API answers a schema with a redirect to serve.public.base_url, which is followed.
  return (await get(from, adminUrl, path, signal)).text;
}

const get = (from: Get, adminUrl: string, path: string, signal: AbortSignal): Promise<Reply> =>
  from(new URL(path, adminUrl).href, { signal, timeout: REQUEST_LIMIT, redirects: REDIRECTS });
