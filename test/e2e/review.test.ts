import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { pulumiOry } from "../cli/pulumi-ory";
import { kratosBinaries } from "../kratos/server";
import { Project } from "./project";

const [binary] = kratosBinaries();
const EVENTS = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
const SECRETS = /operators-own-word|programs-own-word/;

test("the events of a preview are reviewed: refused, with an edit beside, then applied as reviewed", async () => {
  const project = await Project.create();
  try {
    const dir = join(project.dir, "kratos");
    await mkdir(dir);
    const operator = {
      courier: { smtp: { connection_uri: "smtps://shop:operators-own-word@mail.example" } },
    };
    await writeFile(
      join(dir, "kratos.yml"),
      stringify({ selfservice: { default_browser_return_url: "https://shop.example/" }, ...operator }),
    );
    const program = (raw: string, environment = "prod") =>
      project.program(`new ory.IdentityConfig("shop", {
        target: { kratos: { name: "shop", dir: "kratos", environment: "${environment}", adminUrls: ["http://127.0.0.1:1/"], binary: ${JSON.stringify(binary)} } },
        parts: [new ory.IdentitySchema("customer", { default: true, traits: {
          email: ory.email({ identifies: ["password", "code"], verify: true, recover: true }),
        } })],
        raw: { session: { lifespan: "24h" }, secrets: { cookie: [pulumi.secret("programs-own-word-of-32-characters")] }, ${raw} },
        acknowledge: new pulumi.Config().getObject("acknowledge"),
      });`);
    const review = async (...args: string[]) => {
      const { output } = await project.pulumi(["preview", "--json"], EVENTS);
      expect(output).not.toMatch(SECRETS);
      const answer = await pulumiOry(["review", "-", ...args], { stdin: output });
      expect(answer.stdout + answer.stderr).not.toMatch(SECRETS);
      return answer;
    };

    await program("");
    const first = await review("--json");
    expect(JSON.parse(first.stdout).plans[0]).toMatchObject({
      name: "kratos/shop",
      verdict: { text: "Sets up what nobody can be using yet" },
    });
    const up = await project.pulumi(["up", "--yes", "--skip-preview"]);
    if (up.code !== 0) throw new Error(up.output);
    expect(await review()).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing changes") });

    const file = join(dir, "identity.yml");
    await writeFile(file, (await readFile(file, "utf8")).replace("24h", "48h"));
    await program("selfservice: { methods: { code: { mfa_enabled: true } } },");
    const refused = await review();
    expect(refused).toMatchObject({ code: 2, stderr: "" });
    expect(refused.stdout).toContain(
      "## ⛔ Refused by the rules: everybody will also be asked for a code by e-mail, each time they sign in",
    );
    expect(refused.stdout).toMatch(
      /Changed in the target since the last update(.*\n)+.*\/session\/lifespan(.*\n)+- "24h0m0s"\n\+ "48h0m0s"\n/,
    );

    // What the review shows is put into the stack's file as it stands, and the gate lets the change pass.
    const [, snippet] = /<summary>To go ahead nevertheless<.*?```yaml\n(.*?)```/s.exec(refused.stdout)!;
    const page = (await review("--format", "html")).stdout;
    const [, shown] = /<summary>To go ahead nevertheless<.*?<code>(.*?)<\/code>/s.exec(page)!;
    expect(shown!.replaceAll("&quot;", '"')).toBe(snippet);
    const stackFile = join(project.dir, "Pulumi.test.yaml");
    const without = await readFile(stackFile, "utf8");
    await writeFile(stackFile, without + snippet);
    const consented = JSON.parse((await review("--json")).stdout);
    expect(consented.verdict.level).toBe("caution");
    expect(consented.plans[0].findings).toContainEqual(
      expect.objectContaining({ waived: expect.objectContaining({ reason: "why, and who agreed" }) }),
    );
    expect((await project.pulumi(["preview"])).code).toBe(0);
    await writeFile(stackFile, without);
    expect((await project.pulumi(["preview"])).output).toContain("refused before any write");

    await program("selfservice: { methods: { code: { mfa_enabled: true } } },", "stage");
    const allowed = JSON.parse((await review("--json")).stdout);
    const changes = allowed.plans[0].changes.map(({ path, isDrift }: Record<string, unknown>) => [
      path,
      isDrift,
    ]);
    expect(changes).toEqual([
      ["/selfservice/methods/code/mfa_enabled", false],
      ["/session/lifespan", true],
    ]);
    const [, expected] = /^ORY_EXPECTED_REVISION='(kratos\/shop=.+)'$/.exec(allowed.expectedRevision)!;
    const other = await project.pulumi(["up", "--yes"], { ORY_EXPECTED_REVISION: "kratos/shop=other" });
    expect(other.output).toContain("review the change again");
    const applied = await project.pulumi(["up", "--yes"], { ORY_EXPECTED_REVISION: expected! });
    if (applied.code !== 0) throw new Error(applied.output);

    const summary = (await project.pulumi(["preview", "--json"])).output;
    const told = await pulumiOry(["review", "-"], { stdin: summary });
    expect(told).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("run PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true"),
    });
    await project.program(`throw new Error("no program");`);
    expect(await review()).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/cannot review .*\n/),
    });
  } finally {
    await project.remove();
  }
});
