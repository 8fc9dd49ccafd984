import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..");

/** Files that Node has loaded once it has required `module`. */
function loaded(module: string): string[] {
  const program = `require(${JSON.stringify(join(ROOT, module))}); console.log(JSON.stringify(Object.keys(require.cache)));`;
  return JSON.parse(execFileSync(process.execPath, ["-e", program], { cwd: ROOT, encoding: "utf8" }));
}

/** The packages that files are of. */
const packagesOf = (files: readonly string[]): string[] => [
  ...new Set(files.flatMap((file) => file.match(/node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/)?.[1] ?? [])),
];

describe("a program that imports pulumi-ory", () => {
  const files = loaded("bin/infra/index.js");
  const packages = packagesOf(files);

  // @pulumi/pulumi's own index loads npm's dependency solver and a compiler: 0.4 s that no part here needs.
  it("loads of @pulumi/pulumi the modules that it uses, not the whole", () => {
    expect(packages).toContain("@pulumi/pulumi");
    expect(packages).not.toContain("@npmcli/arborist");
    expect(packages).not.toContain("typescript");
  });

  it("loads @pulumi/command and what is of ssh when a KratosHost is made", () => {
    expect(packages).not.toContain("@pulumi/command");
    expect(files.filter((file) => /kratos-host-|targets[\\/]ssh[\\/]/.test(file))).toEqual([]);
  });
});

describe("the provider", () => {
  it("loads what is of ssh when a target is on another host", () => {
    const files = loaded("bin/infra/targets/open.js");
    expect(files.some((file) => file.endsWith("kratos-target.js"))).toBe(true);
    expect(files.filter((file) => /targets[\\/]ssh[\\/]/.test(file))).toEqual([]);
  });
});

describe("a verb that needs no engine loads only what it needs", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "start-up-"));
    const hook = `process.on("exit", () => require("fs").writeFileSync(process.env.LOADED, JSON.stringify(Object.keys(require.cache))));`;
    writeFileSync(join(folder, "hook.js"), hook);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Files that the command has loaded when it ends. */
  function loadedBy(args: string[]): string[] {
    const env = {
      ...process.env,
      LOADED: join(folder, "loaded.json"),
      NODE_OPTIONS: `--require ${join(folder, "hook.js")}`,
    };
    const command = [join(ROOT, "cli/pulumi-ory.js"), ...args];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: folder, env, encoding: "utf8" });
    expect({ stderr, answered: status === 0 || status === 2 }).toEqual({ stderr: "", answered: true });
    return JSON.parse(readFileSync(env.LOADED, "utf8"));
  }
  const [before, after] = ["kratos.yml", "new.yml"].map((name) =>
    join(ROOT, "test/fixtures/review", name),
  ) as [string, string];
  const OF_RULES = /cli[\\/]report\.js$|policies[\\/]rules[\\/]index\.js$/;

  it.each([
    ["explain", ["explain", "required-aal-enum"], []],
    ["check", ["check", before], ["yaml"]],
    ["drift", ["drift", before, "--live", after], ["yaml"]],
    ["review", ["review", "--before", before, "--after", after], ["yaml", "diff"]],
    ["doctor", ["doctor"], ["which", "isexe"]],
  ])("%s", (_name, args, more) => {
    const allowed = ["commander", "semver", "fastest-levenshtein", ...more];
    expect(packagesOf(loadedBy(args)).filter((one) => !allowed.includes(one))).toEqual([]);
  });

  it("import, which makes parts, loads of @pulumi/pulumi what these do", () => {
    const packages = packagesOf(loadedBy(["import", before, "--dry-run", "--out", folder]));
    expect(packages).toContain("@pulumi/pulumi");
    expect(packages.filter((one) => /arborist|typescript|@ory/.test(one))).toEqual([]);
  });

  it("nor the rules, where none is judged by", () => {
    expect(loadedBy(["check", before]).some((file) => OF_RULES.test(file))).toBe(true);
    expect(loadedBy(["drift", before, "--live", after]).filter((file) => OF_RULES.test(file))).toEqual([]);
  });
});
