import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { pulumiOry } from "../cli/pulumi-ory";
import { type FakeNetwork, startFakeNetwork } from "../fake-network";
import { BODY } from "../kratos/config";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { CANARY } from "../network/scene";
import { Project } from "./project";
import { PROGRAM } from "./promotion-program";
import { operator } from "./shop";

const [binary] = kratosBinaries();
const STACKS = ["staging", "prod"] as const;
type Stack = (typeof STACKS)[number];

describe("from staging to prod, two projects on Ory Network", () => {
  let outbox: Outbox;
  let kratos: Kratos;
  let network: FakeNetwork;
  let project: Project;
  let env: NodeJS.ProcessEnv;
  const stackFile = (stack: Stack) => join(project.dir, `Pulumi.${stack}.yaml`);
  const edit = async (stack: Stack, from: string, to: string) => {
    const text = await readFile(stackFile(stack), "utf8");
    expect(text).toContain(from);
    await writeFile(stackFile(stack), text.replace(from, to));
  };
  const pulumi = async (stack: Stack, ...args: string[]) => {
    const run = await project.pulumi([...args, "--stack", stack], env);
    expect(run.output).not.toContain(CANARY);
    return run;
  };
  const ory = async (...args: string[]) => {
    const run = await pulumiOry(args, {
      cwd: project.dir,
      env: {
        ...env,
        PULUMI_BACKEND_URL: `file://${join(project.dir, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
      },
    });
    expect(run.stdout + run.stderr).not.toContain(CANARY);
    return run;
  };
  const promote = (...args: string[]) => ory("promote", "--from", "staging", "--to", "prod", ...args);
  const live = (stack: Stack) =>
    network.projects.get(stack)!.project.services.identity!.config as {
      session: { lifespan: string };
      courier: { smtp: { connection_uri: string } };
    };
  const writes = (stack: Stack) =>
    network.calls.filter(({ method, path }) => method === "PATCH" && path.includes(stack)).length;

  beforeAll(async () => {
    outbox = await startOutbox();
    const request = { url: `${outbox.url}/email`, method: "POST", body: BODY };
    const courier = { delivery_strategy: "http", http: { request_config: request } };
    kratos = await startKratos({
      binary: binary!,
      files: { "kratos.yml": { ...operator, courier }, "identity.yml": {} },
      args: ["--dev", "--watch-courier"],
    });
    const { publicUrl, adminUrl } = kratos;
    const loaded = async (schema: unknown) =>
      ((await (await fetch(`${publicUrl}/schemas`)).json()) as { id: string }[]).some(
        ({ id }) => id === schema,
      );
    network = await startFakeNetwork({
      // The Kratos that answers for staging runs its config, but for how messages are sent.
      onRevision: async ({ id }, config) => {
        if (id !== "staging") return;
        await writeFile(join(kratos.dir, "identity.yml"), stringify({ ...config, courier }));
        const { default_schema_id } = config.identity as { default_schema_id: string };
        await waitFor(
          "Kratos to run staging's config",
          async () => (await loaded(default_schema_id)) || undefined,
        );
      },
      projects: STACKS.map((id) => ({
        id,
        slug: id,
        environment: "stage" as const,
        ...(id === "staging" && { kratos: { publicUrl, adminUrl } }),
      })),
    });
    env = {
      ORY_CONSOLE_URL: network.consoleUrl,
      ORY_WORKSPACE_API_KEY: network.workspaceKey,
      ORY_PROJECT_API_KEY: network.projectKey,
    };
    project = await Project.create();
    await project.program(PROGRAM);
    for (const stack of STACKS) {
      expect(await project.pulumi(["stack", "init", stack])).toMatchObject({ code: 0 });
      const config = {
        "shop:target": {
          network: { project: stack, environment: "stage", projectUrl: network.projectUrl(stack) },
        },
        "shop:email": { http: { url: request.url } },
        "shop:sms": { url: `https://sms.${stack}.example/send` },
        "shop:secondFactor": { code: true },
        "shop:requiredAal": { session: "highest_available" },
        ...(stack === "staging"
          ? { "shop:proof": { as: ["password+email"] } }
          : { "shop:promotion": { from: "staging" } }),
        "shop:raw": {
          session: { lifespan: "24h" },
          courier: { smtp: { connection_uri: "secret:smtp-uri" } },
        },
      };
      const text = await readFile(stackFile(stack), "utf8");
      await writeFile(stackFile(stack), text + stringify({ config }));
      const secret = `smtps://shop:${CANARY}-${stack}@mail.example:465/`;
      const set = ["config", "set", "--secret", "--path", "secrets.smtp-uri", secret];
      expect(await pulumi(stack, ...set)).toMatchObject({ code: 0 });
    }
  });
  afterAll(async () => {
    await project?.remove();
    await network?.stop();
    await kratos?.stop();
    await outbox?.close();
  });

  it("prod's project is not written until staging's has proven the config", async () => {
    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, output } = await pulumi("prod", ...args);
      expect(output).toContain("unpromoted-change: staging has proven nothing");
      expect(code).not.toBe(0);
    }
    expect(writes("prod")).toBe(0);

    const staging = await pulumi("staging", "up", "--yes");
    expect(staging.output).toContain("password+email: whoami reaches aal2");
    expect(staging.code).toBe(0);
    const prod = await pulumi("prod", "up", "--yes");
    expect(prod.output).toContain("staging has proven this config");
    expect(prod.code).toBe(0);
    expect(writes("prod")).toBe(1);
    expect(live("prod").courier.smtp.connection_uri).toContain(`${CANARY}-prod`);
  });

  it("prod gets what staging has proven, and keeps its own secrets and URLs", async () => {
    await edit("prod", "lifespan: 24h", "lifespan: 1h");
    const refused = await pulumi("prod", "preview");
    expect(refused.output).toContain(
      'staging has proven another config: it differs at /session/lifespan (here "1h0m0s", in staging "24h0m0s")',
    );
    expect(refused.code).not.toBe(0);

    await edit("staging", "lifespan: 24h", "lifespan: 12h");
    expect((await promote()).stderr).toContain("run `pulumi up --stack staging` first");
    expect(await pulumi("staging", "up", "--yes")).toMatchObject({ code: 0 });
    const dry = await promote("--dry-run");
    expect(dry.stdout).toContain('raw.session.lifespan: "1h" => "12h"');
    expect(dry.code).toBe(2);
    expect(await promote()).toMatchObject({ code: 0 });
    expect(parse(await readFile(stackFile("prod"), "utf8")).config["shop:promotion"]).toMatchObject({
      from: "staging",
      revision: network.projects.get("staging")!.project.revision_id,
    });
    const up = await pulumi("prod", "up", "--yes");
    expect(up.output).toContain("staging has proven this config");
    expect(up.code).toBe(0);
    expect(live("prod").session.lifespan).toBe("12h0m0s");
    expect(live("prod").courier.smtp.connection_uri).toContain(`${CANARY}-prod`);
  });

  it("a rollback brings prod's earlier config back by the same plan, in one write, until it is ended", async () => {
    const file = await readFile(stackFile("prod"), "utf8");
    const rollback = (...args: string[]) => ory("rollback", "--stack", "prod", ...args);
    const { updates } = JSON.parse((await rollback("--list", "--json")).stdout);
    expect(updates).toHaveLength(2);
    const before = writes("prod");
    const revision = updates.at(-1).revision as string;
    expect((await rollback("--to", revision.slice(0, 8))).stdout).toContain(
      '/session/lifespan: "12h0m0s" => "24h0m0s"',
    );
    const up = await pulumi("prod", "up", "--yes");
    expect(up.code).toBe(0);
    expect(live("prod").session.lifespan).toBe("24h0m0s");
    expect(writes("prod")).toBe(before + 1);
    expect((await pulumi("prod", "preview", "--expect-no-changes")).code).toBe(0);

    expect(await rollback("--end")).toMatchObject({ code: 0 });
    expect(await readFile(stackFile("prod"), "utf8")).toBe(file);
    expect(await pulumi("prod", "up", "--yes")).toMatchObject({ code: 0 });
    expect(live("prod").session.lifespan).toBe("12h0m0s");
  });
});
