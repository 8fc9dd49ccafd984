import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Document } from "../../infra/identity-config/model";
import { rules } from "../../policies/rules";
import { violations } from "../policies/review";
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

test.each(rules.flatMap(({ id, example }) => (example ? [[id, example] as const] : [])))(
  "the example of %s violates it, and its repair does not",
  (id, { bad, good }) => {
    const found = (text: string) =>
      violations(id, parse(text) as Document).filter(({ undecided }) => undecided !== true);
    expect(found(bad)).not.toEqual([]);
    expect(found(good)).toEqual([]);
  },
);

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
