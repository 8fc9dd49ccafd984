import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { actionlint } from "../../toolchain/actionlint";
import { kratos } from "../../toolchain/kratos";
import { buildModule } from "../../toolchain/module-build";
import { pulumi } from "../../toolchain/pulumi";
import { fetchPulumiRelease } from "../../toolchain/pulumi-release";
import { ACTIONLINT_VERSION, KRATOS_VERSION, PULUMI_VERSION } from "../../toolchain/versions";
import { folder, removeFolders, script } from "./fake-tool";

const ROOT = join(__dirname, "..", "..");
const { PATH } = process.env;

afterEach(async () => {
  process.env.PATH = PATH;
  await removeFolders();
});

describe("buildModule", () => {
  const build = {
    pins: ROOT,
    package: "example.com/tool",
    name: "tool",
    tags: ["sqlite"],
    stamps: { "example.com/tool.Version": "v1" },
    needsC: true,
  };

  it("builds from the pins alone, into bin/", async () => {
    const [bin, directory] = [await folder(), await folder()];
    await script(bin, "go", `printf '%s\\n' "$@" "$PWD" "$GOWORK" "$CGO_ENABLED" > "${directory}/args"`);
    process.env.PATH = `${bin}${delimiter}${PATH}`;

    await buildModule(build, directory);

    expect((await readFile(join(directory, "args"), "utf8")).trim().split("\n")).toEqual([
      "build",
      "-mod=readonly",
      "-trimpath",
      "-buildvcs=false",
      "-tags=sqlite",
      "-ldflags",
      "-s -w -X example.com/tool.Version=v1",
      "-o",
      join(directory, "bin", "tool"),
      "example.com/tool",
      ROOT,
      "off",
      "1",
    ]);
  });

  it("says that Go is missing", async () => {
    process.env.PATH = await folder();
    await expect(buildModule(build, await folder())).rejects.toThrow("go is not on PATH");
  });
});

describe("fetchPulumiRelease", () => {
  it("keeps what the npm package downloads in its own folder", async () => {
    const directory = await folder();
    const runner = join(directory, "run.js");
    await writeFile(
      runner,
      `const fs = require("fs"), { PULUMI_HOME, PULUMI_VERSION } = process.env;
       fs.mkdirSync(PULUMI_HOME + "/versions/" + PULUMI_VERSION + "/bin", { recursive: true });
       fs.writeFileSync(PULUMI_HOME + "/versions/" + PULUMI_VERSION + "/bin/pulumi", process.argv[2]);`,
    );
    await fetchPulumiRelease("3.250.0", directory, runner);
    expect(await readFile(join(directory, "bin", "pulumi"), "utf8")).toBe("version");
  });

  it("passes the reason on", async () => {
    const runner = join(await folder(), "run.js");
    await writeFile(runner, `console.error("pulumi: fetch failed"); process.exit(1);`);
    await expect(fetchPulumiRelease("3.250.0", await folder(), runner)).rejects.toMatchObject({
      stderr: "pulumi: fetch failed\n",
    });
  });
});

describe("probes", () => {
  it("reads the version of a Kratos", async () => {
    const good = await script(
      await folder(),
      "kratos",
      `printf 'Version:\\t\\t\\tv1.3.1\\nBuild Commit:\\tundefined\\n'`,
    );
    expect(await kratos.probe(good)).toBe("1.3.1");
  });

  it("refuses a Kratos without SQLite", async () => {
    const file = await script(
      await folder(),
      "kratos",
      `if [ "$1" = version ]; then echo Version: v1.3.1; exit; fi`,
      `[ "$DSN" = memory ] && echo sqlite3 support was not compiled into the binary >&2`,
      "exit 1",
    );
    await expect(kratos.probe(file)).rejects.toThrow("version 1.3.1 was built without SQLite");
  });

  it("reads the version of a Pulumi, and refuses what is none", async () => {
    expect(await pulumi.probe(await script(await folder(), "pulumi", "echo v3.250.0"))).toBe("3.250.0");
    await expect(pulumi.probe(await script(await folder(), "pulumi", "echo hello"))).rejects.toThrow("hello");
  });

  it("reads the version of an actionlint, however it was built, and refuses what is none", async () => {
    for (const version of ["1.7.12", "v1.7.12"]) {
      const lines = [`echo ${version}`, "echo installed by building from source"];
      expect(await actionlint.probe(await script(await folder(), "actionlint", ...lines))).toBe("1.7.12");
    }
    const other = await script(await folder(), "actionlint", "echo hello");
    await expect(actionlint.probe(other)).rejects.toThrow("hello");
  });
});

describe("pins", () => {
  it.each([
    ["actionlint", "github.com/rhysd/actionlint", ACTIONLINT_VERSION],
    ["pulumi", "github.com/pulumi/pulumi/pkg/v3", PULUMI_VERSION],
    ["kratos", "github.com/ory/kratos", KRATOS_VERSION],
  ])("of the %s module agree with the version", async (tool, module, version) => {
    const pins = await readFile(join(ROOT, "toolchain", tool, "go.mod"), "utf8");
    expect(pins).toContain(`require ${module} v${version}\n`);
  });

  it("of the npm package agree with the version", async () => {
    const { version } = JSON.parse(
      await readFile(join(ROOT, "node_modules", "pulumi", "package.json"), "utf8"),
    );
    expect(version).toBe(PULUMI_VERSION);
  });
});
