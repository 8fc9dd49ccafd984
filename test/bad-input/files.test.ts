import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { describeScene, OPERATOR, type Scene } from "./scene";

const LAUGHS = [
  "a: &a [x, x, x, x, x, x, x, x, x, x]",
  ..."bcdefg"
    .split("")
    .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${"abcdef"[index]}`).join(", ")}]`),
].join("\n");

type Arrange = (scene: Scene) => Promise<unknown>;
const operator =
  (content: string | Buffer): Arrange =>
  (scene) =>
    scene.write("kratos.yml", content);
const identity =
  (content: string | Buffer): Arrange =>
  (scene) =>
    scene.write("identity.yml", content);
const yaml = stringify(OPERATOR);
/** A folder in the place of a file, and the like. */
const instead =
  (name: string, put: (path: string) => Promise<unknown>): Arrange =>
  async (scene) => {
    await rm(join(scene.dir, name), { force: true });
    await put(join(scene.dir, name));
  };

describeScene("a file of the target", (scene, expectTold) => {
  it.each<[string, Arrange]>([
    ["kratos.yml is missing", instead("kratos.yml", async () => {})],
    ["kratos.yml is a folder", instead("kratos.yml", mkdir)],
    ["kratos.yml links to nothing", instead("kratos.yml", (path) => symlink("nowhere.yml", path))],
    ["kratos.yml links to itself", instead("kratos.yml", (path) => symlink("kratos.yml", path))],
    ["kratos.yml is empty", operator("")],
    ["kratos.yml holds comments only", operator("# canary\n")],
    ["kratos.yml is a list", operator("- canary\n- b\n")],
    ["kratos.yml is one text", operator("canary")],
    ["kratos.yml breaks off in a list", operator(`${yaml}\ncourier: [canary`)],
    ["kratos.yml is indented by a tab", operator(`${yaml}\ncourier:\n\tsmtp: canary`)],
    ["kratos.yml has a key twice", operator(`${yaml}\nsecrets:\n  cookie: [canary]\n`)],
    ["kratos.yml has a secret that YAML takes for an alias", operator(`${yaml}\npassword: *canary\n`)],
    ["kratos.yml has a secret that YAML takes for a tag", operator(`${yaml}\npassword: !canary\n`)],
    ["kratos.yml has a secret that YAML takes for a directive", operator(`%canary x\n---\n${yaml}\n`)],
    ["kratos.yml has a secret with a wrong escape", operator(`${yaml}\npassword: "\\canary"\n`)],
    ["kratos.yml unfolds without end", operator(`${LAUGHS}\n${yaml}`)],
    ["kratos.yml holds two documents", operator(`${yaml}\n---\n${yaml}`)],
    ["kratos.yml is no UTF-8", operator(Buffer.concat([Buffer.from(yaml), Buffer.from([0xff, 0xfe, 0x0a])]))],
    ["kratos.yml is UTF-16", operator(Buffer.from(`\ufeff${yaml}`, "utf16le"))],
    ["kratos.yml has a control character", operator(`${yaml}\nname: "a\0b"\n`)],
    [
      "kratos.yml is nested 10,000 deep",
      operator(`${yaml}\nx: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`),
    ],
    ["kratos.yml has the key __proto__", operator(`${yaml}\n__proto__: {polluted: true}\n`)],
    ["kratos.yml has the key constructor", operator(`${yaml}\nconstructor: {prototype: {polluted: true}}\n`)],
    ["kratos.yml has a key that Kratos does not know", operator(`${yaml}\nno_such_key: canary\n`)],
    [
      "kratos.yml has a text where Kratos wants a number",
      operator(`${yaml}\nserve: {public: {port: any}}\n`),
    ],
    [
      "kratos.yml has a number where Kratos wants a text",
      operator(yaml.replace("https://shop.example/", "4711")),
    ],
    ["kratos.yml has an object where a list belongs", operator(`${yaml}\ncourier: {channels: {id: sms}}\n`)],
    ["identity.yml breaks off", identity("courier: {")],
    ["identity.yml is a list", identity("- a\n")],
    ["identity.yml is no UTF-8", identity(Buffer.from([0x61, 0x3a, 0xff, 0x0a]))],
    ["identity.yml is a folder", instead("identity.yml", mkdir)],
    ["identity.yml links to nothing", instead("identity.yml", (path) => symlink("nowhere.yml", path))],
    [
      "identity.yml links to another file",
      instead("identity.yml", async (path) => {
        await writeFile(`${path}.real`, "{}\n");
        await symlink("identity.yml.real", path);
      }),
    ],
  ])("%s", async (_what, arrange) => {
    await arrange(scene);
    expectTold(await scene.refusal(scene.inputs()));
    expect(Object.prototype).not.toHaveProperty("polluted");
  });
});
