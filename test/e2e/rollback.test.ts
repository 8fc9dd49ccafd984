import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { COMMAND, pulumiOry } from "../cli/pulumi-ory";
import { kratosBinaries } from "../kratos/server";
import { Project } from "./project";
import { PROGRAM } from "./promotion-program";
import { operatorFolder } from "./shop";

const [binary] = kratosBinaries();
const EVENTS = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };

test("a rollback that a rule refuses in prod is reviewed, consented to, and applied as reviewed", async () => {
  const project = await Project.create();
  try {
    const dir = join(project.dir, "kratos");
    await operatorFolder(dir);
    await project.program(PROGRAM);
    const stackFile = join(project.dir, "Pulumi.test.yaml");
    const config = {
      "shop:target": {
        kratos: {
          ...{ name: "shop", dir: "kratos", environment: "prod", binary },
          adminUrls: ["http://127.0.0.1:1/"],
        },
      },
      "shop:email": { http: { url: "https://mail.example/send" } },
      "shop:raw": { session: { lifespan: "24h" } },
    };
    const head = await readFile(stackFile, "utf8");
    await writeFile(stackFile, head + stringify({ config }));
    const update = async (env: NodeJS.ProcessEnv = {}, ...args: string[]) => {
      const { code, output } = await project.pulumi(["up", "--yes", ...args], env);
      if (code !== 0) throw new Error(output);
      return output;
    };
    const rollback = (...args: string[]) =>
      project.start(process.execPath, [COMMAND, "rollback", "--stack", "test", ...args]).done;
    const review = async (...args: string[]) => {
      const { output } = await project.pulumi(["preview", "--json"], EVENTS);
      return pulumiOry(["review", "-", ...args], { stdin: output });
    };
    // The schema holds the revision of each write.
    const identity = async () =>
      (await readFile(join(dir, "identity.yml"), "utf8")).replace(/base64:\S+/, "");

    await update({}, "--skip-preview");
    const first = await identity();
    // Later, sessions are to end sooner, which nothing refuses.
    const text = await readFile(stackFile, "utf8");
    await writeFile(stackFile, text.replace("lifespan: 24h", "lifespan: 1h"));
    await update({}, "--skip-preview");
    const before = await identity();

    expect(await rollback()).toMatchObject({
      code: 0,
      output: expect.stringMatching(/to update 1 .*:\n {2}\/session\/lifespan: "1h0m0s" => "24h0m0s"/),
    });
    const refused = await review();
    expect(refused).toMatchObject({ code: 2, stderr: "" });
    expect(refused.stdout).toContain("## ⛔ Refused by the rules");
    expect(refused.stdout).toContain("a stolen session stays valid for longer");
    expect(await identity()).toBe(before);

    // The file has a `config` already.
    const [, entry] = /<summary>To go ahead nevertheless<.*?```yaml\nconfig:\n(.*?)```/s.exec(
      refused.stdout,
    )!;
    await writeFile(stackFile, (await readFile(stackFile, "utf8")) + entry);
    const consented = JSON.parse((await review("--json")).stdout);
    const { findings } = consented.plans[0];
    expect(findings).toContainEqual(
      expect.objectContaining({
        rule: "weakening-change",
        waived: expect.objectContaining({ reason: "why, and who agreed" }),
      }),
    );
    const [, expected] = /^ORY_EXPECTED_REVISION='(.+)'$/.exec(consented.expectedRevision)!;
    expect(await update({ ORY_EXPECTED_REVISION: expected! })).toContain("rolled back to update 1");
    expect(await identity()).toBe(first);
  } finally {
    await project.remove();
  }
});
