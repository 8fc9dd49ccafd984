import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SCHEMA } from "../kratos/config";
import {
  freezeDisk,
  itOnDisk,
  makeUnwritable,
  makeWritable,
  mountDisk,
  UNPRIVILEGED,
  unmountDisk,
} from "./obstacles";
import { Scene } from "./scene";
import { describeTold } from "./told";

describeTold("a folder that cannot be written", (binary, expectTold) => {
  let scene: Scene;
  const start = (...how: Parameters<Scene["start"]>) => {
    scene = new Scene(binary);
    return scene.start(...how);
  };
  afterEach(() => scene?.stop());

  const LARGE = { "customer.json": SCHEMA.replace("{", `{"description":"${"x".repeat(120_000)}",`) };

  describe("by its mode", () => {
    it.each([true, false])("with an identity.yml in it: %s", async (exists) => {
      await start({}, UNPRIVILEGED);
      if (exists) await scene.write("identity.yml", "{}\n");
      await makeUnwritable(scene.dir);
      expectTold(await scene.refusal(scene.inputs()));
      await makeWritable(scene.dir);
    });
    it("since files in it may not be read", async () => {
      await start({}, UNPRIVILEGED);
      await makeUnwritable(await scene.write("kratos.yml", "canary: 1"), 0o200);
      expectTold(await scene.refusal(scene.inputs()));
    });
  });

  describe("by its disk", () => {
    const test = itOnDisk();
    const onDisk = async (folder: (scene: Scene) => string, size: string, work: () => Promise<void>) => {
      await start();
      const files = { operator: await readFile(join(scene.dir, "kratos.yml")) };
      mountDisk(folder(scene), size);
      try {
        if (folder(scene) === scene.dir) await scene.write("kratos.yml", files.operator);
        await work();
      } finally {
        unmountDisk(folder(scene));
      }
    };
    const target = ({ dir }: Scene) => dir;
    const temporary = ({ tmp }: Scene) => tmp;

    test.each([true, false])("which is full, with an identity.yml in it: %s", (exists) =>
      onDisk(target, "64k", async () => {
        if (exists) await scene.write("identity.yml", `# ${"x".repeat(20_000)}\n`);
        const said = await scene.refusal(scene.inputs({}, { assets: LARGE }), {
          wrote: true,
          // The old file, kept before the new one is written.
          except: "identity.yml.last-good",
        });
        expectTold(said);
      }),
    );
    test("which is read-only", () =>
      onDisk(target, "64k", async () => {
        freezeDisk(scene.dir);
        expectTold(await scene.refusal(scene.inputs()));
      }));
    test("which is full where temporary files are", () =>
      onDisk(temporary, "16k", async () => {
        expectTold(await scene.refusal(scene.inputs({}, { assets: LARGE })));
      }));
    test("which is read-only where temporary files are", () =>
      onDisk(temporary, "16k", async () => {
        freezeDisk(scene.tmp);
        expectTold(await scene.refusal(scene.inputs()));
      }));
  });

  describe("for temporary files", () => {
    it("since it does not exist", async () => {
      await start({ TMPDIR: "/nowhere/temporary" });
      expectTold(await scene.refusal(scene.inputs()));
    });
    it("since it is a file", async () => {
      await start({ TMPDIR: "/etc/hostname" });
      expectTold(await scene.refusal(scene.inputs()));
    });
    it("for the notes of what was approved", async () => {
      const file = __filename;
      await start({ XDG_CACHE_HOME: file });
      expectTold((await scene.refusal(scene.inputs())).replaceAll(file, "<cache>"));
    });
  });
});
