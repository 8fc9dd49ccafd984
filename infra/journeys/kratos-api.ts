import { backOff } from "exponential-backoff";
import { isBranch, parsedJson } from "../identity-config/model";
import { JourneyError } from "./journey-error";

/** Where a running Kratos, or a project of Ory Network, is reached. */
export type KratosUrls = {
  publicUrl: string;
  adminUrl: string;
  /** Sent to the Admin API as a bearer token. Ory Network asks for a project key; a Kratos asks for nothing. */
  adminToken?: string;
};

/** What Kratos answered. `body` is undefined where the answer was not JSON. */
export type Reply<Body> = { status: number; body: Body | undefined };

export type Request = {
  method?: "GET" | "POST" | "DELETE";
  body?: unknown;
  sessionToken?: string;
  /** What a browser keeps: sent, and filled with what the answer sets. */
  cookies?: Map<string, string>;
};

/** Calls to one Kratos. Every status is an answer; only a missing answer is an error. */
export type KratosApi = {
  public<Body>(path: string, request?: Request): Promise<Reply<Body>>;
  admin<Body>(path: string, request?: Request): Promise<Reply<Body>>;
};

const REQUEST_TIMEOUT_MS = 10_000;

/** Kratos's words where its database, SQLite most of all, did something else at the same time. */
const CLASH = "Unable to serialize access due to a concurrent update in another session";

/**
 * Opens the two APIs of a Kratos. A request may take 10 seconds and ends early when `signal` fires.
 *
 * @throws JourneyError `ServerUnreachable` or `Aborted`, from the calls
 */
export function openKratos({ publicUrl, adminUrl, adminToken }: KratosUrls, signal?: AbortSignal): KratosApi {
  const adminHeaders: Record<string, string> = adminToken ? { authorization: `Bearer ${adminToken}` } : {};
  return {
    public: (path, request) => repeated(() => call("publicUrl", publicUrl, path, {}, request, signal)),
    admin: (path, request) => repeated(() => call("adminUrl", adminUrl, path, adminHeaders, request, signal)),
  };
}

/** Makes a call again while it clashes with another one; of six, the last answer counts. */
export async function repeated<Body>(call: () => Promise<Reply<Body>>): Promise<Reply<Body>> {
  const clash = new Error(CLASH);
  let reply: Reply<Body> | undefined;
  try {
    return await backOff(
      async () => {
        reply = await call();
        if (isClash(reply)) throw clash;
        return reply;
      },
      { numOfAttempts: 6, startingDelay: 50, retry: (error) => error === clash },
    );
  } catch (error) {
    if (error === clash) return reply!;
    throw error;
  }
}

const isClash = ({ body }: Reply<unknown>): boolean =>
  isBranch(body) && isBranch(body.error) && body.error.message === CLASH;

async function call<Body>(
  setting: keyof KratosUrls,
  base: string,
  path: string,
  headers: Record<string, string>,
  { method = "GET", body, sessionToken, cookies }: Request = {},
  signal?: AbortSignal,
): Promise<Reply<Body>> {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  try {
    const response = await fetch(base.replace(/\/+$/, "") + path, {
      method,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(sessionToken === undefined ? {} : { "x-session-token": sessionToken }),
        ...(cookies && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    for (const cookie of cookies ? response.headers.getSetCookie() : []) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined) cookies!.set(name, value!);
    }
    return { status: response.status, body: parsedJson(await response.text()) as Body | undefined };
  } catch (error) {
    if (signal?.aborted) throw new JourneyError("Aborted", "aborted", { cause: error });
    const why = timeout.aborted ? `no answer in ${REQUEST_TIMEOUT_MS / 1000} s` : fetchFailure(error);
    throw new JourneyError(
      "ServerUnreachable",
      `kratos does not answer ${method} ${path.replace(/\?.*/, "")} at ${setting} ${JSON.stringify(base)} (${why}), start it or correct ${setting}`,
      { cause: error },
    );
  }
}

/** Why a fetch failed, such as ECONNREFUSED, which its TypeError "fetch failed" hides in its cause. */
export function fetchFailure(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
