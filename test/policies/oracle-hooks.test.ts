import type { Document } from "../../infra/identity-config/model";
import { kratosConfig, overlaid } from "../kratos/config";
import { createIdentity, PASSWORD, publicCall } from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { verdict } from "./verdict";

describe.each(kratosBinaries())("hooks of %s", (binary) => {
  let outbox: Outbox;
  let kratos: Kratos;
  const EMAIL = "ada@shop.example";

  beforeAll(async () => {
    outbox = await startOutbox();
    kratos = await startKratos({ binary, files: { "kratos.json": kratosConfig(outbox) } });
    await createIdentity(kratos, { email: EMAIL });
  });
  afterAll(async () => {
    await kratos?.stop();
    await outbox?.close();
  });

  /** The status of a sign-in with `after` in force, which `rule` takes for `expected`, and what it called. */
  async function signIn(rule: string, expected: "violated" | "kept", after: Document) {
    const config = overlaid(kratosConfig(outbox), { selfservice: { flows: { login: { after } } } });
    expect(verdict(rule, config, binary)).toBe(expected);
    expect(await kratos.reload("kratos.json", config)).toBe("accepted");
    outbox.deliveries.length = 0;
    const flow = await publicCall(kratos, "/self-service/login/api");
    const entered = { method: "password", identifier: EMAIL, password: PASSWORD };
    const { status } = await publicCall(kratos, flow.body.ui.action, undefined, entered);
    return { status, called: outbox.deliveries.map(({ path }) => path) };
  }

  const hook = (path: string, config: Document = {}): Document => ({
    hook: "web_hook",
    config: { url: `${outbox.url}/${path}`, method: "POST", ...config },
  });
  const flow = "base64://ZnVuY3Rpb24oY3R4KSB7fQ==";

  test.each(["POST", "GET", "DELETE"])(
    "a web hook by %s without a body fails every sign-in",
    async (method) => {
      const rule = "web-hook-body-required";
      const bodiless = await signIn(rule, "violated", { password: { hooks: [hook("crm", { method })] } });
      expect(bodiless).toEqual({ status: 400, called: [] });
      const whole = await signIn(rule, "kept", {
        password: { hooks: [hook("crm", { method, body: flow })] },
      });
      expect(whole).toEqual({ status: 200, called: ["/crm"] });
    },
  );

  test("a web hook of another content type fails every sign-in", async () => {
    const rule = "web-hook-content-type";
    const typed = (type: string) => ({
      password: { hooks: [hook("crm", { body: flow, headers: { "content-type": type } })] },
    });
    const odd = await signIn(rule, "violated", typed("application/json; charset=utf-8"));
    expect(odd).toEqual({ status: 400, called: [] });
    for (const type of ["application/json", "application/x-www-form-urlencoded"]) {
      expect(await signIn(rule, "kept", typed(type))).toEqual({ status: 200, called: ["/crm"] });
    }
  });

  test("a method's own hooks replace those for all methods", async () => {
    const rule = "hooks-shadow-global";
    const all = hook("all", { body: flow });
    const own = hook("own", { body: flow });
    expect(await signIn(rule, "violated", { hooks: [all], password: { hooks: [own] } })).toEqual({
      status: 200,
      called: ["/own"],
    });
    expect(await signIn(rule, "kept", { hooks: [all], password: { hooks: [own, all] } })).toEqual({
      status: 200,
      called: ["/own", "/all"],
    });
    expect(await signIn(rule, "kept", { hooks: [all], password: { hooks: [] } })).toEqual({
      status: 200,
      called: ["/all"],
    });
  });
});
