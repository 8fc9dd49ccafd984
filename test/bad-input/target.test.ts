import { chmod, mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Properties } from "../../infra/provider/wire";
import { describeScene, type Scene } from "./scene";

/** Prepares the scene; returns changes to the target's settings. */
type Arrange = (scene: Scene) => Promise<Properties> | Properties;

const program =
  (...lines: string[]): Arrange =>
  async (scene) => ({ binary: await scene.script("program", ...lines) });
const VERSION = 'if [ "$1" = version ]; then echo "Version: v1.3.1"; exit; fi';
const setting =
  (changes: Properties): Arrange =>
  () =>
    changes;

describeScene("a target", (scene, expectTold) => {
  it.each<[string, Arrange]>([
    ["whose folder does not exist", setting({ dir: "nowhere" })],
    ["whose folder is a file", setting({ dir: "kratos/kratos.yml" })],
    ["whose folder is empty text", setting({ dir: "" })],
    ["whose folder is a number", setting({ dir: 5 })],
    ["whose folder has a zero byte", setting({ dir: "kratos\0" })],
    ["whose file name leads nowhere", setting({ config: "../other.yml" })],
    ["without a name", setting({ name: undefined })],
    ["whose name is a path", setting({ name: "../shop" })],
    ["with a key that does not exist", setting({ adminUrl: "http://127.0.0.1:4434" })],
    ["with a key named constructor", setting({ constructor: { polluted: true } })],
    ["without an Admin API", setting({ adminUrls: [] })],
    ["whose Admin API is no URL", setting({ adminUrls: ["127.0.0.1:4434"] })],
    ["whose Admin API has a password", setting({ adminUrls: ["http://shop:canary@127.0.0.1:9"] })],
    ["whose Public API is no URL", setting({ publicUrl: "shop" })],
    ["whose environment has a number", setting({ env: { LOG_LEVEL: 5 } })],
    ["whose environment has a zero byte", setting({ env: { LOG_LEVEL: "canary\0" } })],
    ["whose environment has a name with =", setting({ env: { "A=B": "canary" } })],
    [
      "whose environment says otherwise than the program",
      setting({ env: { COURIER_SMTP_CONNECTION_URI: "smtp://user:canary-other@127.0.0.1:9/" } }),
    ],
    ["whose environment is no YAML", setting({ env: { COURIER_SMTP_CONNECTION_URI: "[canary" } })],
    ["whose environment Kratos refuses", setting({ env: { SESSION_LIFESPAN: "canary" } })],
    ["whose executable does not exist", setting({ binary: "no-such-kratos" })],
    ["whose executable is a folder", (scene) => ({ binary: scene.dir })],
    [
      "whose executable is not executable",
      async (scene) => {
        const binary = await scene.script("program");
        await chmod(binary, 0o644);
        return { binary };
      },
    ],
    [
      "whose executable is no program",
      async (scene) => {
        const binary = join(scene.root, "no-program");
        await writeFile(binary, "\x7fELF canary", { mode: 0o755 });
        return { binary };
      },
    ],
    ["whose executable says nothing", program("exit 0")],
    ["whose executable is another program", program("echo 'Version: 4.7' >&2; echo canary; exit 64")],
    ["whose executable is a build without a version", program("echo 'Version: master'")],
    ["whose executable never ends", program("sleep 60")],
    ["whose executable hangs", program(VERSION, "exec sleep 300")],
    ["whose executable ends at once", program(VERSION, "exit 3")],
    [
      "whose executable crashes",
      program(
        VERSION,
        "echo 'panic: canary-cookie-secret is short' >&2",
        "echo 'goroutine 1 [running]:' >&2",
        "exit 2",
      ),
    ],
    ["whose executable is killed", program(VERSION, "kill -9 $$")],
    [
      "whose executable is killed in the update",
      async (scene) => {
        const once = join(scene.root, "once");
        return program(
          VERSION,
          `if [ -e ${once} ]; then kill -9 $$; fi`,
          `touch ${once}`,
          `exec ${scene.binary} "$@"`,
        )(scene);
      },
    ],
    [
      "whose lock is somebody's file",
      async (scene) => {
        const lock = await scene.write("identity.yml.lock", "canary");
        await utimes(lock, 0, 0);
        return {};
      },
    ],
  ])("%s", async (_what, arrange) => {
    const target = scene.target(await arrange(scene));
    expectTold(await scene.refusal(scene.inputs({}, { target })));
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  it.each(["{}\n", undefined])("whose last good file is a folder, beside %j", async (text) => {
    if (text !== undefined) await scene.write("identity.yml", text);
    await mkdir(join(scene.dir, "identity.yml.last-good"));
    expectTold(await scene.refusal(scene.inputs(), { wrote: true }));
  });
});
