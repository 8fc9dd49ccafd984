import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { Json } from "../../infra/identity-config/model";
import { freePort } from "../../local/free-port";
import { kratosBinaries } from "../kratos/server";
import { API_KEY, type Scene, startScene } from "./scene";
import { secondFactorConfig } from "./second-factor-config";

describe.each(kratosBinaries())("journeys with %s", (binary) => {
  let scene: Scene;
  /** Takes connections and never answers, so that messages stay under way. */
  let silent: { url: string; server: Server };

  beforeAll(async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    silent = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
    scene = await startScene(binary);
  });

  afterAll(async () => {
    await scene?.stop();
    silent?.server.close();
  });

  afterEach(async () => {
    expect(await scene.identities()).toEqual([]);
  });

  test("both reach aal2, each step told", async () => {
    await scene.use({});
    const lines: string[] = [];
    const { journeys } = await scene.walkAs(["password+email", "password+sms"], {
      log: (line) => lines.push(line),
    });
    expect(journeys).toMatchObject([
      { as: "password+email", aal: "aal2" },
      { as: "password+sms", aal: "aal2" },
    ]);
    expect(journeys[1]?.steps).toEqual([
      expect.stringMatching(/^created the throw-away identity pulumi-ory-proof-\w+@example\.com$/),
      "signed in with the password",
      "whoami demands aal2 (403 session_aal2_required)",
      expect.stringMatching(/^asked for a code at \+120155501\d\d by SMS$/),
      expect.stringMatching(/^code \d{6} arrived$/),
      expect.stringMatching(/^wrong code 00000[01] refused$/),
      "whoami reaches aal2",
      "removed the throw-away identity",
    ]);
    expect(lines).toEqual(journeys.flatMap(({ as, steps }) => steps.map((step) => `${as}: ${step}`)));
    expect(scene.outbox.messages().map(({ channel, templateType }) => [channel, templateType])).toEqual([
      ["email", "login_code_valid"],
      ["sms", "login_code_valid"],
    ]);
  });

  test("codes can be read from the outbox, and its key has to be right", async () => {
    await scene.use({});
    const { journeys } = await scene.walkAs(["password+sms"], {
      outbox: { url: scene.outbox.url, apiKey: API_KEY },
    });
    expect(journeys[0]?.steps).toContain(`code ${scene.outbox.messages().at(-1)?.code} arrived`);
    await expect(scene.walkAs(["password+sms"], { outbox: { url: scene.outbox.url } })).rejects.toMatchObject(
      {
        code: "CodeUnreadable",
        message: expect.stringContaining(
          `could not read ${scene.outbox.url}/messages (status 401), correct outbox`,
        ),
      },
    );
  });

  test("signing in by identifier first is the same journey", async () => {
    await scene.use({ loginStyle: "identifier_first" });
    await expect(scene.walkAs(["password+email"])).resolves.toMatchObject({ journeys: [{ aal: "aal2" }] });
  });

  test("a user name as the identifier, nested addresses and required extras are filled in", async () => {
    const via = (channel: string): Json => ({ credentials: { code: { identifier: true, via: channel } } });
    await scene.use({
      traits: {
        login: { type: "string", "ory.sh/kratos": { credentials: { password: { identifier: true } } } },
        email: { type: "string", format: "email" },
        contact: {
          type: "object",
          required: ["city"],
          properties: {
            city: { type: "string", minLength: 2 },
            phone: { type: "string", format: "tel", "ory.sh/kratos": via("sms") },
          },
        },
      },
    });
    await expect(scene.walkAs(["password+sms"])).resolves.toMatchObject({ journeys: [{ aal: "aal2" }] });
  });

  test("a whoami that asks for nothing more ends the journey", async () => {
    await scene.use({ whoami: "aal1" });
    await expect(scene.walkAs(["password+email"])).rejects.toMatchObject({
      code: "SecondFactorNotDemanded",
      message: expect.stringMatching(
        /^password\+email, after "signed in with the password": expected whoami to demand aal2/,
      ),
    });
  });

  test("a schema without phones has no journey by SMS, and no identity is made", async () => {
    const email = secondFactorConfig({ outboxUrl: scene.outbox.url }).identity as {
      schemas: { url: string }[];
    };
    const { properties } = JSON.parse(Buffer.from(email.schemas[0]!.url.slice(9), "base64").toString());
    await scene.use({ traits: { email: properties.traits.properties.email } });
    await expect(scene.walkAs(["password+sms"])).rejects.toMatchObject({
      code: "NoSuchAddress",
      message: expect.stringMatching(
        /^password\+sms, after "started": identity schema "customer-\d+" has no trait/,
      ),
    });
  });

  test("a trait that cannot be made up is named in Kratos' words", async () => {
    await scene.use({
      traits: {
        email: {
          type: "string",
          pattern: "^[0-9]+$",
          "ory.sh/kratos": {
            credentials: { password: { identifier: true }, code: { identifier: true, via: "email" } },
          },
        },
      },
    });
    await expect(scene.walkAs(["password+email"])).rejects.toMatchObject({
      code: "IdentityRefused",
      message: expect.stringMatching(/got 400 .*#\/traits\/email.*needs an example in its schema/),
    });
  });

  test("a missing SMS channel is told as soon as the first delivery failed", async () => {
    await scene.use({ sms: false });
    const started = Date.now();
    await expect(scene.walkAs(["password+sms"])).rejects.toMatchObject({
      code: "MessageNotDelivered",
      message: expect.stringMatching(/unknown channel "sms"|no courier channels configured for: sms/),
    });
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  test("an outbox that refuses the key is told with the status", async () => {
    await scene.use({ apiKey: "wrong" });
    await expect(scene.walkAs(["password+sms"])).rejects.toThrow(/status code 401; correct the auth/);
  });

  test("an outbox that is down is told long before the time limit", async () => {
    await scene.use({ outboxUrl: "http://127.0.0.1:1" });
    const started = Date.now();
    await expect(scene.walkAs(["password+email"])).rejects.toMatchObject({
      code: "MessageNotDelivered",
      message: expect.stringMatching(
        /by channel email was not delivered: .*connection refused; start the gateway/,
      ),
    });
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  test("a message that is not sent in time is told with its status", async () => {
    await scene.use({ outboxUrl: silent.url });
    await expect(scene.walkAs(["password+email"], { messageTimeoutMs: 300 })).rejects.toMatchObject({
      code: "MessageNotSent",
      message: expect.stringMatching(/sent within 0\.3 s, got status (queued|processing)/),
    });
  });

  test("an abort ends the journey where it stands and still removes the identity", async () => {
    await scene.use({ outboxUrl: silent.url });
    const controller = new AbortController();
    const log = (line: string) => /(asked for|was sent) a code/.test(line) && controller.abort();
    const started = Date.now();
    await expect(scene.walkAs(["password+email"], { signal: controller.signal, log })).rejects.toMatchObject({
      code: "Aborted",
      message: expect.stringMatching(
        /^password\+email, after "(asked for|was sent) a code at .* by e-mail": aborted$/,
      ),
    });
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  test("leftovers of a crashed run are removed first, those of a running one are left alone", async () => {
    const customer = await scene.use({});
    const leftover = await createIdentity(customer, "pulumi-ory-proof-old@example.com", Date.now() - 1);
    const current = await createIdentity(customer, "pulumi-ory-proof-now@example.com", Date.now() + 60_000);
    const user = await createIdentity(customer, "pulumi-ory-proof-lookalike@example.com");
    const lines: string[] = [];
    await scene.walkAs([], { log: (line) => lines.push(line) });
    expect(lines).toEqual(["removed 1 throw-away identities of an earlier run"]);
    expect(await scene.identities()).not.toContain(leftover);
    expect((await scene.identities()).sort()).toEqual([current, user].sort());
    for (const id of [current, user])
      await fetch(`${scene.kratos.adminUrl}/admin/identities/${id}`, { method: "DELETE" });
  });

  test("a server that is not there is named with the setting to correct", async () => {
    const adminUrl = `http://127.0.0.1:${await freePort(0)}`;
    await expect(scene.walkAs(["password+email"], { adminUrl })).rejects.toMatchObject({
      code: "ServerUnreachable",
      message: `kratos does not answer GET /admin/identities at adminUrl "${adminUrl}" (ECONNREFUSED), start it or correct adminUrl`,
    });
  });

  async function createIdentity(schema_id: string, email: string, until?: number): Promise<string> {
    const metadata_admin = until && { "pulumi-ory": { throw_away_until: new Date(until).toISOString() } };
    const response = await fetch(`${scene.kratos.adminUrl}/admin/identities`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ traits: { email }, metadata_admin, schema_id }),
    });
    return ((await response.json()) as { id: string }).id;
  }
});
