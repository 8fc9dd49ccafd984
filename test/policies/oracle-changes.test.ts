import gte from "semver/functions/gte";
import { plan } from "../../infra/identity-config/change-set";
import { type Document, inlineUri, type Json } from "../../infra/identity-config/model";
import { findings } from "../../policies/rules";
import { emailTrait } from "../kratos/config";
import {
  adminCall,
  createIdentity,
  PASSWORD,
  passwordLogin,
  secondFactorFlow,
  whoami,
} from "../kratos/login";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { enrolLookupSecret, enrolTotp, saveSettings } from "../kratos/settings";

const PLAIN = emailTrait({ codes: false });
const CODES = emailTrait({ codes: true });
const NAME: Document = { type: "string" };
const USER: Document = {
  type: "string",
  "ory.sh/kratos": { credentials: { password: { identifier: true } } },
};

/** A schema of these traits. @param more Beside `properties`, such as `required`. */
const schema = (traits: Document, more: Document = {}): string =>
  inlineUri(
    JSON.stringify({
      type: "object",
      properties: { traits: { type: "object", properties: traits, ...more } },
    }),
  );

const document = (
  methods: Document = {},
  url = schema({ email: PLAIN }),
  session: Document = {},
): Document => ({
  selfservice: {
    default_browser_return_url: "https://shop.example/",
    // Asks a server on the internet otherwise.
    methods: { password: { config: { haveibeenpwned_enabled: false } }, ...methods },
    ...(session.settings ? { flows: { settings: { required_aal: session.settings } } } : {}),
  },
  identity: { schemas: [{ id: "default", url }] },
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:9/" } },
  // By default, each password takes a quarter of a second.
  hashers: { algorithm: "argon2", argon2: { memory: "1MB", iterations: 1, parallelism: 1 } },
  ...(session.whoami ? { session: { whoami: { required_aal: session.whoami } } } : {}),
});

const RELYING_PARTY = { display_name: "Shop", id: "localhost", origins: ["http://localhost:4455"] };
const AAL1 = { whoami: "aal1", settings: "aal1" };

describe.each(kratosBinaries())("rules about changes, on %s", (binary) => {
  const version = kratosVersion(binary);
  const asksOnlyWhoHasAnAddress = gte(version, "25.4.0");
  let kratos: Kratos;
  let current = document();

  beforeAll(async () => {
    kratos = await startKratos({ binary, files: { "kratos.json": current } });
  });
  afterAll(() => kratos?.stop());

  /** Runs `after` from now on. Returns what rules about changes say of the step. */
  async function move(after: Document): Promise<string[]> {
    const before = current;
    const baseline = { effective: before, defaults: {}, managed: Object.keys({}) };
    const { changes } = plan(baseline, { declared: after, owned: [], release: [], secrets: [] });
    expect(await kratos.reload("kratos.json", after)).toBe("accepted");
    current = after;
    const review = { declared: after, effective: after, observed: before, changes } as const;
    const found = findings(
      { ...review, environment: "dev", target: "kratos", kratosVersion: version },
      "changes",
    );
    return found.map(({ rule }) => rule);
  }

  /** What becomes of a fresh sign-in: whoami's status, and the second factors that are offered where it needs one. */
  async function signIn(identifier: string): Promise<{ status: number; offered: string[] }> {
    const token = await passwordLogin(kratos, identifier);
    return session(token);
  }

  async function session(token: string) {
    const { status } = await whoami(kratos, token);
    if (status === 200) return { status, offered: [] };
    const groups = ((await secondFactorFlow(kratos, token)).ui.nodes ?? []).map(
      ({ group }: { group: string }) => group,
    ) as string[];
    return { status, offered: [...new Set(groups)].filter((group) => group !== "default") };
  }

  const profile = async (identifier: string, traits: Json) =>
    saveSettings(kratos, await passwordLogin(kratos, identifier), { method: "profile", traits });
  /** What becomes of a new password; it is the old one again in the end. From 26.2 on it must be another one. */
  async function password(identifier: string) {
    const token = await passwordLogin(kratos, identifier);
    const save = (news: string) => saveSettings(kratos, token, { method: "password", password: news });
    const saved = await save("another-horse-battery-7");
    if (saved.status === 200) expect((await save(PASSWORD)).status).toBe(200);
    return saved;
  }
  const OK = { status: 200, offered: [] };
  const STUCK = { status: 403, offered: [] };

  it.each([
    ["totp", enrolTotp],
    ["lookup_secret", enrolLookupSecret],
  ] as const)("remove-enrolled-method: whoever has %s is stuck once it is off", async (method, enrol) => {
    const identifier = `${method}@shop.example`;
    await move(document({ [method]: { enabled: true } }));
    await createIdentity(kratos, { email: identifier });
    await enrol(kratos, await passwordLogin(kratos, identifier));
    expect(await signIn(identifier)).toEqual({ status: 403, offered: [method] });

    expect(await move(document())).toEqual(["remove-enrolled-method"]);
    expect(await signIn(identifier)).toEqual(STUCK);
    // Not demanded any more, or on again: both repair it.
    await move(document({ [method]: { enabled: true } }, undefined, AAL1));
    expect(await move(document({}, undefined, AAL1))).toEqual([]);
    expect(await signIn(identifier)).toEqual(OK);
    await move(document({ [method]: { enabled: true } }));
    expect(await signIn(identifier)).toEqual({ status: 403, offered: [method] });
  });

  it.each<[string, Document, Document]>([
    ["code", { code: { passwordless_enabled: true } }, {}],
    ["passkey", { passkey: { enabled: true, config: { rp: RELYING_PARTY } } }, {}],
    ["password", {}, { password: { enabled: false }, code: { passwordless_enabled: true } }],
  ])("remove-sign-in-method: nobody is offered %s once it is off", async (method, before, after) => {
    const with_ = schema({ email: CODES });
    // Passkeys are for browsers alone.
    const offered = async () => {
      const url = `${kratos.publicUrl}/self-service/login/browser`;
      const flow = await (await fetch(url, { headers: { accept: "application/json" } })).json();
      return (flow as { ui: { nodes: { group: string }[] } }).ui.nodes.map(({ group }) => group);
    };
    await move(document(before, with_));
    expect(await offered()).toContain(method);
    expect(await move(document(after, with_))).toEqual(["remove-sign-in-method"]);
    expect(await offered()).not.toContain(method);
    await move(document());
  });

  it("mfa-forces-everyone, mfa-off-strands-sessions: codes are demanded of sessions that exist, and go on being", async () => {
    const [with_, without] = [schema({ email: CODES }), schema({ email: PLAIN })];
    await move(document({}, without));
    await createIdentity(kratos, { email: "unreachable@shop.example" });
    await move(document({}, with_));
    await createIdentity(kratos, { email: "reachable@shop.example" });
    const existing = await passwordLogin(kratos, "reachable@shop.example");
    expect(await session(existing)).toEqual(OK);

    // Content with one factor, nobody is asked; then the level alone makes the difference.
    expect(await move(document({ code: { mfa_enabled: true } }, with_, AAL1))).toEqual([]);
    expect(await session(existing)).toEqual(OK);
    expect(await move(document({ code: { mfa_enabled: true } }, with_))).toEqual(["mfa-forces-everyone"]);
    expect(await session(existing)).toEqual({ status: 403, offered: ["code"] });
    expect(await move(document({}, with_))).toEqual(["mfa-off-strands-sessions"]);
    expect(await session(existing)).toEqual(STUCK);
    expect(await signIn("reachable@shop.example")).toEqual(OK);
    expect(await session(existing)).toEqual(OK);

    expect(await move(document({ code: { mfa_enabled: true } }, with_))).toEqual(["mfa-forces-everyone"]);
    expect(await session(existing)).toEqual({ status: 403, offered: ["code"] });
    expect(await signIn("unreachable@shop.example")).toEqual(asksOnlyWhoHasAnAddress ? OK : STUCK);

    await move(document({}, without));
    const forced = asksOnlyWhoHasAnAddress ? [] : ["mfa-forces-everyone"];
    expect(await move(document({ code: { mfa_enabled: true } }, without))).toEqual(forced);
    await move(document());
  });

  describe("identity schemas", () => {
    const traits = { email: PLAIN, name: NAME, user: USER };
    const base = () => document({}, schema(traits));
    /** An identity of the schema with all these traits. */
    async function identity(name: string) {
      await move(base());
      const email = `${name}@shop.example`;
      return { email, id: await createIdentity(kratos, { email, name: "Al", user: name }), user: name };
    }
    const rewrite = (id: string, traits: Json) =>
      fetch(`${kratos.adminUrl}/admin/identities/${id}`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ schema_id: "default", state: "active", traits }),
      });

    it.each<[string, string, Record<string, string>]>([
      ["a trait is required", schema({ ...traits, phone: NAME }, { required: ["phone"] }), { phone: "1" }],
      ["a trait must be longer", schema({ ...traits, name: { ...NAME, minLength: 5 } }), { name: "Albert" }],
      ["a trait is one of a list", schema({ ...traits, name: { ...NAME, enum: ["Bo"] } }), { name: "Bo" }],
      [
        "a trait has a format",
        schema({ ...traits, name: { ...NAME, format: "email" } }),
        { name: "a@b.example" },
      ],
    ])(
      "schema-rejects-stored: where %s, nothing can be saved, a new password neither",
      async (what, url, repair) => {
        const { email, user, id } = await identity(what.replaceAll(" ", "-"));
        expect(await move(document({}, url))).toEqual(["schema-changed-in-place", "schema-rejects-stored"]);
        expect(await signIn(email)).toEqual(OK);
        expect((await password(email)).status).toBe(400);
        expect((await rewrite(id, { email, user, name: "Al", ...repair })).status).toBe(200);
        expect((await password(email)).status).toBe(200);
      },
    );

    it("schema-rejects-stored: where a trait is gone and others are refused, too", async () => {
      const { email } = await identity("closed");
      const closed = schema({ email: PLAIN, user: USER }, { additionalProperties: false });
      expect(await move(document({}, closed))).toContain("schema-rejects-stored");
      expect((await password(email)).status).toBe(400);
    });

    it("schema-forgets-trait: saving the profile removes the value of a trait that is gone", async () => {
      const { email, id, user } = await identity("forgotten");
      expect(await move(document({}, schema({ email: PLAIN, user: USER })))).toEqual([
        "schema-changed-in-place",
        "schema-forgets-trait",
      ]);
      const stored = async () => (await adminCall(kratos, `/admin/identities/${id}`)).body.traits;
      expect((await password(email)).status).toBe(200);
      expect(await stored()).toHaveProperty("name");
      expect((await profile(email, { email, user })).status).toBe(200);
      expect(await stored()).toEqual({ email, user });
    });

    it("schema-loses-identifier: signs in until the identity is written again", async () => {
      const { email, user } = await identity("lost");
      expect(await move(document({}, schema({ ...traits, user: NAME })))).toEqual([
        "schema-changed-in-place",
        "schema-loses-identifier",
      ]);
      expect(await signIn(user)).toEqual(OK);
      expect((await profile(email, { email, name: "Bo", user })).status).toBe(200);
      await expect(signIn(user)).rejects.toThrow("could not sign in");
      expect(await signIn(email)).toEqual(OK);
    });

    it("schema-needs-rewrite: a credential comes once the identity is written again", async () => {
      const { email, id, user } = await identity("gained");
      const news = schema({ email: CODES, user: USER, name: USER });
      expect(await move(document({ code: { mfa_enabled: true } }, news))).toEqual(
        expect.arrayContaining(["mfa-forces-everyone", "schema-needs-rewrite"]),
      );
      expect(await signIn(email)).toEqual(asksOnlyWhoHasAnAddress ? OK : STUCK);
      await expect(passwordLogin(kratos, "gained-name")).rejects.toThrow("could not sign in");
      expect((await rewrite(id, { email, user, name: "gained-name" })).status).toBe(200);
      expect(await signIn(email)).toEqual({ status: 403, offered: ["code"] });
      expect(await signIn("gained-name")).toEqual({ status: 403, offered: ["code"] });
    });

    it("default-schema-switch, schema-unlisted: identities keep their schema, and need it", async () => {
      const { email, id } = await identity("switched");
      const listing = (...ids: string[]): Document => {
        const schemas = ids.map((one) => ({ id: one, url: schema(traits) }));
        return { ...base(), identity: { default_schema_id: "customer", schemas } };
      };
      expect(await move(listing("default", "customer"))).toEqual(["default-schema-switch"]);
      expect((await adminCall(kratos, `/admin/identities/${id}`)).body.schema_id).toBe("default");
      expect(await signIn(email)).toEqual(OK);
      expect(await move(listing("customer"))).toEqual(["schema-unlisted"]);
      expect((await adminCall(kratos, `/admin/identities/${id}`)).status).toBe(500);
      await expect(signIn(email)).rejects.toThrow("could not sign in");
      await move(listing("default", "customer"));
      expect(await signIn(email)).toEqual(OK);
    });
  });
});
