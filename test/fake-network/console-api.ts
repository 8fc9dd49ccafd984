import type {
  ListWorkspaceProjects,
  ListWorkspaces,
  Project,
  ProjectMetadata,
  SetProject,
  SuccessfulProjectUpdate,
  Workspace,
} from "@ory/client";
import { type Context, Hono } from "hono";
import { badRequest, notFound } from "./api-error";
import { patched } from "./json-patch";
import type { Quirks } from "./quirks";
import { shown } from "./reading";
import type { StoredProject } from "./store";
import type { ConsoleEnv } from "./trouble";

/** The Console API, `https://api.console.ory.sh`, as far as projects are read and configured by it. */
export function consoleApi(server: {
  workspace: Workspace;
  projects: ReadonlyMap<string, StoredProject>;
  quirks(): Quirks;
}): Hono<ConsoleEnv> {
  const { workspace, projects, quirks } = server;
  const api = new Hono<ConsoleEnv>();

  const find = (context: Context): StoredProject => {
    const id = context.req.param("project");
    const project = projects.get(id ?? "");
    if (!project) throw notFound(`There is no project ${id}.`);
    return project;
  };
  const update = async (context: Context, change: (project: Project) => Project, revision?: string) => {
    const { project, warnings } = await find(context).write(change, { revision });
    return context.json({ project: shown(project, quirks()), warnings } satisfies SuccessfulProjectUpdate);
  };
  const patchOf = async (context: Context) => {
    const operations = await json(context);
    return (project: Project) => patched(project, operations, quirks().strictPatch);
  };
  const listed = (): ProjectMetadata[] =>
    [...projects.values()].map(({ project }) => metadata(project, workspace));

  api.get("/projects", (context) => context.json(listed()));
  api.get("/workspaces", (context) => {
    const list: ListWorkspaces = { workspaces: [workspace], has_next_page: false, next_page_token: "" };
    return context.json(list);
  });
  api.get("/workspaces/:workspace/projects", (context) => {
    if (context.req.param("workspace") !== workspace.id) throw notFound("There is no such workspace.");
    const list: ListWorkspaceProjects = { projects: listed(), has_next_page: false, next_page: "" };
    return context.json(list);
  });
  api.get("/projects/:project", (context) => {
    const project: Project = shown(find(context).read(context.get("stale")), quirks());
    return context.json(project);
  });
  api.patch("/projects/:project/revision/:revision", async (context) =>
    update(context, await patchOf(context), context.req.param("revision")),
  );
  api.patch("/projects/:project", async (context) => update(context, await patchOf(context)));
  api.put("/projects/:project", async (context) => {
    const body = complete(await json(context));
    return update(context, (project) => ({ ...project, ...body }));
  });
  return api;
}

async function json(context: Context): Promise<unknown> {
  try {
    return JSON.parse(await context.req.text());
  } catch {
    throw badRequest("the body must be JSON");
  }
}

/** What replaces a project: nothing is kept that is left out, so all of it must be there. */
function complete(body: unknown): SetProject {
  const { cors_admin, cors_public, name, organizations, services } = (body ?? {}) as SetProject;
  const project = { cors_admin, cors_public, name, organizations, services };
  const missing = Object.entries(project).flatMap(([key, value]) => (value === undefined ? key : []));
  if (missing.length > 0) throw badRequest(`missing properties: ${missing.join(", ")}`);
  return project;
}

function metadata(project: Project, workspace: Workspace): ProjectMetadata {
  const { id, slug, name, environment, home_region, state } = project;
  return {
    id,
    slug,
    name,
    environment,
    home_region,
    state,
    hosts: [`${slug}.projects.oryapis.com`],
    workspace_id: workspace.id,
    workspace,
    subscription_id: null,
    subscription_plan: null,
    created_at: workspace.created_at,
    updated_at: workspace.updated_at,
  };
}
