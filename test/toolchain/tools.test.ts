import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { duration, estimate } from "../../toolchain/progress";
import { ensureTool, ensureTools } from "../../toolchain/tools";
import { fakeTool, folder, removeFolders, screen, script, source } from "./fake-tool";

const run = promisify(execFile);
const HOST = "pulumi-language-nodejs";

afterEach(removeFolders);

async function surroundings() {
  return {
    cache: await folder(),
    cloneBin: join(await folder(), ".local", "bin"),
    path: "/usr/bin",
    screen: screen(),
    wanted: {
      pulumi: fakeTool("pulumi", [source("module", "pulumi", "1.3.1")]),
      kratos: fakeTool("kratos", [source("release", "kratos", "1.3.1")]),
    },
  };
}

describe("ensureTools", () => {
  it("puts both tools and a language host into one folder, first on PATH", async () => {
    const around = await surroundings();

    const tools = await ensureTools(around);

    expect(tools.env.PATH).toBe(`${around.cloneBin}${delimiter}/usr/bin`);
    expect(tools.bin).toBe(around.cloneBin);
    expect((await run("kratos", { env: tools.env })).stdout).toBe("1.3.1\n");
    expect((await run("pulumi", { env: tools.env })).stdout).toBe("1.3.1\n");
    expect(await readFile(join(around.cloneBin, HOST), "utf8")).toContain("toolchain/language-host.ts");
  });

  it("is the same when its own folder is on PATH already", async () => {
    const around = await surroundings();
    const first = await ensureTools(around);
    expect(await ensureTools({ ...around, path: first.env.PATH })).toEqual(first);
  });

  it("leaves the official language host alone", async () => {
    const around = await surroundings();
    await ensureTools(around);
    const theirs = await folder();
    await script(theirs, "pulumi", "echo 1.3.1");
    await script(theirs, HOST, "echo theirs");

    const tools = await ensureTools({ ...around, path: `${theirs}${delimiter}/usr/bin` });

    expect(tools.pulumi).toBe(join(theirs, "pulumi"));
    await expect(readFile(join(around.cloneBin, HOST))).rejects.toThrow("ENOENT");
  });

  it("does not take another clone's language host for the official one", async () => {
    const [around, other] = [await surroundings(), await surroundings()];
    await ensureTools(other);
    await ensureTools({ ...around, path: `${other.cloneBin}${delimiter}/usr/bin` });
    expect(await readFile(join(around.cloneBin, HOST), "utf8")).toContain("language-host.ts");
  });
});

describe("ensureTool", () => {
  it("takes a fitting one from PATH, else brings it once, and leaves the clone's folder as it is", async () => {
    const [around, brought] = [await surroundings(), source("module", "actionlint", "1.3.1")];
    const tool = fakeTool("actionlint", [brought]);

    const [first, second] = await Promise.all([ensureTool(tool, around), ensureTool(tool, around)]);

    expect(first).toBe(second);
    expect((await run(first)).stdout).toBe("1.3.1\n");
    expect(brought.count).toBe(1);
    expect(await readdir(around.cloneBin)).toEqual([]);

    const theirs = await script(await folder(), "actionlint", "echo 1.3.1");
    const path = dirname(theirs);
    expect(await ensureTool(tool, { ...around, path })).toBe(theirs);
  });
});

describe("progress", () => {
  it("writes durations and estimates", () => {
    expect([4000, 80_000, 605_000].map(duration)).toEqual(["4s", "1m20s", "10m05s"]);
    expect(estimate(460, 2)).toBe("about 4 minutes on 2 cores");
    expect(estimate(40, 1)).toBe("about 1 minute on 1 core");
  });
});
