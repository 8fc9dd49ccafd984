import type { IdentitySchemaContainer } from "@ory/client";
import { type Context, Hono } from "hono";
import { proxy } from "hono/proxy";
import type { Document } from "../../infra/identity-config/model";
import { ApiError, notFound } from "./api-error";
import type { Call } from "./calls";
import { identityConfig } from "./document";
import type { Storage } from "./storage";
import type { StoredProject } from "./store";

/**
 * What answers at a project's own URL: the Admin API below `/admin` for a project key, and the public APIs for all; both
 * by the Kratos that is attached. Without one, only the identity schemas are there.
 */
export function projectApi(server: {
  find(slug: string): StoredProject | undefined;
  url(slug: string): string;
  /** Throws ApiError where the request may not use the Admin API. */
  authorize(context: Context): void;
  storage: Storage;
}): Hono<{ Variables: { call: Call } }> {
  const api = new Hono<{ Variables: { call: Call } }>();

  api.all("/:slug/*", async (context) => {
    const slug = context.req.param("slug");
    const project = server.find(slug);
    if (!project) throw notFound(`There is no project with the slug "${slug}".`);
    const path = context.req.path.slice(context.req.path.indexOf(`/${slug}/`) + slug.length + 1);
    const isAdmin = path.startsWith("/admin/");
    if (isAdmin) server.authorize(context);
    if (project.kratos)
      return passOn(context, project.kratos[isAdmin ? "adminUrl" : "publicUrl"], path, project);
    if (path === "/schemas" || path.startsWith("/schemas/")) return schemas(context, project, path);
    throw new ApiError(503, "The service is not available", {
      reason: `No Kratos is attached to the fake project "${slug}": give startFakeNetwork one in projects[].kratos.`,
    });
  });
  return api;

  /** Kratos writes its own address into its answers, as the project writes its own. */
  async function passOn(context: Context, origin: string, path: string, project: StoredProject) {
    const { search } = new URL(context.req.url);
    const headers = { ...context.req.header(), authorization: undefined, host: undefined };
    const answer = await proxy(`${origin.replace(/\/$/, "")}${path}${search}`, {
      raw: context.req.raw,
      headers,
      redirect: "manual",
    });
    const local = project.kratos!.publicUrl.replace(/\/$/, "");
    const replaced = (text: string) => text.replaceAll(local, server.url(project.project.slug));
    const result = new Headers(answer.headers);
    result.delete("content-length");
    const location = result.get("location");
    if (location !== null) result.set("location", replaced(location));
    const isEmpty = [204, 304].includes(answer.status);
    return new Response(isEmpty ? null : replaced(await answer.text()), {
      status: answer.status,
      headers: result,
    });
  }

  function schemas(context: Context, { project }: StoredProject, path: string) {
    const listed = ((identityConfig(project).identity as Document).schemas ?? []) as {
      id: string;
      url: string;
    }[];
    const all: IdentitySchemaContainer[] = listed.flatMap(({ id, url }) => {
      const text = server.storage.resolve(url);
      return text === undefined ? [] : [{ id, schema: JSON.parse(text) }];
    });
    if (path === "/schemas") return context.json(all);
    const id = decodeURIComponent(path.slice("/schemas/".length));
    const found = all.find((one) => one.id === id);
    if (!found) throw notFound(`Identity schema ${id} could not be found.`);
    return context.json(found.schema);
  }
}
