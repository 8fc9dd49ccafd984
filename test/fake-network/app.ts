import type { JsonPatch, Workspace } from "@ory/client";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { ApiError, forbidden, notFound, unauthorized } from "./api-error";
import { bearer, type Call, recording } from "./calls";
import { consoleApi } from "./console-api";
import type { Fault } from "./faults";
import type { Keys } from "./keys";
import { projectApi } from "./project-api";
import type { Quirks } from "./quirks";
import { RateLimit } from "./rate-limit";
import type { Storage } from "./storage";
import type { StoredProject } from "./store";
import { type ConsoleEnv, trouble } from "./trouble";

/** Below these paths are, on one port, what has hosts of its own in reality. */
export const STORAGE_PATH = "/bac-gcs-production";
export const PROJECTS_PATH = "/project";

/** What answers requests. */
export interface Server {
  calls: Call[];
  projects: ReadonlyMap<string, StoredProject>;
  workspace: Workspace;
  storage: Storage;
  quirks(): Quirks;
  keys(): Keys;
  faults(call: Call): readonly Fault[];
  projectUrl(slug: string): string;
  writeAsOther(id: string, patch: readonly JsonPatch[]): Promise<string>;
  now(): number;
}

/** All APIs of the fake, with whatever goes wrong with them. */
export function fakeNetworkApp(server: Server): Hono<ConsoleEnv> {
  const { calls, storage, projects } = server;
  const app = new Hono<ConsoleEnv>();

  app.use(`${STORAGE_PATH}/*`, recording(calls, "storage"));
  app.get(`${STORAGE_PATH}/:name`, (context) => {
    const text = storage.read(context.req.param("name"));
    if (text === undefined) throw notFound("There is no such file.");
    return context.text(text);
  });

  app.use(`${PROJECTS_PATH}/*`, recording(calls, "project"));
  app.route(
    PROJECTS_PATH,
    projectApi({
      storage,
      find: (slug) => [...projects.values()].find(({ project }) => project.slug === slug),
      url: server.projectUrl,
      authorize: (context) => {
        if (server.quirks().checksKeys) refuseWrongKey(context, "workspace", server.keys().project);
      },
    }),
  );

  app.use(
    recording(calls, "console"),
    limited(server),
    trouble({
      faults: server.faults,
      latencyMs: () => server.quirks().latencyMs,
      write: async (path, patch) => {
        const id = /^\/projects\/([^/]+)/.exec(path)?.[1];
        if (id !== undefined && projects.has(id)) await server.writeAsOther(id, patch);
      },
    }),
  );
  app.route("/", consoleApi(server));

  app.notFound((context) => {
    throw notFound(`The fake Ory Network has no ${context.req.method} ${context.req.path}.`);
  });
  app.onError((error, context) => {
    const failure = error instanceof ApiError ? error : new ApiError(500, String(error));
    const body = failure.body();
    return context.json(body, failure.code as 400, { "x-request-id": body.error.request! });
  });
  return app;
}

function limited(server: Server): MiddlewareHandler<ConsoleEnv> {
  const rateLimit = new RateLimit(server.now);
  return async (context, next) => {
    const { allowed, headers } = rateLimit.take(server.quirks().rateLimit);
    if (!allowed) return context.body(null, 429, headers);
    if (server.quirks().checksKeys) refuseWrongKey(context, "project", server.keys().workspace);
    await next();
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
  };
}

/** A key of the other kind is known and forbidden; any other one is not known. */
function refuseWrongKey(context: Context, otherKind: Call["key"], expected: string): void {
  if (context.get("call").key === otherKind) throw forbidden();
  if (bearer(context) !== expected) throw unauthorized();
}
