import { gte } from "semver";
import * as ory from "../../infra/index";
import { MockEngine } from "../components/engine";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type KratosExit, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { basics, documentOf } from "./document";
import { everyPart, secrets } from "./every-part";

const call: ory.WebHook = { hook: "web_hook", url: "https://crm.shop.example/", body: "function(ctx) {}" };
const client = { clientId: "shop", clientSecret: "secret:key", mapper: "{}" };
const schema = (email: ory.Trait) => new ory.IdentitySchema("other", { traits: { email } });
const provider = (one: ory.OidcProvider) => new ory.SocialSignIn("social", { providers: { one } });

/** What Kratos after v1.3.1 brought, each alone. */
const news: [argument: string, part: () => ory.Part][] = [
  ["recover by SMS", () => schema(ory.phone({ recover: true }))],
  ["matchOrganization", () => schema(ory.email({ matchOrganization: true }))],
  ["style of Registration", () => new ory.Registration("registration", { style: "unified" })],
  ["id of a web hook", () => new ory.Hooks("hooks", { login: { before: [{ ...call, id: "crm" }] } })],
  [
    "show_verification_ui after a change of traits",
    () => new ory.Hooks("hooks", { settings: { after: { profile: [{ hook: "show_verification_ui" }] } } }),
  ],
  [
    "body of a migrate hook",
    () => new ory.PasswordPolicy("passwords", { migrateHook: { url: call.url, body: "function(ctx) ctx" } }),
  ],
  [
    "a sign-up code by SMS",
    () =>
      new ory.MessageTemplate("code", { template: "registration_code_valid", sms: { plaintext: "code" } }),
  ],
  ["provider amazon", () => provider({ ...client, provider: "amazon" })],
  ["provider line", () => provider({ ...client, provider: "line" })],
  ["provider uaepass, which v26.2.0 brought", () => provider({ ...client, provider: "uaepass" })],
  [
    "oid as Microsoft's subject",
    () => provider({ ...client, provider: "microsoft", microsoftTenant: "common", subjectSource: "oid" }),
  ],
];

describe.each(kratosBinaries())("the parts, on %s", (binary) => {
  const isNew = gte(kratosVersion(binary), "25.4.0");
  let outbox: Outbox;

  beforeAll(async () => {
    await new MockEngine().start();
    outbox = await startOutbox();
  });
  afterAll(() => outbox?.close());

  /** Whether Kratos starts on `parts`, else what it says. */
  const loads = (parts: ory.Part[]) =>
    startKratos({ binary, files: { "kratos.json": documentOf(parts, {}, secrets) } }).then(
      async (kratos) => {
        await kratos.stop();
        return "loads";
      },
      (error: KratosExit) => error.log,
    );

  it("load all together, with every argument", async () => {
    expect(await loads(everyPart(isNew))).toBe("loads");
  });

  it.each(news)(
    "take %s where Kratos is newer than v1.3.1, as their docstrings say",
    async (_argument, part) => {
      expect(await loads([...basics(outbox), part()])).toEqual(
        isNew
          ? "loads"
          : expect.stringMatching(/contains values or keys which are invalid|schema is invalid|not allowed/),
      );
    },
  );
});
