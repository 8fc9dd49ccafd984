import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { BODY } from "../kratos/config";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { Project } from "./project";
import { operator } from "./shop";

const [binary] = kratosBinaries();
const ENTRY = /- (\{ rule: "unpromoted-change", .*\})/;

const PROGRAM = `
import { stackSettings } from ${JSON.stringify(resolve(__dirname, "../../infra/settings"))};
const stack = stackSettings();
const identity = new ory.IdentityConfig("shop", {
  target: stack.target,
  parts: [
    new ory.IdentitySchema("customer", {
      default: true,
      traits: { email: ory.email({ required: true, identifies: ["password", "code"], recover: true }) },
    }),
    ...(stack.sms ? [new ory.CourierChannel("sms", stack.sms)] : []),
    new ory.MultiFactor("second-factor", stack.secondFactor),
    new ory.RequiredAal("aal", stack.requiredAal),
  ],
  raw: stack.raw,
  secrets: stack.secrets,
  acknowledge: stack.acknowledge,
  promotion: stack.promotion,
  rollback: stack.rollback,
});
export = {
  revision: identity.revision,
  ...(stack.proof && { proof: new ory.SignInProof("sign-in", { of: identity, ...stack.proof }).result }),
};
`;

describe("from staging to prod", () => {
  let outbox: Outbox;
  const kratos: Record<string, Kratos> = {};
  let project: Project;
  const stackFile = (stack: string) => join(project.dir, `Pulumi.${stack}.yaml`);
  const edit = async (stack: string, from: string | RegExp, to: string) => {
    const text = await readFile(stackFile(stack), "utf8");
    expect(text).toMatch(from);
    await writeFile(stackFile(stack), text.replace(from, to));
  };
  const pulumi = (stack: string, ...args: string[]) => project.pulumi([...args, "--stack", stack]);
  const identity = (stack: string) => readFile(join(kratos[stack]!.dir, "identity.yml"), "utf8");

  beforeAll(async () => {
    outbox = await startOutbox();
    const request = { url: `${outbox.url}/email`, method: "POST", body: BODY };
    const courier = { delivery_strategy: "http", http: { request_config: request } };
    project = await Project.create();
    await project.program(PROGRAM);
    for (const stack of ["staging", "prod"]) {
      const started = await startKratos({
        binary: binary!,
        files: { "kratos.yml": { ...operator, courier }, "identity.yml": {} },
        args: ["--dev", "--watch-courier"],
      });
      kratos[stack] = started;
      expect(await project.pulumi(["stack", "init", stack])).toMatchObject({ code: 0 });
      const { dir, adminUrl, publicUrl } = started;
      const config = {
        "shop:target": {
          kratos: {
            name: stack,
            environment: "stage",
            dir,
            binary,
            adminUrls: [adminUrl],
            publicUrl,
          },
        },
        "shop:email": { http: { url: request.url } },
        "shop:sms": { url: `https://sms.${stack}.example/send` },
        "shop:secondFactor": { code: true },
        "shop:requiredAal": { session: "highest_available" },
        ...(stack === "staging"
          ? { "shop:proof": { as: ["password+email"] } }
          : { "shop:promotion": { from: "staging" } }),
        "shop:raw": { session: { lifespan: "24h" } },
      };
      const text = await readFile(stackFile(stack), "utf8");
      await writeFile(stackFile(stack), text + stringify({ config }));
    }
  });
  afterAll(async () => {
    for (const one of Object.values(kratos)) await one.stop();
    await outbox?.close();
    await project?.remove();
  });

  it("prod is refused until staging has proven the config, and then is not", async () => {
    const before = await identity("prod");
    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, output } = await pulumi("prod", ...args);
      expect(output).toContain("unpromoted-change: staging has proven nothing");
      expect(code).not.toBe(0);
    }
    expect(await identity("prod")).toBe(before);

    const staging = await pulumi("staging", "up", "--yes");
    expect(staging.output).toContain("password+email: whoami reaches aal2");
    expect(staging.code).toBe(0);
    const prod = await pulumi("prod", "up", "--yes", "--diff");
    expect(prod.output).toContain("staging has proven this config");
    expect(prod.code).toBe(0);
    expect(await identity("prod")).toContain("https://sms.prod.example/send");
  });

  it("what staging has not proven is refused by its path, unless it is consented to", async () => {
    await edit("prod", "lifespan: 24h", "lifespan: 1h");
    const before = await identity("prod");
    const refused = await pulumi("prod", "preview");
    expect(refused.output).toContain(
      'staging has proven another config: it differs at /session/lifespan (here "1h0m0s", in staging "24h0m0s")',
    );
    expect(refused.code).not.toBe(0);
    expect(await identity("prod")).toBe(before);

    const [, entry] = ENTRY.exec(refused.output)!;
    const file = await readFile(stackFile("prod"), "utf8");
    await writeFile(stackFile("prod"), `${file}  shop:acknowledge:\n    - ${entry}\n`);
    const done = await pulumi("prod", "up", "--yes");
    expect(done.output).toMatch(/unpromoted-change: .*; acknowledged until \S+: why, and who agreed/);
    expect(done.code).toBe(0);
    expect(await identity("prod")).toContain("lifespan: 1h");

    // What prod runs is no news, whatever staging does.
    await writeFile(stackFile("prod"), file);
    await edit("prod", "https://sms.prod.example", "https://sms2.prod.example");
    const own = await pulumi("prod", "preview");
    expect(own.output).toContain("https://sms2.prod.example/send");
    expect(own.code).toBe(0);
  });
});
