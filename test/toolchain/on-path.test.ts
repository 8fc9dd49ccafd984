import { appendFile, mkdir, realpath, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { findOnPath } from "../../toolchain/on-path";
import { fakeTool, folder, removeFolders, script } from "./fake-tool";

afterEach(removeFolders);

async function search(...folders: string[]) {
  return { path: folders.join(delimiter), ours: [], memory: join(await folder(), "on-path.json") };
}

describe("findOnPath", () => {
  it("takes the first that fits and says why others did not", async () => {
    const [old, broken, good] = [await folder(), await folder(), await folder()];
    await script(old, "pulumi", "echo 3.100.0");
    await script(broken, "pulumi", "echo no such library >&2", "exit 127");
    await script(good, "pulumi", "echo 3.230.0");
    const tool = fakeTool("pulumi", [], ">=3.221.0 <4");

    expect(await findOnPath(tool, await search("/nowhere", old, broken, good))).toEqual({
      binary: join(good, "pulumi"),
      rejected: [`${join(old, "pulumi")} is 3.100.0`, `${join(broken, "pulumi")} fails: no such library`],
    });
  });

  it("finds nothing where there is nothing", async () => {
    expect(await findOnPath(fakeTool("kratos", []), await search("", "/nowhere"))).toEqual({ rejected: [] });
  });

  it("asks a binary its version once, and again when it changed", async () => {
    const there = await folder();
    const file = await script(there, "kratos", "echo 1.3.1");
    const tool = fakeTool("kratos", []);
    const where = await search(there);

    await findOnPath(tool, where);
    await findOnPath(tool, where);
    expect(tool.probes).toBe(1);

    await appendFile(file, "# another\n");
    await findOnPath(tool, where);
    expect(tool.probes).toBe(2);
  });

  it("passes over what this project put there, linked or not", async () => {
    const [cache, clone, user] = [
      await realpath(await folder()),
      await realpath(await folder()),
      await folder(),
    ];
    await script(cache, "kratos", "echo 1.3.1");
    const elsewhere = await script(await folder(), "kratos", "echo 1.3.1");
    await symlink(elsewhere, join(clone, "kratos"));
    const mine = await script(user, "kratos", "echo 1.3.1");

    const found = await findOnPath(fakeTool("kratos", []), {
      ...(await search(cache, clone, user)),
      ours: [cache, clone],
    });

    expect(found).toEqual({ binary: mine, rejected: [] });
  });

  it("passes over the npm package that downloads under the CLI's name", async () => {
    const modules = join(await folder(), "node_modules");
    const downloader = await script(join(modules, "pulumi"), "run.js", "echo 3.250.0");
    await mkdir(join(modules, ".bin"));
    await symlink(downloader, join(modules, ".bin", "pulumi"));

    expect(await findOnPath(fakeTool("pulumi", [], "*"), await search(join(modules, ".bin")))).toEqual({
      rejected: [],
    });
  });
});
