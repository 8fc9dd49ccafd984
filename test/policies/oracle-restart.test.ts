import { createServer } from "node:net";
import { plan } from "../../infra/identity-config/change-set";
import type { Document } from "../../infra/identity-config/model";
import { emailTrait, overlaid, schemaUrl } from "../kratos/config";
import { adminCall, createIdentity, PASSWORD, passwordLogin, publicCall } from "../kratos/login";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { violations, whole } from "./review";

const SIGNS_IN = { methods: { password: { config: { haveibeenpwned_enabled: false } } } };

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");

describe.each(kratosBinaries())("what hot reload does not apply on %s", (binary) => {
  const base = whole({
    selfservice: SIGNS_IN,
    identity: { schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: false }) }) }] },
    courier: { smtp: { connection_uri: "smtp://127.0.0.1:9/" } },
    hashers: { algorithm: "bcrypt", bcrypt: { cost: 12 } },
    secrets: { cookie: ["the-first-secret-of-the-cookies"] },
  });
  let kratos: Kratos;
  let current = base;
  let people = 0;

  beforeAll(async () => {
    kratos = await startKratos({ binary, files: { "kratos.json": base }, yields: true });
  });
  afterAll(() => kratos?.stop());
  beforeEach(() => move({}));

  /** Puts `after` in the place of what runs. Returns the paths that `restart-required` names. */
  async function move(change: Document): Promise<string[]> {
    const [before, after] = [current, overlaid(base, change)];
    const { changes } = plan(
      { effective: before, defaults: {}, managed: [] },
      { declared: after, owned: [], release: [], secrets: [] },
    );
    expect(await kratos.reload("kratos.json", after)).toBe("accepted");
    current = after;
    const review = { observed: before, changes, kratosVersion: kratosVersion(binary) };
    return violations("restart-required", after, review).map(({ path }) => path);
  }

  const newcomer = async () => {
    const email = `person-${people++}@shop.example`;
    return { email, id: await createIdentity(kratos, { email }) };
  };

  test("the level of the log", async () => {
    expect(await move({ log: { level: "debug" } })).toEqual(["/log/level"]);
    await newcomer();
    expect(kratos.log()).not.toMatch(/level"?[=:]"?debug/);
  });

  test("the ports", async () => {
    const port = await freePort();
    expect(await move({ serve: { public: { port } } })).toEqual(["/serve/public/port"]);
    await expect(fetch(`http://127.0.0.1:${port}/health/alive`)).rejects.toThrow();
    expect(await publicCall(kratos, "/health/alive")).toMatchObject({ status: 200 });
  });

  test("the kind of password hash, once one was made", async () => {
    const hashOf = async (id: string) =>
      (await adminCall(kratos, `/admin/identities/${id}?include_credential=password`)).body.credentials
        .password.config.hashed_password;
    expect(await hashOf((await newcomer()).id)).toMatch(/^\$2a\$/);
    expect(await move({ hashers: { algorithm: "argon2", argon2: { memory: "1MB" } } })).toEqual([
      "/hashers/algorithm",
    ]);
    expect(await hashOf((await newcomer()).id)).toMatch(/^\$2a\$/);
  });

  test("but secrets: a session signed by one that is gone is over at once", async () => {
    const { email } = await newcomer();
    const json = { accept: "application/json", "content-type": "application/json" };
    const started = await fetch(`${kratos.publicUrl}/self-service/login/browser`, { headers: json });
    const { ui } = (await started.json()) as {
      ui: { action: string; nodes: { attributes: { name: string; value: string } }[] };
    };
    const csrf_token = ui.nodes.find(({ attributes }) => attributes.name === "csrf_token")!.attributes.value;
    const signedIn = await fetch(ui.action, {
      method: "POST",
      headers: { ...json, cookie: cookiesOf(started) },
      body: JSON.stringify({
        method: "password",
        identifier: email,
        password: PASSWORD,
        csrf_token,
      }),
    });
    const whoami = async () =>
      (await fetch(`${kratos.publicUrl}/sessions/whoami`, { headers: { cookie: cookiesOf(signedIn) } }))
        .status;
    expect(await whoami()).toBe(200);
    const both = ["the-second-secret-of-the-cookies", "the-first-secret-of-the-cookies"];
    expect(await move({ secrets: { cookie: both } })).toEqual([]);
    expect(await whoami()).toBe(200);
    expect(await move({ secrets: { cookie: both.slice(0, 1) } })).toEqual([]);
    expect(await whoami()).toBe(401);
    expect(await passwordLogin(kratos, email)).not.toBe("");
  });
});
