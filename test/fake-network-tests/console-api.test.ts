import { Configuration, WorkspaceApi } from "@ory/client";
import { at, CONFIG, configOf, consoleOf, failure, startConsole, stopAll } from "./console";

afterEach(stopAll);

const STYLE = "/selfservice/flows/login/style";

describe("reading", () => {
  it("answers the project, whose revision stays as long as nobody writes", async () => {
    const { read, network } = await startConsole({
      projects: [{ id: "p1", slug: "shop", name: "Shop", environment: "stage" }],
    });
    const project = await read();
    expect(project).toMatchObject({
      id: "p1",
      slug: "shop",
      name: "Shop",
      environment: "stage",
      state: "running",
    });
    expect(project.workspace_id).toBe(network.workspaceId);
    expect((await read()).revision_id).toBe(project.revision_id);
  });

  it("answers 404 for a project that does not exist", async () => {
    const { api } = await startConsole();
    const { status, data } = await failure(api.getProject({ projectId: "nobody" }));
    expect([status, data.error.reason]).toEqual([404, "There is no project nobody."]);
    expect(data.error.request).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("lists projects and workspaces", async () => {
    const { api, network } = await startConsole({ projects: [{ slug: "one" }, { slug: "two" }] });
    expect((await api.listProjects()).data.map(({ slug }) => slug)).toEqual(["one", "two"]);
    const workspaces = new WorkspaceApi(
      new Configuration({ basePath: network.consoleUrl, accessToken: network.workspaceKey }),
    );
    const { data } = await workspaces.listWorkspaces();
    expect(data.workspaces.map(({ id }) => id)).toEqual([network.workspaceId]);
    const listed = await workspaces.listWorkspaceProjects({ workspace: network.workspaceId });
    expect(listed.data.projects.map(({ slug }) => slug)).toEqual(["one", "two"]);
  });
});

describe("patching a revision", () => {
  it("answers the written project with a new revision", async () => {
    const { read, set, value, network, id } = await startConsole();
    const before = await read();
    const { project, warnings } = await set(STYLE, "identifier_first");
    expect(warnings).toEqual([]);
    expect(at(configOf(project), STYLE)).toBe("identifier_first");
    expect(await value(STYLE)).toBe("identifier_first");
    expect([...network.projects.get(id)!.revisions.keys()]).toEqual([
      before.revision_id,
      project.revision_id,
    ]);
    expect([...network.projects.get(id)!.revisions.values()].map(({ writer }) => writer)).toEqual([
      "seed",
      "api",
    ]);
  });

  it("answers 409 for any revision but the current one, and writes nothing", async () => {
    const mine = await startConsole();
    const theirs = consoleOf(mine.network);
    await mine.read();
    await theirs.read();
    const written = await theirs.set(STYLE, "identifier_first");
    const { status, data } = await failure(mine.set(STYLE, "unified"));
    expect([status, data.error.code, data.error.status]).toEqual([409, 409, "Conflict"]);
    expect((await mine.read()).revision_id).toBe(written.project.revision_id);
    await mine.set(STYLE, "unified");
  });

  it("writes all operations or none", async () => {
    const { write, value } = await startConsole();
    const { status } = await failure(
      write(
        { op: "replace", path: STYLE, value: "identifier_first" },
        { op: "remove", path: "/selfservice/flows/nothing" },
      ),
    );
    expect(status).toBe(400);
    expect(await value(STYLE)).toBe("unified");
  });

  it.each(["/id", "/revision_id", "/environment", "/slug/x", ""])("refuses the path %j", async (path) => {
    const { api, id, read } = await startConsole();
    const { revision_id: revisionId } = await read();
    const jsonPatch = [{ op: "replace" as const, path, value: "x" }];
    const { data } = await failure(api.patchProjectWithRevision({ projectId: id, revisionId, jsonPatch }));
    expect(data.error.reason).toBe(`patch includes denied path: ${JSON.stringify(path)}`);
  });

  it("reaches the other roots of the project", async () => {
    const { api, id, read } = await startConsole();
    const { revision_id: revisionId } = await read();
    const { data } = await api.patchProjectWithRevision({
      projectId: id,
      revisionId,
      jsonPatch: [
        { op: "replace", path: "/cors_public", value: { enabled: true, origins: ["https://shop.example"] } },
        { op: "replace", path: "/services/oauth2/config/ttl/access_token", value: "2h" },
      ],
    });
    expect(data.project.cors_public).toEqual({ enabled: true, origins: ["https://shop.example"] });
    expect(data.project.services.oauth2!.config).toMatchObject({ ttl: { access_token: "2h" } });
  });

  it.each([
    ["identity", "missing properties: identity"],
    ["selfservice", "missing properties: selfservice"],
  ])("refuses a config without %s", async (key, reason) => {
    const { write } = await startConsole();
    const { status, data } = await failure(write({ op: "remove", path: `/${key}` }));
    expect([status, data.error.reason]).toEqual([400, reason]);
  });
});

describe("what should not be called", () => {
  it("patches without a revision: the last writer wins", async () => {
    const { api, id, network, value } = await startConsole();
    const jsonPatch = [{ op: "replace" as const, path: CONFIG + STYLE, value: "identifier_first" }];
    const { data } = await api.patchProject({ projectId: id, jsonPatch });
    expect(data.project.revision_id).toBe(network.projects.get(id)!.project.revision_id);
    expect(await value(STYLE)).toBe("identifier_first");
    expect(network.calls[0]).toMatchObject({ method: "PATCH", path: `/projects/${id}`, status: 200 });
  });

  it("replaces a project by what is given", async () => {
    const { api, id, network, read } = await startConsole();
    const { name, organizations, services } = await read();
    const off = { enabled: false, origins: [] };
    const setProject = { name: `${name} 2`, cors_admin: off, cors_public: off, organizations, services };
    const { data } = await api.setProject({ projectId: id, setProject });
    expect(data.project.name).toBe(`${name} 2`);
    expect(network.calls[1]).toMatchObject({ method: "PUT", path: `/projects/${id}`, status: 200 });

    const partial = { name } as typeof setProject;
    const refused = await failure(api.setProject({ projectId: id, setProject: partial }));
    expect(refused.data.error.reason).toBe(
      "missing properties: cors_admin, cors_public, organizations, services",
    );
    const identity = { config: { selfservice: {} } };
    const outline = await failure(
      api.setProject({ projectId: id, setProject: { ...setProject, services: { identity } } }),
    );
    expect(outline.data.error.reason).toBe("missing properties: identity");
  });
});

describe("keys", () => {
  it("answers 403 to a project key, and 401 to an unknown one", async () => {
    const { network } = await startConsole();
    const project = await failure(consoleOf(network, network.projectKey).read());
    expect([project.status, project.data.error.message]).toEqual([403, "The requested action was forbidden"]);
    expect((await failure(consoleOf(network, "ory_apikey_other").read())).status).toBe(403);
    expect((await failure(consoleOf(network, "ory_wak_other").read())).status).toBe(401);
  });

  it("forgets rotated keys", async () => {
    const { network, read } = await startConsole();
    network.rotateKeys();
    expect((await failure(read())).status).toBe(401);
    await consoleOf(network).read();
  });

  it("takes any key where keys are not checked", async () => {
    const { network } = await startConsole({ quirks: { checksKeys: false } });
    await consoleOf(network, network.projectKey).read();
  });
});

describe("calls", () => {
  it("are recorded with what was sent, but without the key", async () => {
    const { network, read, set, id } = await startConsole();
    const { revision_id } = await read();
    await set(STYLE, "identifier_first");
    const [get, patch] = network.calls;
    expect(get).toMatchObject({
      api: "console",
      method: "GET",
      path: `/projects/${id}`,
      body: undefined,
      key: "workspace",
      status: 200,
    });
    expect(patch).toMatchObject({
      method: "PATCH",
      path: `/projects/${id}/revision/${revision_id}`,
      body: [{ op: "replace", path: CONFIG + STYLE, value: "identifier_first" }],
      status: 200,
    });
    expect(Date.parse(patch!.at)).toBeGreaterThanOrEqual(Date.parse(get!.at));
    expect(JSON.stringify(network.calls)).not.toContain(network.workspaceKey);
  });
});
