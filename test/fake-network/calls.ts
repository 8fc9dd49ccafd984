import type { Context, MiddlewareHandler } from "hono";

/** One request that the fake was sent. */
export interface Call {
  /** Which API was called: Ory's Console, a project's own URL, or the storage of contents. */
  api: "console" | "project" | "storage";
  method: string;
  /** Without the query. */
  path: string;
  /** What was sent: JSON as its value, else the text; undefined where there was none. Never a key. */
  body: unknown;
  /** The kind of key that came with it. */
  key: "workspace" | "project" | "other" | "none";
  /** Undefined while it is handled; `cut` where the connection was ended instead of an answer. */
  status: number | "cut" | undefined;
  /** In ISO 8601, when it came. */
  at: string;
}

/** Notes each request in `calls`, oldest first, and its status when it is answered. */
export function recording(calls: Call[], api: Call["api"]): MiddlewareHandler<{ Variables: { call: Call } }> {
  return async (context, next) => {
    const call: Call = {
      api,
      method: context.req.method,
      path: context.req.path,
      body: await bodyOf(context),
      key: keyKind(context),
      status: undefined,
      at: new Date().toISOString(),
    };
    calls.push(call);
    context.set("call", call);
    await next();
    call.status ??= context.res.status;
  };
}

/** The bearer of a request, or undefined. */
export function bearer(context: Context): string | undefined {
  return /^Bearer (.+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
}

async function bodyOf(context: Context): Promise<unknown> {
  // A clone: the body of a project's call is passed on as it came.
  const text = await context.req.raw.clone().text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function keyKind(context: Context): Call["key"] {
  const key = bearer(context);
  if (key === undefined) return "none";
  if (key.startsWith("ory_wak_")) return "workspace";
  return /^ory_(pat|apikey)_/.test(key) ? "project" : "other";
}
