import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { inlineUri } from "../../infra/identity-config/model";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { Project } from "./project";
import { Recording } from "./recording";
import { files, operator, shop } from "./shop";

/** What must be seen nowhere but in identity.yml and kratos.yml. */
const CANARY = /canary|Y2FuYXJ5/;
const PEM = "-----BEGIN PRIVATE KEY-----\ncanary-pem-1\ncanary-pem-2\n-----END PRIVATE KEY-----\n";
const JWKS = inlineUri("canary");
const MAPPER = inlineUri('{ identity: { traits: { email: std.extVar("claims").email } } }');

/** Secrets in lists, in elements found by their id, of several lines, and inlined. @param hook One of them. */
const parts = (hook: string, jsonnet = "function(ctx) { a: 1 }") => `
new ory.Hooks("hooks", { login: { after: { password: [
  { hook: "web_hook", url: "https://crm.shop.example/", body: ${JSON.stringify(jsonnet)}, response: "ignore",
    auth: { header: "X-Api-Key", value: pulumi.secret(${JSON.stringify(hook)}) } },
  { hook: "web_hook", url: "https://log.shop.example/", body: "function(ctx) {}", response: "ignore",
    auth: { user: "shop", password: "secret:hook" } },
] } } }),
new ory.SocialSignIn("social", { providers: {
  google: { provider: "google", clientId: "shop", clientSecret: "secret:client", mapper: "{}" },
  apple: { provider: "apple", clientId: "shop", appleTeamId: "t", applePrivateKeyId: "k",
    applePrivateKey: pulumi.secret(${JSON.stringify(PEM)}), mapper: "{}" },
} }),
new ory.PasswordPolicy("passwords", { haveIBeenPwned: false, migrateHook: {
  url: "https://old.shop.example/", auth: { header: "X-Api-Key", value: pulumi.secret("canary-migrate") },
} })`;
const MORE = `
raw: { session: { whoami: { tokenizer: { templates: { jwt: { jwks_url: "secret:jwks", ttl: "1m" } } } } } },
secrets: { hook: pulumi.secret("canary-hook-2"), client: pulumi.secret("canary-client"),
  jwks: pulumi.secret(${JSON.stringify(JWKS)}) },`;

/** The operator's own provider, with a secret that the program does not know. */
const provider = (more: object) => ({
  selfservice: {
    ...(operator.selfservice as object),
    methods: {
      oidc: {
        config: {
          providers: [
            {
              id: "own",
              provider: "github",
              client_id: "a",
              client_secret: "canary-own",
              mapper_url: MAPPER,
              ...more,
            },
          ],
        },
      },
    },
  },
});

describe.each(kratosBinaries())("secrets of hooks and social sign-in are seen nowhere, with %s", (binary) => {
  let kratos: Kratos;
  let project: Project;
  let recording: Recording;
  const identity = () => join(kratos.dir, "identity.yml");
  const run = (...args: string[]) => recording.run(...args);
  const program = (hook: string, jsonnet?: string) =>
    project.program(shop(kratos, binary, parts(hook, jsonnet), MORE));

  beforeAll(async () => {
    kratos = await startKratos({
      binary,
      files: { ...files, "kratos.yml": { ...operator, ...provider({}) } },
    });
    project = await Project.create();
    recording = new Recording(project);
  });
  afterAll(async () => {
    await kratos?.stop();
    await project?.remove();
  });

  afterEach(() => expect(recording.lines(CANARY)).toEqual([]));

  it("when they are first written", async () => {
    await program("canary-hook-1");
    expect((await run("up", "--yes", "--diff")).code).toBe(0);
    const written = await readFile(identity(), "utf8");
    for (const one of [
      "canary-hook-1",
      "canary-hook-2",
      "canary-client",
      "canary-pem-2",
      "canary-migrate",
      JWKS,
    ])
      expect(written).toContain(one);
  });

  it("when one of them changes", async () => {
    await program("canary-hook-3");
    const { output } = await run("preview", "--diff");
    expect(output).toContain("/selfservice/flows/login/after/password/hooks: a secret in it differs");
  });

  it("when a text beside them changes, which is shown as text", async () => {
    await program("canary-hook-1", "function(ctx) { a: 2 }");
    const { code, output } = await run("up", "--yes", "--diff");
    expect(output).toMatch(
      /hooks\/0\/config\/body: "function\(ctx\) \{ a: 1 \}" => "function\(ctx\) \{ a: 2 \}"/,
    );
    expect(code).toBe(0);
    expect(await readFile(identity(), "utf8")).toContain(inlineUri("function(ctx) { a: 2 }"));
  });

  it("when somebody has edited them", async () => {
    const live = await readFile(identity(), "utf8");
    const edited = live.replace("canary-hook-2", "canary-hook-4").replace("canary-pem-1", "canary-pem-3");
    await writeFile(identity(), edited.replace("canary-client", "canary-client-2"));
    const { output } = await run("preview", "--diff");
    expect(output).toContain("(the live value differs)");
    for (const path of ["providers[id=apple]/apple_private_key", "providers[id=google]/client_secret"])
      expect(output).toContain(`${path}: "[secret]" => "[secret]"`);
    await writeFile(identity(), live);
  });

  it("when the rules refuse an operator's provider", async () => {
    const refused = provider({ apple_private_key: PEM });
    await writeFile(join(kratos.dir, "kratos.yml"), stringify({ ...operator, ...refused }));
    await program("canary-hook-5");
    const { code, output } = await run("preview");
    expect(output).toContain("excluded-key: ");
    expect(code).not.toBe(0);
  });
});
