import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..");

/** Files that Node has loaded once it has required `module`. */
function loaded(module: string): string[] {
  const program = `require(${JSON.stringify(join(ROOT, module))}); console.log(JSON.stringify(Object.keys(require.cache)));`;
  return JSON.parse(execFileSync(process.execPath, ["-e", program], { cwd: ROOT, encoding: "utf8" }));
}

describe("a program that imports pulumi-ory", () => {
  const files = loaded("bin/infra/index.js");
  const packages = [
    ...new Set(
      files.flatMap((file) => file.match(/node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/)?.[1] ?? []),
    ),
  ];

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
