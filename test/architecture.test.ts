import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(__dirname, "..");

/** What Git tracks or would track, and what is still there. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)))
  .sort();

const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

/** Folders whose files ARCHITECTURE.md explains one by one; of test/, it explains the folders. */
const EXPLAINED = [
  "bench",
  "cli",
  "docs",
  "examples",
  "infra",
  "local",
  "policies",
  "schemas",
  "stacks",
  "toolchain",
];

interface Line {
  /** From the project's folder; of a folder, with a slash at the end. */
  path: string;
  description: string;
}

/**
 * The annotated tree: the first fenced block of ARCHITECTURE.md. A line is `name  description`, indented by two spaces
 * below its folder, whose name ends with a slash.
 */
function tree(markdown: string): Line[] {
  const block = /^```\w*\n(.*?)^```/ms.exec(markdown)?.[1] ?? "";
  const above: string[] = [];
  return block
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const match = /^((?: {2})*)(\S+)(?: {2,}(\S.*))?$/.exec(line);
      if (!match) throw new Error(`ARCHITECTURE.md: no line of a tree: "${line}"`);
      const [, indent, name, description = ""] = match;
      const depth = indent!.length / 2;
      if (depth > above.length) throw new Error(`ARCHITECTURE.md: "${name}" stands below no folder`);
      const path = above.slice(0, depth).join("") + name;
      above.length = depth;
      if (name!.endsWith("/")) above.push(name!);
      return { path, description };
    });
}

const markdown = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");

describe("the tree in ARCHITECTURE.md", () => {
  const lines = tree(markdown);
  const named = lines.map(({ path }) => path);

  it("names every file of the sources", () => {
    const sources = files.filter((file) => EXPLAINED.some((folder) => isBelow(file, folder)));
    expect(sources.length).toBeGreaterThan(80);
    expect(sources.filter((file) => !named.includes(file))).toEqual([]);
  });

  it("names every folder of the tests", () => {
    const folders = files
      .filter((file) => isBelow(file, "test"))
      .map((file) => `${file.split("/", 2).join("/")}/`);
    const subfolders = [...new Set(folders)].filter((folder) => existsSync(join(root, folder)));
    expect(subfolders).toContain("test/components/");
    expect(subfolders.filter((folder) => !named.includes(folder))).toEqual([]);
  });

  it("names nothing that does not exist, and nothing twice", () => {
    const exists = (path: string) =>
      existsSync(join(root, path)) && statSync(join(root, path)).isDirectory() === path.endsWith("/");
    expect(named.filter((path) => !exists(path))).toEqual([]);
    expect(named.filter((path, index) => named.indexOf(path) !== index)).toEqual([]);
  });

  it("says what each line is for", () => {
    expect(lines.filter(({ description }) => description === "").map(({ path }) => path)).toEqual([]);
  });

  it("is read as nested names", () => {
    expect(tree("# A\n\n```\na/  one\n  b/  two\n    c.ts  three  3\n  d.ts  four\ne  five\n```\n")).toEqual([
      { path: "a/", description: "one" },
      { path: "a/b/", description: "two" },
      { path: "a/b/c.ts", description: "three  3" },
      { path: "a/d.ts", description: "four" },
      { path: "e", description: "five" },
    ]);
    expect(() => tree("```\na.ts  one\n    b.ts  two\n```\n")).toThrow('"b.ts" stands below no folder');
  });
});

const IMPORT = /(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*"(\.[^"]*)"/g;

/** The files or folders of the project that `source`, the text of `file`, imports; relative to the project's folder. */
const importsOf = (file: string, source: string): string[] =>
  [...source.matchAll(IMPORT)].map(([, path]) => relative(root, resolve(root, dirname(file), path!)));

const code = files.filter((file) => /\.(ts|js)$/.test(file));
const imports = code.flatMap((file) =>
  importsOf(file, readFileSync(join(root, file), "utf8")).map((path) => ({ file, path })),
);

/** The imports of files in `folder` that lead to none of `allowed`. */
const straying = (folder: string, ...allowed: string[]): string[] =>
  imports
    .filter(({ file }) => isBelow(file, folder))
    .filter(({ path }) => !allowed.some((one) => path === one || isBelow(path, one)))
    .map(({ file, path }) => `${file} imports ${path}`);

describe("dependencies point one way", () => {
  it("as far as imports can be found", () => {
    expect(imports.length).toBeGreaterThan(200);
    const source =
      'import "./a";\nimport {\n  b,\n} from "../b";\nexport * from "./c";\nrequire("./d");\nimport x from "y";';
    expect(importsOf("infra/x/y.ts", source)).toEqual(["infra/x/a", "infra/b", "infra/x/c", "infra/x/d"]);
  });

  it.each([
    ["infra/identity-config", []],
    ["infra/targets", ["infra/identity-config", "infra/time-limit"]],
    ["infra/journeys", ["infra/identity-config", "infra/time-limit"]],
    ["infra/impact", ["infra/identity-config", "infra/targets"]],
    ["infra/components", ["infra/identity-config", "infra/targets", "infra/journeys"]],
    [
      "infra/provider",
      [
        "infra/identity-config",
        "infra/impact",
        "infra/time-limit",
        "infra/targets",
        "infra/journeys",
        "infra/validator",
        "policies/rules",
      ],
    ],
    ["policies/rules", ["infra/identity-config"]],
    ["policies", ["infra/identity-config"]],
    ["infra", ["policies/rules"]],
    ["toolchain", ["bin/infra"]],
    ["local", ["infra", "toolchain", "test/fake-network"]],
    [
      "cli",
      [
        "infra/components",
        "infra/identity-config",
        "infra/impact",
        "infra/targets",
        "infra/provider/drift",
        "infra/provider/redacted",
        "infra/provider/unmanaged",
        "infra/journeys",
        "infra/time-limit",
        "policies/examples",
        "policies/rules",
      ],
    ],
    ["docs", ["infra/identity-config", "policies/examples", "policies/rules"]],
    ["bench", ["infra", "local", "policies/rules", "test", "toolchain"]],
    ["examples", ["infra/index"]],
  ])("%s imports nothing of the project but itself and %j", (folder, allowed) => {
    expect(imports.some(({ file }) => isBelow(file, folder))).toBe(true);
    expect(straying(folder, folder, ...allowed)).toEqual([]);
  });

  it("infra/identity-config imports no package but for comparing versions, and of Node nothing that reaches outside", () => {
    const packages = code
      .filter((file) => isBelow(file, "infra/identity-config"))
      .flatMap((file) => [...readFileSync(join(root, file), "utf8").matchAll(/\bfrom "([^".][^"]*)"/g)])
      .map(([, name]) => name);
    expect([...new Set(packages)].sort()).toEqual([
      "node:crypto",
      "node:util",
      "semver/functions/coerce",
      "semver/functions/gte",
    ]);
  });

  it("the program reaches the provider through the engine alone", () => {
    const reaching = imports.filter(
      ({ file, path }) => isBelow(path, "infra/provider") && !isBelow(file, "infra/provider"),
    );
    const outside = reaching.filter(({ file }) => !isBelow(file, "test") && !isBelow(file, "cli"));
    expect(outside.map(({ file }) => file)).toEqual([]);
  });
});

describe("files", () => {
  it("have at most 300 lines", () => {
    const written = files.filter(
      (file) => /\.(ts|js|jsonnet|ya?ml|sh)$/.test(file) && !isBelow(file, "test/fixtures"),
    );
    const lengths = written.map((file) => ({
      file,
      lines: readFileSync(join(root, file), "utf8").split("\n").length - 1,
    }));
    expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
  });

  it("are named in lower case with hyphens, and never as a drawer for anything", () => {
    const names = code.map((file) => file.slice(file.lastIndexOf("/") + 1).replace(/(\.\w+)+$/, ""));
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
    expect(names.filter((name) => /^(utils?|helpers?|common|misc|shared)$/.test(name))).toEqual([]);
  });
});
