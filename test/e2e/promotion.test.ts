import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { BODY } from "../kratos/config";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { Project } from "./project";
import { PROGRAM } from "./promotion-program";
import { operator } from "./shop";

const COMMAND = resolve(__dirname, "../../cli/pulumi-ory.js");
const [binary] = kratosBinaries();
const ENTRY = /- (\{ rule: "unpromoted-change", .*\})/;

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
  /** The commands that were run, as a shell has them. */
  const ran: string[] = [];
  const pulumi = (stack: string, ...args: string[]) => {
    ran.push(`pulumi ${[...args.filter((one) => one !== "--yes"), "--stack", stack].join(" ")}`);
    return project.pulumi([...args, "--stack", stack]);
  };
  const pulumiOry = (...args: string[]) => {
    ran.push(`pulumi-ory ${args.join(" ")}`);
    return project.start(process.execPath, [COMMAND, ...args]).done;
  };
  const promote = (...args: string[]) => pulumiOry("promote", "--from", "staging", "--to", "prod", ...args);
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

  it("promote gives prod what staging has proven, and notes it; nothing before that is applied there", async () => {
    await edit("prod", "  shop:sms:", "  # who sends\n  shop:sms:");
    // As in a project of `pulumi-ory init`: no codes, but what people enrol in.
    await edit("staging", "code: true", "totp: true\n    lookupSecret: true");
    const journeys = ["password", "password+totp", "password+lookup_secret"];
    await edit("staging", "- password+email", journeys.map((as) => `- ${as}`).join("\n      "));
    const before = await readFile(stackFile("prod"), "utf8");
    const early = await promote();
    expect(early.output).toContain(
      "Pulumi.staging.yaml says other than what staging was updated with last: secondFactor; run `pulumi up --stack staging` first",
    );
    expect(early.code).toBe(1);
    const staging = await pulumi("staging", "up", "--yes");
    expect(staging.output).toContain("password: whoami reaches aal1");
    expect(staging.output).toContain("password+totp: whoami reaches aal2");
    expect(staging.output).toContain("password+lookup_secret: whoami reaches aal2");
    expect(staging.code).toBe(0);

    const dry = await promote("--dry-run");
    expect(dry.output).toContain("secondFactor.totp: (not set) => true");
    expect(dry.output).toContain('raw.session.lifespan: "1h" => "24h"');
    expect(dry.output).toMatch(/meant to differ:\n {2}target: .*\n {2}sms\.url: /);
    expect(dry.code).toBe(2);
    expect(await readFile(stackFile("prod"), "utf8")).toBe(before);

    const { code, output } = await promote("--json");
    const { proven, isWritten } = JSON.parse(output);
    expect({ code, isWritten }).toEqual({ code: 0, isWritten: true });
    const after = await readFile(stackFile("prod"), "utf8");
    expect(after).toContain("  # who sends\n");
    expect(parse(after).config["shop:promotion"]).toEqual({
      from: "staging",
      digest: proven.digest,
      revision: proven.revision,
    });
    expect((await promote("--dry-run")).code).toBe(0);

    const up = await pulumi("prod", "up", "--yes");
    expect(up.output).toContain("staging has proven this config");
    expect(up.code).toBe(0);
    expect(await identity("prod")).toMatch(
      /lifespan: 24h[\s\S]*sms2\.prod\.example|sms2\.prod\.example[\s\S]*lifespan: 24h/,
    );
    expect(await identity("prod")).toMatch(/totp:\n\s+enabled: true/);
  });

  it("a rollback brings an earlier config back by the same plan, until it is ended", async () => {
    const file = await readFile(stackFile("prod"), "utf8");
    const rollback = (...args: string[]) => pulumiOry("rollback", "--stack", "prod", ...args);
    const { updates } = JSON.parse((await rollback("--list", "--json")).output);
    expect(updates).toHaveLength(3);
    const oldest = String(updates.at(-1).version);
    const dry = await rollback("--to", oldest, "--dry-run");
    expect(dry.output).toContain("/selfservice/methods/totp/enabled: true => (default)");
    expect(dry.code).toBe(2);
    expect(await readFile(stackFile("prod"), "utf8")).toBe(file);

    const byDefault = await rollback("--dry-run");
    expect(byDefault.output).toContain(`to update ${updates.at(1).version} `);
    expect(byDefault.code).toBe(2);

    const state = join(project.dir, "backup.json");
    expect(await pulumi("prod", "stack", "export", "--file", state)).toMatchObject({ code: 0 });
    expect((await rollback("--state", state)).output).toContain("nothing is to be rolled back");
    const earlier = (await readFile(state, "utf8")).replaceAll('"24h"', '"12h"');
    await writeFile(state, earlier);
    const differs = await rollback("--state", state, "--dry-run");
    expect(differs.output).toContain('/session/lifespan: "24h0m0s" => "12h0m0s"');
    expect(differs.code).toBe(2);

    expect(await rollback("--to", oldest)).toMatchObject({ code: 0 });
    expect((await promote()).output).toContain("prod is rolled back; end that first");
    // Staging has proven another config since, and this one at its time.
    const up = await pulumi("prod", "up", "--yes");
    expect(up.output).toContain(`rolled back to update ${oldest}`);
    expect(up.code).toBe(0);
    expect(await identity("prod")).not.toContain("totp");
    expect(await identity("prod")).toContain("https://sms.prod.example/send");
    expect(await pulumi("prod", "preview", "--expect-no-changes")).toMatchObject({ code: 0 });

    expect(await rollback("--end")).toMatchObject({ code: 0 });
    expect(await readFile(stackFile("prod"), "utf8")).toBe(file);
    const again = await pulumi("prod", "preview");
    expect(again.output).toContain("totp/enabled");
    expect(again.code).toBe(0);
    expect(await rollback("--end")).toMatchObject({ code: 1 });
  });

  it("the page about it names no command that was not run here", async () => {
    const page = await readFile(join(__dirname, "../../docs/promote-from-staging-to-prod.md"), "utf8");
    const commands = [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) =>
      block!.trim().split("\n"),
    );
    expect(commands.length).toBeGreaterThan(8);
    const spelled = (command: string) => command.replace(/--to \d+/, "--to <update>").replace(" --json", "");
    expect(commands.filter((one) => !ran.map(spelled).includes(spelled(one)))).toEqual([]);
  });
});
