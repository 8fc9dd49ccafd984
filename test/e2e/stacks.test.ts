import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BODY } from "../kratos/config";
import { startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { Project } from "./project";
import { files, operator } from "./shop";

describe.each(kratosBinaries())("more than one stack, with %s", (binary) => {
  let kratos: Kratos;
  let project: Project;
  const identity = () => readFile(join(kratos.dir, "identity.yml"), "utf8");
  const target = () => ({
    kratos: { name: "shop", environment: "dev", dir: kratos.dir, binary, adminUrls: [kratos.adminUrl] },
  });
  const program = (more = "") =>
    project.program(`
const secrets = new pulumi.Config().requireSecretObject<{ "sms-key": string }>("secrets");
const identity = new ory.IdentityConfig("shop", {
  target: ${JSON.stringify(target())},
  parts: [
    new ory.MultiFactor("second-factor", { totp: true }),
    new ory.CourierChannel("sms", { url: "https://sms.shop.example/", auth: { header: "X-Api-Key", value: "secret:sms-key" } }),
  ],
  secrets: { "sms-key": secrets.apply((all) => all["sms-key"]) },
  ${more}
});
export const { revision, digest } = identity;
`);

  beforeAll(async () => {
    kratos = await startKratos({ binary, files });
    project = await Project.create();
    await project.pulumi(["config", "set", "--secret", "--path", "secrets.sms-key", "canary-key"]);
    await program();
    expect(await project.pulumi(["up", "--yes"])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await kratos?.stop();
    await project?.remove();
  });

  it("another passphrase changes no resource, and the secret stays one", async () => {
    const run = project.start("pulumi", ["stack", "change-secrets-provider", "passphrase"], {
      PULUMI_TEST_PASSPHRASE: "true",
    });
    run.child.stdin.end("another\nanother\n");
    expect(await run.done).toMatchObject({ code: 0 });
    const env = { PULUMI_CONFIG_PASSPHRASE: "another" };
    const old = await project.pulumi(["preview"]);
    expect(old.output).toContain("incorrect passphrase");
    const before = await identity();
    const preview = await project.pulumi(["preview", "--diff", "--expect-no-changes"], env);
    expect(preview).toMatchObject({ code: 0 });
    expect(await project.pulumi(["up", "--yes", "--expect-no-changes"], env)).toMatchObject({ code: 0 });
    expect(await identity()).toBe(before);
    expect(before).toContain("canary-key");
    expect(preview.output + (await project.state())).not.toContain("canary-key");
  });

  it("a stack reference reads revision and digest of another stack", async () => {
    const outputs = await project.pulumi(["stack", "output", "--json"]);
    const { revision, digest } = JSON.parse(outputs.output);
    expect(await project.pulumi(["stack", "init", "reader"])).toMatchObject({ code: 0 });
    await project.program(`
const shop = new pulumi.StackReference("organization/shop/test");
export const revision = shop.requireOutput("revision");
export const digest = shop.requireOutput("digest");
`);
    expect(await project.pulumi(["up", "--yes", "--stack", "reader"])).toMatchObject({ code: 0 });
    const read = await project.pulumi(["stack", "output", "--json", "--stack", "reader"]);
    expect(JSON.parse(read.output)).toEqual({ revision, digest });
    expect(revision).toMatch(/^[0-9a-f]{64}$/);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("a stack reference reads what a proof of sign-in has seen", async () => {
    const outbox = await startOutbox();
    const request = { url: `${outbox.url}/email`, method: "POST", body: BODY };
    const courier = { delivery_strategy: "http", http: { request_config: request } };
    const proven = await startKratos({
      binary,
      files: { "kratos.yml": { ...operator, courier }, "identity.yml": {} },
      args: ["--dev", "--watch-courier"],
    });
    try {
      const at = {
        name: "proven",
        environment: "dev",
        dir: proven.dir,
        binary,
        adminUrls: [proven.adminUrl],
        publicUrl: proven.publicUrl,
      };
      const prover = (...args: string[]) => project.pulumi([...args, "--stack", "prover"]);
      expect(await project.pulumi(["stack", "init", "prover"])).toMatchObject({ code: 0 });
      await project.program(`
const identity = new ory.IdentityConfig("proven", {
  target: ${JSON.stringify({ kratos: at })},
  parts: [
    new ory.IdentitySchema("customer", {
      default: true,
      traits: { email: ory.email({ required: true, identifies: ["password", "code"], recover: true }) },
    }),
    new ory.MultiFactor("second-factor", { code: true }),
    new ory.RequiredAal("aal", { session: "highest_available" }),
  ],
});
export const digest = identity.digest;
export const proof = new ory.SignInProof("sign-in", { of: identity, as: ["password+email"] }).result;
`);
      expect(await prover("up", "--yes")).toMatchObject({ code: 0 });
      const { digest, proof } = JSON.parse((await prover("stack", "output", "--json")).output);
      expect(proof).toMatchObject({ digest, journeys: [{ as: "password+email", aal: "aal2" }] });

      await project.program(`
const shop = new pulumi.StackReference("organization/shop/prover");
export const proof = shop.requireOutput("proof");
export const proven = proof.apply(({ digest }) => digest);
`);
      expect(await project.pulumi(["up", "--yes", "--stack", "reader"])).toMatchObject({ code: 0 });
      const read = await project.pulumi(["stack", "output", "--json", "--stack", "reader"]);
      expect(JSON.parse(read.output)).toEqual({ proof, proven: digest });
    } finally {
      await proven.stop();
      await outbox.close();
    }
  });

  it("one target of two stacks is refused, until the second one imports it; then the first one is", async () => {
    const before = await identity();
    await program();
    const reader = (...args: string[]) => project.pulumi([...args, "--stack", "reader"]);
    await reader("config", "set", "--secret", "--path", "secrets.sms-key", "canary-key");
    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, output } = await reader(...args);
      expect(output).toContain(
        'is managed by IdentityConfig "shop" of stack test of project shop, and would be by "shop" of stack reader of project shop',
      );
      expect(code).not.toBe(0);
    }
    expect(await identity()).toBe(before);

    const id = `kratos/shop?dir=${kratos.dir}&binary=${binary}&adminUrl=${kratos.adminUrl}`;
    await project.program("");
    expect(
      await reader("import", "ory:index:IdentityConfig", "shop", id, "--yes", "--generate-code=false"),
    ).toMatchObject({ code: 0 });
    await program('raw: { session: { lifespan: "1h" } },');
    expect(await reader("up", "--yes")).toMatchObject({ code: 0 });
    expect(await identity()).toContain("lifespan: 1h");
    const env = { PULUMI_CONFIG_PASSPHRASE: "another" };
    const first = await project.pulumi(["preview", "--stack", "test"], env);
    expect(first.output).toContain('is managed by IdentityConfig "shop" of stack reader of project shop');
    expect(first.code).not.toBe(0);
    expect(await project.pulumi(["destroy", "--yes", "--stack", "test"], env)).toMatchObject({ code: 0 });
    expect(await identity()).toContain("lifespan: 1h");
  });
});
