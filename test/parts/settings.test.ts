import * as ory from "../../infra/index";
import { MockEngine } from "../components/engine";
import { adminCall, createIdentity, PASSWORD, publicCall } from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { basics, documentOf } from "./document";
import { messageIds, signUp } from "./sign-up";

describe.each(kratosBinaries())("settings, on %s", (binary) => {
  let outbox: Outbox;
  let kratos: Kratos;

  beforeAll(async () => {
    await new MockEngine().start();
    outbox = await startOutbox();
    kratos = await startKratos({ binary, files: { "kratos.json": documentOf(basics(outbox)) } });
  });
  afterAll(async () => {
    await kratos?.stop();
    await outbox?.close();
  });

  async function run(...parts: ory.Part[]) {
    const document = documentOf([...basics(outbox), ...parts], {}, { key: "canary-key" });
    expect(await kratos.reload("kratos.json", document)).toBe("accepted");
  }

  /** A flow in a browser: where it leads to, and the cookie that protects it. */
  async function browserFlow(flow: string) {
    const response = await fetch(`${kratos.publicUrl}/self-service/${flow}/browser`, { redirect: "manual" });
    return { location: response.headers.get("location"), cookie: response.headers.get("set-cookie") };
  }

  const nodeNames = async (flow: string): Promise<string[]> => {
    const { body } = await publicCall(kratos, `/self-service/${flow}/api`);
    return body.ui.nodes.map(({ attributes }: { attributes: { name: string } }) => attributes.name);
  };

  it("PasswordPolicy refuses shorter passwords, and lets similar ones pass where told so", async () => {
    const tooShort = 4000032;
    const tooSimilar = 4000031;
    await run(new ory.PasswordPolicy("longer", { minLength: 30 }));
    expect(messageIds(await signUp(kratos, { email: "short@shop.example" }))).toContain(tooShort);
    await run(new ory.PasswordPolicy("longer", { minLength: 8 }));
    expect(messageIds(await signUp(kratos, { email: "alike@shop.example" }, "alike@shop.example"))).toContain(
      tooSimilar,
    );
    await run(new ory.PasswordPolicy("longer", { identifierSimilarityCheck: false }));
    expect((await signUp(kratos, { email: "alike@shop.example" }, "alike@shop.example")).status).toBe(200);
  });

  it("PasswordPolicy's migrate hook is asked, authenticated, for the password of an imported identity", async () => {
    const migrateHook = { url: `${outbox.url}/migrate`, auth: { header: "X-Api-Key", value: "secret:key" } };
    await run(new ory.PasswordPolicy("migrating", { migrateHook }));
    const imported = await adminCall(kratos, "/admin/identities", {
      schema_id: "default",
      traits: { email: "imported@shop.example" },
      credentials: { password: { config: { use_password_migration_hook: true } } },
    });
    expect(imported.status).toBe(201);
    const flow = await publicCall(kratos, "/self-service/login/api");
    const entered = { method: "password", identifier: "imported@shop.example", password: PASSWORD };
    await publicCall(kratos, flow.body.ui.action, undefined, entered);
    const asked = await outbox.received(({ path }) => path === "/migrate");
    expect(asked).toMatchObject({
      method: "POST",
      headers: { "x-api-key": "canary-key" },
      body: { identifier: "imported@shop.example", password: PASSWORD },
    });
  });

  it.each<[string, ory.PasswordHasherArgs, RegExp]>([
    ["bcrypt", { bcrypt: { cost: 13 } }, /^\$2a\$13\$/],
    [
      "argon2",
      { argon2: { memory: "16MB", iterations: 2, parallelism: 1 } },
      /^\$argon2id\$v=19\$m=16384,t=2,p=1\$/,
    ],
  ])("PasswordHasher stores by %s from the next start on", async (_name, args, hash) => {
    const document = documentOf([...basics(outbox), new ory.PasswordHasher("hasher", args)]);
    const fresh = await startKratos({ binary, files: { "kratos.json": document } });
    try {
      const id = await createIdentity(fresh, { email: "hashed@shop.example" });
      const { body } = await adminCall(fresh, `/admin/identities/${id}?include_credential=password`);
      expect(body.credentials.password.config.hashed_password).toMatch(hash);
    } finally {
      await fresh.stop();
    }
  });

  it("PasswordHasher's other algorithm waits for the next start", async () => {
    await createIdentity(kratos, { email: "before@shop.example" });
    await run(new ory.PasswordHasher("hasher", { argon2: {} }));
    const id = await createIdentity(kratos, { email: "after@shop.example" });
    const { body } = await adminCall(kratos, `/admin/identities/${id}?include_credential=password`);
    expect(body.credentials.password.config.hashed_password).toMatch(/^\$2a\$/);
  });

  it("SessionLifetime sets how long a session lasts", async () => {
    const hooks = new ory.Hooks("hooks", { registration: { after: { password: [{ hook: "session" }] } } });
    await run(hooks, new ory.SessionLifetime("session", { lifespan: "90m" }));
    const { session } = (await signUp(kratos, { email: "lasting@shop.example" })).body;
    const lasts = Date.parse(session.expires_at) - Date.parse(session.issued_at);
    expect(Math.abs(lasts - 90 * 60_000)).toBeLessThan(5_000);
  });

  it("AccountEnumeration does not hide at sign-up that an address is taken", async () => {
    const isTaken = 4000007;
    await run(
      new ory.Verification("verification"),
      new ory.Registration("registration", { oneStep: true }),
      new ory.AccountEnumeration("enumeration", { mitigate: true }),
    );
    await signUp(kratos, { email: "taken@shop.example" });
    expect(messageIds(await signUp(kratos, { email: "taken@shop.example" }))).toContain(isTaken);
  });

  it("AccountEnumeration goes on to the next step of sign-in for anybody", async () => {
    const step = async () => {
      const flow = await publicCall(kratos, "/self-service/login/api");
      const entered = { method: "identifier_first", identifier: "nobody@shop.example" };
      return messageIds(await publicCall(kratos, flow.body.ui.action, undefined, entered));
    };
    const login = new ory.Login("login", { style: "identifier_first" });
    const unknown = 4000037;
    await run(login);
    expect(await step()).toContain(unknown);
    await run(login, new ory.AccountEnumeration("enumeration", { mitigate: true }));
    expect(await step()).not.toContain(unknown);
  });

  it("Login and Registration ask for everything at once, or step by step", async () => {
    await run(
      new ory.Login("login", { style: "unified" }),
      new ory.Registration("registration", { oneStep: true }),
    );
    expect(await nodeNames("login")).toContain("password");
    expect(await nodeNames("registration")).toContain("password");
    await run(
      new ory.Login("login", { style: "identifier_first" }),
      new ory.Registration("registration", { oneStep: false }),
    );
    expect(await nodeNames("login")).not.toContain("password");
    expect(await nodeNames("registration")).not.toContain("password");
  });

  it("Registration closes sign-up", async () => {
    await run(new ory.Registration("registration", { enabled: false }));
    expect((await publicCall(kratos, "/self-service/registration/api")).status).toBe(400);
  });

  it("UserInterface sends browsers to its pages, and lets them return to what it allows", async () => {
    const page = "https://shop.example/sign-in";
    await run(
      new ory.UserInterface("pages", { pages: { login: page }, allowedReturnUrls: ["https://ok.example"] }),
    );
    expect((await browserFlow("login")).location).toMatch(/^https:\/\/shop\.example\/sign-in\?flow=/);
    const to = (url: string) =>
      publicCall(kratos, `/self-service/login/api?return_to=${encodeURIComponent(url)}`).then(
        ({ status }) => status,
      );
    expect(await to("https://ok.example/basket")).toBe(200);
    expect(await to("https://evil.example/")).toBe(400);
  });

  it("Cookies sets where browsers send them", async () => {
    await run(new ory.Cookies("cookies", { domain: "shop.example", path: "/shop", sameSite: "Strict" }));
    const { cookie } = await browserFlow("login");
    expect(cookie).toMatch(/; Path=\/shop; Domain=shop\.example;.* SameSite=Strict/);
  });

  it("SocialSignIn shows a button for each provider and sends browsers to it with the client's id", async () => {
    const mapper = 'local claims = std.extVar("claims"); { identity: { traits: { email: claims.email } } }';
    const client = { clientId: "shop-client", clientSecret: "secret:key", mapper };
    await run(
      new ory.SocialSignIn("social", {
        providers: {
          vk: { ...client, provider: "vk", label: "Vk" },
          github: { ...client, provider: "github", scope: ["user:email"] },
        },
      }),
    );
    const flow = await publicCall(kratos, "/self-service/login/browser");
    const buttons = flow.body.ui.nodes
      .filter(({ group }: { group: string }) => group === "oidc")
      .map(({ attributes }: { attributes: { value: string } }) => attributes.value);
    expect(buttons).toEqual(["github", "vk"]);
    const html = await fetch(`${kratos.publicUrl}/self-service/login/browser`, {
      headers: { accept: "application/json" },
    });
    const { ui } = (await html.json()) as {
      ui: { action: string; nodes: { attributes: { value: string } }[] };
    };
    const sent = await fetch(ui.action, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        cookie: html.headers
          .getSetCookie()
          .map((one) => one.split(";")[0])
          .join("; "),
      },
      body: JSON.stringify({ provider: "github", csrf_token: ui.nodes[0]!.attributes.value }),
    });
    const { redirect_browser_to: to } = (await sent.json()) as { redirect_browser_to: string };
    expect(to).toMatch(/^https:\/\/github\.com\/login\/oauth\/authorize\?client_id=shop-client&/);
    expect(new URL(to).searchParams.get("scope")).toBe("user:email");
  });
});
