import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { installOnce, toolFolder } from "../../toolchain/install-once";
import { ToolchainError } from "../../toolchain/tool";
import { failing, fakeTool, folder, removeFolders, screen, source } from "./fake-tool";

afterEach(removeFolders);

describe("installOnce", () => {
  it("installs from the first source that works and records which", async () => {
    const cache = await folder();
    const tool = fakeTool("kratos", [failing("release", "no network"), source("module", "kratos", "1.3.1")]);
    const shown = screen();

    const installed = await installOnce(tool, cache, shown);

    expect(installed).toEqual({ binary: join(toolFolder(tool, cache), "bin", "kratos"), source: "module" });
    expect(JSON.parse(await readFile(join(toolFolder(tool, cache), "installed.json"), "utf8"))).toMatchObject(
      {
        version: "1.3.1",
        source: "module",
      },
    );
    expect(shown.lines.join("")).toContain("getting none from release: failed after 0s: no network\n");
  });

  it("uses what is there without asking a source, a lock or the binary", async () => {
    const cache = await folder();
    const first = source("release", "kratos", "1.3.1");
    const tool = fakeTool("kratos", [first]);
    await installOnce(tool, cache, screen());
    const shown = screen();

    await installOnce(tool, cache, shown);

    expect(first.count).toBe(1);
    expect(tool.probes).toBe(1);
    expect(shown.lines).toEqual([]);
  });

  it("installs once when two want it at once, and the second says that it waits", async () => {
    const cache = await folder();
    const slow = source("release", "kratos", "1.3.1", 500);
    const shown = screen();

    const both = await Promise.all([0, 1].map(() => installOnce(fakeTool("kratos", [slow]), cache, shown)));

    expect(slow.count).toBe(1);
    expect(both[0]).toEqual(both[1]);
    expect(shown.lines).toContain("waiting for another run that is getting kratos 1.3.1\n");
  });

  it("does not take a source's word for the version", async () => {
    const cache = await folder();
    const tool = fakeTool("kratos", [
      source("release", "kratos", "1.2.0"),
      source("module", "kratos", "1.3.1"),
    ]);

    expect((await installOnce(tool, cache, screen())).source).toBe("module");
  });

  it("says in one error what was tried and what to do", async () => {
    const cache = await folder();
    const tool = fakeTool("kratos", [failing("release", "no network"), source("module", "kratos", "1.2.0")]);

    const failure = installOnce(tool, cache, screen(), ["PATH: none there"]);

    await expect(failure).rejects.toBeInstanceOf(ToolchainError);
    await expect(failure).rejects.toThrow(
      [
        "kratos 1.3.1 could not be had",
        "  tried PATH: none there",
        "  tried source release: no network",
        "  tried source module: it brought version 1.2.0, not 1.3.1",
        "  to do: put kratos 1.3.1 on PATH",
        "     or: repair release",
        "     or: repair module",
      ].join("\n"),
    );
    expect(await readdir(cache)).toEqual([]);
  });

  it.each([
    ["a binary cut short", (binary: string) => truncate(binary, 3)],
    ["a broken record", (binary: string) => writeFile(join(binary, "..", "..", "installed.json"), "{")],
  ])("replaces %s", async (_, breakIt) => {
    const cache = await folder();
    const again = source("release", "kratos", "1.3.1");
    const tool = fakeTool("kratos", [again]);
    await breakIt((await installOnce(tool, cache, screen())).binary);

    const { binary } = await installOnce(tool, cache, screen());

    expect(again.count).toBe(2);
    expect(await tool.probe(binary)).toBe("1.3.1");
  });

  it("takes over the lock and clears the rest of a run that was killed", async () => {
    const cache = await folder();
    const tool = fakeTool("kratos", [source("module", "kratos", "1.3.1")]);
    const killed = toolFolder(tool, cache);
    await mkdir(`${killed}.lock`, { recursive: true });
    await utimes(`${killed}.lock`, new Date(0), new Date(0));
    await mkdir(`${killed}.partial-abc`);
    await writeFile(join(`${killed}.partial-abc`, "half"), "");

    await installOnce(tool, cache, screen());

    expect(await readdir(cache)).toEqual([killed.slice(cache.length + 1)]);
  });

  it("heals after a process that was killed in the middle of an install", async () => {
    const cache = await folder();
    const program = `
      const { installOnce } = require("./toolchain/install-once.ts");
      const { fakeTool, screen } = require("./test/toolchain/fake-tool.ts");
      const hang = () => { console.log("busy"); return new Promise(() => setInterval(() => {}, 1000)); };
      const source = { name: "module", title: "t", label: "l", remedy: "r", fetch: hang };
      installOnce(fakeTool("kratos", [source]), ${JSON.stringify(cache)}, screen());`;
    const victim = spawn(process.execPath, ["--import", "tsx", "-e", program], {
      cwd: join(__dirname, "..", ".."),
    });
    await new Promise((resolve) => victim.stdout.once("data", resolve));
    victim.kill("SIGKILL");
    const tool = fakeTool("kratos", [source("module", "kratos", "1.3.1")]);
    expect((await readdir(cache)).sort()).toHaveLength(2);

    await installOnce(tool, cache, screen());

    expect(await readdir(cache)).toEqual([toolFolder(tool, cache).slice(cache.length + 1)]);
  });
});
