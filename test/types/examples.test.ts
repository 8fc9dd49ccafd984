import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import * as ts from "typescript";
import * as api from "../../infra/index";
import * as fakeNetwork from "../fake-network";

const root = resolve(__dirname, "../..");
const components = join(root, "infra/components");
const fake = join(root, "test/fake-network");

interface Example {
  /** Where it stands: the file and the name of what it documents. */
  of: string;
  code: string;
  /** Around the code, where it is no program of a stack. */
  moduleOf?: (code: string) => string;
}

/** Every ```ts block of the docstrings in `source`. */
function examplesIn(file: string, source: string): Example[] {
  const documented =
    /\/\*\*((?:(?!\*\/).)*)\*\/\s*export (?:abstract |async )?(?:class|function|interface|type|const) (\w+)/gs;
  return [...source.matchAll(documented)].flatMap(([, docstring, name]) =>
    [...docstring!.replace(/^ *\* ?/gm, "").matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => ({
      of: `${file} ${name}`,
      code: code!,
    })),
  );
}

const examples = [
  ...readdirSync(components).map((file) => join(components, file)),
  join(root, "infra/identity-config/acknowledgement.ts"),
].flatMap((file) => examplesIn(basename(file), readFileSync(file, "utf8")));

/** Examples of tests, which use the fake of Ory Network through @ory/client. */
const fakeExamples = readdirSync(fake).flatMap((file) =>
  examplesIn(file, readFileSync(join(fake, file), "utf8")).map((example) => ({
    ...example,
    moduleOf: (code: string) =>
      [
        'import { Configuration, ProjectApi } from "@ory/client";',
        `import { ${["type FakeNetwork", ...Object.keys(fakeNetwork)].join(", ")} } from "../fake-network";`,
        `export async function test(${code.includes("const network =") ? "" : "network: FakeNetwork"}) {`,
        code,
        "}",
      ].join("\n"),
  })),
);

/** Examples of what is called outside of programs, with the documents that a change is between. */
const impactExamples = examplesIn(
  "impact.ts",
  readFileSync(join(root, "infra/impact/impact.ts"), "utf8"),
).map((example) => ({
  ...example,
  moduleOf: (code: string) =>
    [
      'import { measureImpact } from "../../infra/impact/impact";',
      "export async function count(before: object, after: object) {",
      code,
      "}",
    ].join("\n"),
}));

/** The pages of docs/, whose examples are modules of their own. */
const pageExamples = readdirSync(join(root, "docs"))
  .filter((file) => file.endsWith(".md"))
  .flatMap((file) =>
    [...readFileSync(join(root, "docs", file), "utf8").matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => ({
      of: `docs/${file}`,
      code: code!,
      moduleOf: (text: string) => text.replaceAll('"pulumi-ory"', '"../../infra/index"'),
    })),
  );

/** The README's, of programs that read their stack's settings. */
const readmeExamples = [
  ...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```ts\n(.*?)^```/gms),
].map(([, code]) => ({
  of: "README.md",
  code: code!,
  moduleOf: (text: string) =>
    [
      `import { ${[...Object.keys(api), "type Part as AnyPart"].join(", ")} } from "../../infra/index";`,
      ...(text.match(/^import .*/gm) ?? []).map((line) => line.replace("pulumi-ory/fake", "../fake")),
      "declare const stack: { secrets: Record<string, string> };",
      "declare const parts: AnyPart[];",
      // As of @pulumi/kubernetes, whose types take long to load.
      "declare const Secret: new (name: string, args: { stringData: object }) => object;",
      "export async function example() {",
      text.replace(/^import .*/gm, ""),
      "}",
    ].join("\n"),
}));

/** What examples may use beside the values of the public API, and `WebHook` and `Acknowledgement` of its types. */
const SURROUNDINGS = "declare const identity: IdentityConfig;";

/** The example as a module of its own, which imports all of the public API. */
const moduleOf = ({ code, moduleOf: around }: Example): string =>
  around?.(code) ??
  [
    `import { ${[...Object.keys(api), "type Acknowledgement", "type WebHook"].join(", ")} } from "../../infra/index";`,
    SURROUNDINGS,
    code,
  ].join("\n");

/** What the compiler says about each of `all`, under the project's own options; in one program, as that takes seconds. */
function diagnostics(all: Example[]): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: ["x.ts"] },
    ts.sys,
    root,
  );
  Object.assign(options, { noUnusedLocals: false });
  const files = new Map(all.map((example, index) => [join(__dirname, `example-${index}.ts`), example]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => (files.has(file) ? moduleOf(files.get(file)!) : readFile(file));
  host.getSourceFile = (file, language, ...rest) =>
    files.has(file)
      ? ts.createSourceFile(file, moduleOf(files.get(file)!), language)
      : getSourceFile(file, language, ...rest);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([file, { of }]) => {
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${of}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  });
}

describe("the examples in docstrings", () => {
  it("compile", () => {
    expect(fakeExamples.map(({ of }) => of)).toContain("fake-network.ts startFakeNetwork");
    expect(pageExamples.map(({ of }) => of)).toContain("docs/require-second-factor.md");
    expect(impactExamples).toHaveLength(1);
    expect(examples.map(({ of }) => of)).toContain("acknowledgement.ts Acknowledgement");
    expect(readmeExamples).toHaveLength(3);
    expect(
      diagnostics([...examples, ...fakeExamples, ...impactExamples, ...pageExamples, ...readmeExamples]),
    ).toEqual([]);
  });

  it("would not compile if they were wrong", () => {
    const wrong = { of: "flows.ts RequiredAal", code: 'new RequiredAal("aal", { session: "aal2" });' };
    expect(diagnostics([wrong])).toEqual([
      "flows.ts RequiredAal: Type '\"aal2\"' is not assignable to type 'Input<Aal> | undefined'.",
    ]);
  });

  it("are there for every class that a program uses by itself", () => {
    const classes = Object.entries(api)
      .filter(([, value]) => /^class/.test(String(value)))
      .map(([name]) => name);
    const bases = ["Asset", "Part"];
    const shown = new Set(examples.map(({ of }) => of.split(" ")[1]));
    expect(classes).toEqual(expect.arrayContaining(["IdentityConfig", "SignInProof", ...bases]));
    expect(classes.filter((name) => !shown.has(name))).toEqual(expect.arrayContaining(bases));
    expect(classes.filter((name) => !shown.has(name) && !bases.includes(name))).toEqual([]);
  });
});
