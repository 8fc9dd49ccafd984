import { readFileSync } from "node:fs";
import { join } from "node:path";
import { examples } from "../../policies/examples";
import { rules } from "../../policies/rules";
import { pulumiOry } from "./pulumi-ory";

test("a rule is explained with severity, reason and source", async () => {
  const { code, stdout, stderr } = await pulumiOry(["explain", "settings-aal-bypass"]);
  const rule = rules.find(({ id }) => id === "settings-aal-bypass")!;
  for (const text of [rule.id, rule.title, rule.why, rule.source, "mandatory"])
    expect(stdout).toContain(text);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("the README shows a real answer", async () => {
  const { stdout } = await pulumiOry(["explain", "required-aal-enum"]);
  expect(readFileSync(join(__dirname, "../../README.md"), "utf8")).toContain(`\`\`\`\n${stdout}\`\`\`\n`);
});

test("for machines, too", async () => {
  const { stdout } = await pulumiOry(["explain", "settings-aal-bypass", "--format", "json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    id: "settings-aal-bypass",
    severity: { prod: "mandatory", stage: "mandatory", dev: "mandatory" },
    needs: "effective",
  });
});

test("without a rule, all are listed", async () => {
  const { stdout } = await pulumiOry(["explain"]);
  expect(stdout.split("\n").filter((line) => line !== "")).toHaveLength(rules.length);
  const json = await pulumiOry(["explain", "--format", "json"]);
  expect(JSON.parse(json.stdout).map(({ id }: { id: string }) => id)).toEqual(rules.map(({ id }) => id));
});

test.each([
  ["settings-aal-bypas", "; did you mean settings-aal-bypass?"],
  ["xor-passwordless", "; did you mean code-mfa-xor-passwordless?"],
  ["zzz", ""],
  ["", ""],
])("of the unknown rule %j, the nearest one is named", async (id, suggestion) => {
  const { code, stdout, stderr } = await pulumiOry(["explain", id]);
  expect(stderr).toBe(`error: there is no rule "${id}"${suggestion} (pulumi-ory explain lists all)\n`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});

test("an example is shown, in what is before it, what violates, and what repairs", async () => {
  const shown = async (id: string) => (await pulumiOry(["explain", id])).stdout;
  expect(await shown("mfa-off-strands-sessions")).toMatch(
    /\n {2}in force before:\n {4}selfservice: .*mfa_enabled: true.*\n\n {2}violates it:\n {4}.*mfa_enabled: false.*\n\n {2}repaired:\n/,
  );
  expect(await shown("net-ignored-keys")).toContain(
    "\n  violates it on Ory Network:\n    log: { level: debug }\n",
  );
  expect(await shown("stack-parity")).toContain("\n  on the stage before:\n");
  expect(await shown("schema-code-via")).toContain("\n    ---\n    # customer.schema.json\n    {\n");
  const json = JSON.parse((await pulumiOry(["explain", "sms-recovery-flag", "--format", "json"])).stdout);
  expect(json.example).toEqual(examples["sms-recovery-flag"]);
});

test.each([[], ["check"], ["explain"], ["impact"]])("the help of %j shows examples", async (...verb) => {
  const { code, stdout } = await pulumiOry([...verb, "--help"]);
  expect(stdout).toContain(verb.length > 0 ? "\nExamples:\n  pulumi-ory" : "--help` shows examples");
  expect(code).toBe(0);
});

test("an unknown verb is told, with the nearest one", async () => {
  const { code, stderr } = await pulumiOry(["chekc"]);
  expect(stderr).toContain("error: unknown command 'chekc'\n(Did you mean check?)");
  expect(code).toBe(1);
});
