import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Configuration, FrontendApi, IdentityApi } from "@ory/client";
import { kratosConfig } from "../kratos/config";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { type Console, configOf, failure, startConsole, stopAll } from "./console";

const clientOf = ({ network }: Console, accessToken = network.projectKey) =>
  new Configuration({ basePath: network.projectUrl("shop"), accessToken });

describe("a project without a Kratos", () => {
  afterEach(stopAll);

  it("shows its identity schemas, called by their hash", async () => {
    const console = await startConsole({ projects: [{ slug: "shop" }] });
    const api = new IdentityApi(clientOf(console));
    const { data } = await api.listIdentitySchemas();
    const { identity } = configOf(await console.read()) as { identity: { default_schema_id: string } };
    expect(data.map(({ id }) => id)).toEqual([identity.default_schema_id]);
    const { data: schema } = await api.getIdentitySchema({ id: identity.default_schema_id });
    expect(schema).toEqual(data[0]!.schema);
    expect(schema).toHaveProperty("properties.traits.properties.email");
    expect((await failure(api.getIdentitySchema({ id: "other" }))).status).toBe(404);
  });

  it("says that nothing answers for it", async () => {
    const { status, data } = await failure(
      new FrontendApi(clientOf(await startConsole({ projects: [{ slug: "shop" }] }))).createNativeLoginFlow(),
    );
    expect(status).toBe(503);
    expect(data.error.reason).toContain('No Kratos is attached to the fake project "shop"');
  });

  it("is not there under another slug", async () => {
    const console = await startConsole({ projects: [{ slug: "store" }] });
    const { status, data } = await failure(new IdentityApi(clientOf(console)).listIdentitySchemas());
    expect([status, data.error.reason]).toEqual([404, 'There is no project with the slug "shop".']);
  });

  it("takes no workspace key for its Admin API, and no unknown one", async () => {
    const console = await startConsole({ projects: [{ slug: "shop" }] });
    const { workspaceKey } = console.network;
    const { status, data } = await failure(new IdentityApi(clientOf(console, workspaceKey)).listIdentities());
    expect([status, data.error.message]).toEqual([403, "The requested action was forbidden"]);
    const unknown = await failure(new IdentityApi(clientOf(console, "ory_pat_other")).listIdentities());
    expect(unknown.status).toBe(401);
  });
});

it("keeps the project key from the Kratos behind it, as the project's gateway does", async () => {
  const seen: IncomingHttpHeaders[] = [];
  const kratos = createServer(({ headers }, response) => {
    seen.push(headers);
    response.end("[]");
  }).listen(0, "127.0.0.1");
  await once(kratos, "listening");
  const url = `http://127.0.0.1:${(kratos.address() as AddressInfo).port}`;
  const console = await startConsole({
    projects: [{ slug: "shop", kratos: { publicUrl: url, adminUrl: url } }],
  });
  await new IdentityApi(clientOf(console)).listIdentities();
  expect(seen.map(({ authorization }) => authorization)).toEqual([undefined]);
  expect(console.network.calls[0]).toMatchObject({ key: "project", status: 200 });
  await stopAll();
  kratos.close();
  kratos.closeAllConnections();
});

describe("a project with a Kratos", () => {
  let outbox: Outbox;
  let kratos: Kratos;
  let console: Console;

  beforeAll(async () => {
    outbox = await startOutbox();
    const binary = kratosBinaries()[0]!;
    kratos = await startKratos({ binary, files: { "kratos.yml": kratosConfig(outbox) } });
    console = await startConsole({ projects: [{ slug: "shop", kratos }] });
  });

  afterAll(async () => {
    await stopAll();
    await kratos?.stop();
    await outbox?.close();
  });

  it("answers for it: an identity signs in at the project's URL", async () => {
    const admin = new IdentityApi(clientOf(console));
    const password = "correct-horse-battery-9";
    const { data: identity } = await admin.createIdentity({
      createIdentityBody: {
        schema_id: "default",
        traits: { email: "a@shop.example" },
        credentials: { password: { config: { password } } },
      },
    });
    const frontend = new FrontendApi(clientOf(console));
    const { data: flow } = await frontend.createNativeLoginFlow();
    expect(flow.ui.action).toContain(`${console.network.projectUrl("shop")}/self-service/login`);
    const { data } = await frontend.updateLoginFlow({
      flow: flow.id,
      updateLoginFlowBody: { method: "password", identifier: "a@shop.example", password },
    });
    expect(data.session_token).toMatch(/^ory_st_/);
    expect((await admin.deleteIdentity({ id: identity.id })).status).toBe(204);

    const calls = console.network.calls.filter(({ api }) => api === "project");
    expect(calls.map(({ method, status }) => `${method} ${status}`)).toEqual([
      "POST 201",
      "GET 200",
      "POST 200",
      "DELETE 204",
    ]);
    expect(calls[0]).toMatchObject({ key: "project", path: "/project/shop/admin/identities" });
    expect(JSON.stringify(calls)).not.toContain(console.network.projectKey);
  });

  it("passes redirections and cookies on", async () => {
    const url = `${console.network.projectUrl("shop")}/self-service/login/browser`;
    const answer = await fetch(url, { redirect: "manual" });
    expect(answer.status).toBe(303);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^csrf_token/);
  });

  it("passes its errors on", async () => {
    const { status } = await failure(new IdentityApi(clientOf(console)).getIdentity({ id: "nobody" }));
    expect([400, 404]).toContain(status);
  });
});
