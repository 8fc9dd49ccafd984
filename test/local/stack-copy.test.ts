import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { contentOf, kratosDirOf, type LocalTarget, writeStackCopy } from "../../local/stack-copy";

const folder = mkdtempSync(join(tmpdir(), "stack-copy-"));
const from = join(folder, "Pulumi.dev.yaml");
const to = join(folder, "copy", "Pulumi.dev.yaml");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DEV = join(__dirname, "..", "..", "stacks", "Pulumi.dev.yaml");

function copyOf(text: string, target: LocalTarget = { kratosDir: "here/kratos" }): Record<string, unknown> {
  writeFileSync(from, text);
  writeStackCopy({ from, to, project: "shop", target, outboxUrl: "http://127.0.0.1:1234" });
  return parse(readFileSync(to, "utf8"));
}

test("the copy of the dev stack names what runs, and is else the same", () => {
  const text = readFileSync(DEV, "utf8");
  expect(copyOf(text)).toEqual(
    parse(text.replace(/dir: .*/, "dir: here/kratos").replaceAll("127.0.0.1:4437", "127.0.0.1:1234")),
  );
});

test("the URLs of another kratos go, and other URLs stay", () => {
  const kratos = "{ name: a, dir: x, adminUrls: [http://a], publicUrl: http://b, env: { A: b } }";
  const email = "http://127.0.0.1:44370/email";
  const copy = copyOf(`config: { "shop:target": { kratos: ${kratos} }, "shop:sms": { url: ${email} } }`);
  expect(copy.config).toEqual({
    "shop:target": { kratos: { name: "a", dir: "here/kratos", env: { A: "b" } } },
    "shop:sms": { url: email },
  });
});

test("a project of Ory Network stands in the place of the kratos, or of another project", () => {
  const network = {
    project: "3f0c",
    environment: "dev",
    projectUrl: "http://127.0.0.1:1/project/a",
  } as const;
  const email = { "shop:email": { http: { url: "http://a" } } };
  for (const before of [
    { kratos: { name: "a", dir: "x" } },
    { network: { project: "b", environment: "prod" } },
  ]) {
    const copy = copyOf(JSON.stringify({ config: { "shop:target": before, ...email } }), { network });
    expect(copy.config).toEqual({ "shop:target": { network }, ...email });
    const short = copyOf(JSON.stringify({ config: { target: before, ...email } }), { network });
    expect(short.config).toEqual({ target: { network }, ...email });
  }
});

test("the salt of the copy before is kept, and that of the stack file wins", () => {
  const text = 'config: { "shop:target": { kratos: { dir: x } } }';
  expect(copyOf(`${text}\nencryptionsalt: v1:a`).encryptionsalt).toBe("v1:a");
  expect(copyOf(text).encryptionsalt).toBe("v1:a");
  expect(copyOf(`${text}\nencryptionsalt: v1:b`).encryptionsalt).toBe("v1:b");
});

test("neither layout nor the salt is what a stack file says", () => {
  writeFileSync(from, "config:\n  a: 1 # one\nencryptionsalt: v1:a\n");
  const content = contentOf(from);
  writeFileSync(from, "config: { a: 1 }");
  expect(contentOf(from)).toEqual(content);
  writeFileSync(from, "config: { a: 2 }");
  expect(contentOf(from)).not.toEqual(content);
  expect(() => contentOf(join(folder, "none.yaml"))).toThrow(/^cannot read .*none\.yaml: ENOENT$/);
});

test.each([
  ['config: { "shop:target": { network: {} } }', /names no folder at shop:target\.kratos\.dir/],
  ["config: [", /cannot read .*Pulumi\.dev\.yaml: not valid YAML: /],
])("the stack file %j is refused", (text, message) => {
  writeFileSync(from, text);
  expect(() => kratosDirOf(from, "shop")).toThrow(message);
});
