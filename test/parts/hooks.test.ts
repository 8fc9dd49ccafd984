import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as ory from "../../infra/index";
import { MockEngine } from "../components/engine";
import { passwordLogin, whoami } from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { basics, documentOf } from "./document";
import { signUp } from "./sign-up";

/** An endpoint that refuses every sign-up with a message of its own. */
async function startGuard(): Promise<{ url: string; server: Server }> {
  const messages = [
    { instance_ptr: "#/traits/email", messages: [{ id: 4711, text: "not you", type: "error" }] },
  ];
  const server = createServer((_request, response) => {
    response.writeHead(422, { "content-type": "application/json" }).end(JSON.stringify({ messages }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

describe.each(kratosBinaries())("hooks, on %s", (binary) => {
  let outbox: Outbox;
  let kratos: Kratos;
  let guard: Awaited<ReturnType<typeof startGuard>>;
  const session = { hook: "session" } as const;
  const call = (path: string, more: Partial<ory.WebHook> = {}): ory.WebHook =>
    ({
      hook: "web_hook",
      url: `${outbox.url}/${path}`,
      body: "function(ctx) { id: ctx.identity.id, email: ctx.identity.traits.email, flow: ctx.flow.type }",
      ...more,
    }) as ory.WebHook;
  const config = (hooks: ory.HooksArgs) =>
    documentOf(
      [...basics(outbox), new ory.Hooks("hooks", hooks)],
      {},
      { key: "canary-key", word: "canary-word" },
    );
  const run = async (hooks: ory.HooksArgs) => {
    expect(await kratos.reload("kratos.json", config(hooks))).toBe("accepted");
    outbox.deliveries.length = 0;
  };
  const paths = () => outbox.deliveries.map(({ path }) => path);

  beforeAll(async () => {
    await new MockEngine().start();
    [outbox, guard] = await Promise.all([startOutbox(), startGuard()]);
    kratos = await startKratos({ binary, files: { "kratos.json": config({}) } });
  });
  afterAll(async () => {
    await kratos?.stop();
    await outbox?.close();
    guard?.server.close();
  });

  it("call an endpoint on sign-up, with the Jsonnet's body and each kind of authentication", async () => {
    const auths: ory.HttpAuth[] = [
      { header: "X-Api-Key", value: "secret:key" },
      { cookie: "key", value: "secret:key" },
      { user: "shop", password: "secret:word" },
    ];
    const hooks = auths.map((auth, index) => call(`sign-up-${index}`, { auth, headers: { "X-Shop": "1" } }));
    await run({ registration: { after: { password: [...hooks, session] } } });
    const { status, body } = await signUp(kratos, { email: "ada@shop.example" });
    expect(status).toBe(200);
    expect(outbox.deliveries).toHaveLength(3);
    expect(outbox.deliveries[0]).toMatchObject({
      method: "POST",
      path: "/sign-up-0",
      contentType: "application/json",
      body: { id: body.identity.id, email: "ada@shop.example", flow: "api" },
      headers: { "x-api-key": "canary-key", "x-shop": "1" },
    });
    expect(outbox.deliveries[1]!.headers.cookie).toBe("key=canary-key");
    const basic = Buffer.from("shop:canary-word").toString("base64");
    expect(outbox.deliveries[2]!.headers.authorization).toBe(`Basic ${basic}`);
  });

  it("sign users in after sign-up only with session", async () => {
    await run({ registration: { after: { password: [session] } } });
    expect((await signUp(kratos, { email: "with@shop.example" })).body.session_token).toEqual(
      expect.any(String),
    );
    await run({});
    expect((await signUp(kratos, { email: "without@shop.example" })).body.session_token).toBeUndefined();
  });

  it("of other methods run only for methods without hooks of their own, an empty list counting as none", async () => {
    const otherMethods = [call("other")];
    await run({ registration: { after: { password: [session], otherMethods } } });
    await signUp(kratos, { email: "one@shop.example" });
    expect(paths()).toEqual([]);
    await run({ registration: { after: { password: [], otherMethods } } });
    await signUp(kratos, { email: "two@shop.example" });
    expect(paths()).toEqual(["/other"]);
  });

  it("run in the order of the list, before and after sign-in", async () => {
    const before = call("before", { body: "function(ctx) { flow: ctx.flow.type }" });
    await run({ login: { before: [before], after: { password: [call("first"), call("second")] } } });
    await passwordLogin(kratos, "ada@shop.example");
    expect(paths()).toEqual(["/before", "/first", "/second"]);
  });

  it("end the other sessions where told so", async () => {
    await run({ login: { after: { password: [{ hook: "revoke_active_sessions" }] } } });
    const first = await passwordLogin(kratos, "ada@shop.example");
    expect((await whoami(kratos, first)).status).toBe(200);
    await passwordLogin(kratos, "ada@shop.example");
    expect((await whoami(kratos, first)).status).toBe(401);
  });

  it("refuse a sign-up with what a parsed answer says, before anything is saved", async () => {
    const body = "function(ctx) { email: ctx.identity.traits.email }";
    await run({
      registration: { after: { password: [call("", { url: guard.url, body, response: "parse" })] } },
    });
    const { status, body: flow } = await signUp(kratos, { email: "mallory@shop.example" });
    expect(status).toBe(400);
    expect(JSON.stringify(flow)).toContain("not you");
    await expect(passwordLogin(kratos, "mallory@shop.example")).rejects.toThrow("could not sign in");
  });

  it("let a sign-up pass where a refusal is ignored, and fail it after saving where it is not parsed", async () => {
    const refusing = (more: Partial<ory.WebHook>) => [call("", { url: guard.url, ...more })];
    await run({ registration: { after: { password: refusing({ response: "ignore" }) } } });
    expect((await signUp(kratos, { email: "ignored@shop.example" })).status).toBe(200);
    await run({ registration: { after: { password: refusing({}) } } });
    expect((await signUp(kratos, { email: "waited@shop.example" })).status).toBe(502);
    await run({});
    expect(await passwordLogin(kratos, "waited@shop.example")).toEqual(expect.any(String));
  });

  it("skip the call where the Jsonnet says so", async () => {
    await run({
      registration: { after: { password: [call("skipped", { body: 'function(ctx) error "cancel"' })] } },
    });
    expect((await signUp(kratos, { email: "skip@shop.example" })).status).toBe(200);
    expect(paths()).toEqual([]);
  });
});
