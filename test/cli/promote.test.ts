import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { problems } from "../../infra/settings-problems";
import { fakePulumi } from "./fake-pulumi";
import { pulumiOry } from "./pulumi-ory";

const NO_PULUMI = { PATH: "/nowhere" };

describe("promote and rollback, without a stack", () => {
  let dir: string;
  const run = (...args: string[]) => pulumiOry(args, { cwd: dir, env: NO_PULUMI });
  const PROD = "config:\n  shop:promotion:\n    from: staging\n";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "promote-"));
    mkdirSync(join(dir, "stacks"));
    writeFileSync(join(dir, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n");
    writeFileSync(join(dir, "stacks/Pulumi.prod.yaml"), PROD);
    writeFileSync(join(dir, "stacks/Pulumi.staging.yaml"), "config: {}\n");
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it.each([
    [["promote", "--from", "prod", "--to", "prod"], "cannot promote prod to itself; name two stacks"],
    [["promote", "--from", "qa", "--to", "prod"], "cannot read stacks/Pulumi.qa.yaml: there is no such file"],
    [["promote", "--from", "staging", "--to", "prod"], "pulumi is not on PATH"],
    [["promote", "--to", "prod"], "required option '--from <stack>' not specified"],
    [
      ["rollback", "--stack", "prod", "--end"],
      "prod is not rolled back: stacks/Pulumi.prod.yaml has no rollback",
    ],
    [["rollback", "--stack", "prod"], "pulumi is not on PATH"],
  ])("%j fails, and writes nothing", async (args, message) => {
    const { code, stderr, stdout } = await run(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(readFileSync(join(dir, "stacks/Pulumi.prod.yaml"), "utf8")).toBe(PROD);
  });

  it("end of a rollback gives the file back as it was, and removes the earlier config", async () => {
    const rolledBack = `${PROD}  shop:rollback:\n    file: stacks/prod.rollback.yaml\n`;
    writeFileSync(join(dir, "stacks/Pulumi.prod.yaml"), rolledBack);
    writeFileSync(join(dir, "stacks/prod.rollback.yaml"), "resource: shop\n");
    const refused = await run("promote", "--from", "staging", "--to", "prod");
    expect(refused.stderr).toContain("prod is rolled back; end that first");
    expect(await run("rollback", "--stack", "prod", "--end")).toMatchObject({ code: 0 });
    expect(readFileSync(join(dir, "stacks/Pulumi.prod.yaml"), "utf8")).toBe(PROD);
    expect(() => readFileSync(join(dir, "stacks/prod.rollback.yaml"))).toThrow("ENOENT");
  });

  it("names the folder of Pulumi.yaml where there is none, and shows examples", async () => {
    const { stderr } = await pulumiOry(["rollback", "--stack", "prod"], { cwd: "/" });
    expect(stderr).toContain("there is no Pulumi.yaml here, nor above");
    for (const verb of ["promote", "rollback"])
      expect((await run(verb, "--help")).stdout).toMatch(
        /Exit code: 0, or 2 [\s\S]*Examples:\n {2}pulumi-ory /,
      );
  });

  it("promotes what the last update has proven, however many refreshes there were since", async () => {
    writeFileSync(join(dir, "stacks/Pulumi.staging.yaml"), "config:\n  shop:secondFactor:\n    totp: true\n");
    const secondFactor = { value: '{"totp":true}', objectValue: { totp: true }, secret: false };
    const of = (version: number, kind: string) => ({
      ...{ version, kind, result: "succeeded", endTime: "2026-11-23T22:26:13.000Z" },
      config: { "shop:secondFactor": secondFactor },
    });
    const env = await fakePulumi(dir, {
      url: "https://app.pulumi.com/acme",
      history: [...Array.from({ length: 30 }, (_, index) => of(40 - index, "refresh")), of(10, "update")],
      states: {},
      outputs: { proof: { promotable: { digest: "d1" }, at: "2026-11-23T22:26:13.869Z" } },
    });
    const args = ["promote", "--from", "staging", "--to", "prod"];
    expect(await pulumiOry(args, { cwd: dir, env })).toMatchObject({ code: 0, stderr: "" });
    expect(parse(readFileSync(join(dir, "stacks/Pulumi.prod.yaml"), "utf8")).config).toEqual({
      "shop:promotion": { from: "staging", digest: "d1" },
      "shop:secondFactor": { totp: true },
    });
  });
});

test("the page about promotion shows files that are accepted", () => {
  const page = readFileSync(join(__dirname, "../../docs/promote-from-staging-to-prod.md"), "utf8");
  const blocks = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text]) => parse(text!).config);
  expect(blocks).toHaveLength(3);
  const base = { target: { kratos: { name: "shop", dir: "x" } }, email: { http: { url: "https://a" } } };
  for (const config of blocks) expect(problems({ ...base, ...config }, "")).toEqual([]);
});
