import * as http from "node:http";
import * as https from "node:https";

export interface Reply {
  status: number;
  text: string;
  /** When it answered, by its own clock. */
  date: string | undefined;
}

export interface GetOptions {
  signal: AbortSignal;
  /** Longest time for all of it, in milliseconds. */
  timeout: number;
  /** The Unix socket that the server listens on, in place of the URL's host. */
  socketPath?: string;
  /** The Unix socket behind which a URL is reached, those of redirections, too. Default: by its host and port. */
  via?(url: URL): Promise<string>;
  /** How many redirections are followed; default none. */
  redirects?: number;
}

/** In bytes; the largest is an identity schema. */
const LARGEST_REPLY = 50_000_000;

/**
 * GETs `url`, without a proxy: a server of one's own is not asked through one. Rejects with `code` ETIMEDOUT after the
 * timeout, with the signal's reason, or with the system's error. Not by `fetch`, which refuses a number of ports that a
 * server may well listen on, nor by a library, which would take a fifth of the provider's start.
 */
export async function httpGet(url: string, { signal, timeout, redirects = 0, socketPath, via }: GetOptions) {
  const limit = AbortSignal.timeout(timeout);
  const options = { signal: AbortSignal.any([signal, limit]), ...(socketPath && { socketPath }) };
  try {
    return await follow(new URL(url), options, redirects, via);
  } catch (error) {
    signal.throwIfAborted();
    throw limit.aborted ? Object.assign(new Error("timeout"), { code: "ETIMEDOUT" }) : error;
  }
}

async function follow(
  url: URL,
  options: http.RequestOptions,
  redirects: number,
  via?: GetOptions["via"],
): Promise<Reply> {
  const reached = via === undefined ? options : { ...options, socketPath: await via(url) };
  const response = await new Promise<http.IncomingMessage>((done, fail) => {
    const { get } = url.protocol === "https:" ? https : http;
    // A connection of its own: one that is kept would fail when the server has been restarted.
    get(url, { ...reached, agent: false }, done).once("error", fail);
  });
  const { statusCode: status = 0, headers } = response;
  if (redirects > 0 && status >= 300 && status < 400 && headers.location !== undefined) {
    response.resume();
    return follow(new URL(headers.location, url), options, redirects - 1, via);
  }
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LARGEST_REPLY) throw new Error(`it is longer than ${LARGEST_REPLY / 1e6} MB`);
  }
  return { status, text, date: headers.date };
}
