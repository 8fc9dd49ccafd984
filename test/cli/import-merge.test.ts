import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { NOTE, plannedFiles, writeFiles } from "../../cli/import/merged-files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "import-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const imported = async (texts: Record<string, string>, own: Record<string, string> = {}) => {
  const files = await plannedFiles(folder, texts, own);
  await writeFiles(folder, files, texts);
  return Object.fromEntries(files.map(({ path, fate }) => [path, fate]));
};
const read = (name: string) => readFileSync(join(folder, name), "utf8");
const edit = (name: string, text: string) => writeFileSync(join(folder, name), text);

/** Texts whose lines are all different, so that each can be looked for. */
const TEXT = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";

test("a file that nobody has edited follows what is imported", async () => {
  expect(await imported({ "a.ts": TEXT })).toEqual({ "a.ts": "created" });
  expect(await imported({ "a.ts": TEXT })).toEqual({ "a.ts": "unchanged" });
  expect(await imported({ "a.ts": `${TEXT}nine\n` })).toEqual({ "a.ts": "updated" });
  expect(read("a.ts")).toBe(`${TEXT}nine\n`);
});

test("edits stay where nothing else has changed, and what has changed elsewhere comes to them", async () => {
  await imported({ "a.ts": TEXT });
  edit("a.ts", TEXT.replace("two", "mine"));
  expect(await imported({ "a.ts": TEXT })).toEqual({ "a.ts": "kept" });
  expect(await imported({ "a.ts": TEXT.replace("seven", "theirs") })).toEqual({ "a.ts": "merged" });
  expect(read("a.ts")).toBe(TEXT.replace("two", "mine").replace("seven", "theirs"));
  expect(await imported({ "a.ts": TEXT.replace("seven", "theirs") })).toEqual({ "a.ts": "kept" });
});

test("where both have changed the same lines, the file stays and the new text waits beside it", async () => {
  await imported({ "a.ts": TEXT });
  edit("a.ts", TEXT.replace("two", "mine"));
  const theirs = TEXT.replace("two", "theirs");
  expect(await imported({ "a.ts": theirs })).toEqual({ "a.ts": "beside" });
  expect(read("a.ts")).toBe(TEXT.replace("two", "mine"));
  expect(read("a.ts.new")).toBe(theirs);
  expect(await imported({ "a.ts": theirs })).toEqual({ "a.ts": "beside" });
  await expect(imported({ "a.ts": theirs.replace("mine", "x").replace("theirs", "more") })).rejects.toThrow(
    /a\.ts\.new still waits to be merged into a\.ts; nothing was written/,
  );
  edit("a.ts", TEXT.replace("two", "mine and theirs"));
  rmSync(join(folder, "a.ts.new"));
  expect(await imported({ "a.ts": theirs })).toEqual({ "a.ts": "kept" });
  expect(readdirSync(folder).sort()).toEqual([NOTE, "a.ts"]);
});

describe("what would be no program together stays apart", () => {
  const program = (names: string, parts: string) =>
    `import {\n${names}} from "pulumi-ory";\n\nexport const parts = [\n${parts}];\n`;
  const both = program("  A,\n  B,\n  C,\n", "  new A(),\n  new B(),\n  new C(),\n");

  test("an import that both have added", async () => {
    await imported({ "a.ts": both });
    edit("a.ts", both.replace("  A,\n", "  A,\n  D,\n").replace("  new A(),\n", "  new A(),\n  new D(1),\n"));
    const theirs = both
      .replace("  C,\n", "  C,\n  D,\n")
      .replace("  new C(),\n", "  new C(),\n  new D(2),\n");
    expect(await imported({ "a.ts": theirs })).toEqual({ "a.ts": "beside" });
    expect(read("a.ts.new")).toBe(theirs);
  });

  test("an import that is no longer needed, but by an edit", async () => {
    await imported({ "a.ts": both });
    edit("a.ts", both.replace("export const", "const mine = new C();\nexport const"));
    const theirs = program("  A,\n  B,\n", "  new A(),\n  new B(),\n");
    expect(await imported({ "a.ts": theirs })).toEqual({ "a.ts": "beside" });
  });

  test("a key that both have added", async () => {
    const json = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n';
    await imported({ "a.json": json });
    edit("a.json", json.replace("{", '{\n  "phone": "mine",'));
    const theirs = json.replace("3\n", '3,\n  "phone": "theirs"\n');
    expect(await imported({ "a.json": theirs })).toEqual({ "a.json": "beside" });
    expect(JSON.parse(read("a.json")).phone).toBe("mine");
  });

  test("what is wrong already, and what nothing is known of, keeps nothing apart", async () => {
    await imported({ "a.ts": both });
    edit("a.ts", both.replace("new A()", "new A(process.env.A, notThere)"));
    const theirs = both.replace("  C,\n", "  C,\n  D,\n").replace("  new C(),\n", "  new C(),\n  new D(),\n");
    expect(await imported({ "a.ts": theirs })).toEqual({ "a.ts": "merged" });
  });
});

test("what no import has made is never overwritten, and then nothing is written at all", async () => {
  edit("a.ts", "somebody's");
  await expect(imported({ "a.ts": TEXT, "b.ts": TEXT })).rejects.toThrow(
    `a.ts in ${folder} is there already, and no import has made it; nothing was written`,
  );
  expect(readdirSync(folder)).toEqual(["a.ts"]);
  expect(read("a.ts")).toBe("somebody's");
});

test("the files of a project are made once, and the user's from then on", async () => {
  expect(await imported({}, { "index.ts": "x" })).toEqual({ "index.ts": "created" });
  edit("index.ts", "mine");
  expect(await imported({}, { "index.ts": "y" })).toEqual({});
  expect(read("index.ts")).toBe("mine");
});

test("a file that is made no more stays, and is told", async () => {
  await imported({ "a.ts": TEXT, "b.json": "{}" });
  expect(await imported({ "a.ts": TEXT })).toEqual({ "a.ts": "unchanged", "b.json": "unused" });
  expect(read("b.json")).toBe("{}");
  expect(await imported({ "a.ts": TEXT, "b.json": "{ }" })).toMatchObject({ "b.json": "updated" });
});

test("a note that somebody has changed is not relied on", async () => {
  await imported({ "a.ts": TEXT });
  edit(NOTE, read(NOTE).replace("two", "other"));
  await expect(imported({ "a.ts": TEXT })).rejects.toThrow(/is not as an import has left it/);
});

test("no line of an edit is lost, whatever changes", async () => {
  const lines = fc.array(fc.constantFrom("a", "b", "  c", "d", "e"), { maxLength: 8 });
  const own = lines.map((all) => all.map((line) => `${line} mine`));
  await fc.assert(
    fc.asyncProperty(lines, fc.nat(8), own, lines, async (base, at, mine, theirs) => {
      rmSync(folder, { recursive: true });
      await imported({ "a.ts": base.join("\n") });
      edit("a.ts", [...base.slice(0, at), ...mine, ...base.slice(at)].join("\n"));
      const fate = await imported({ "a.ts": theirs.join("\n") });
      const after = read("a.ts").split("\n");
      expect(after.filter((line) => line.endsWith(" mine"))).toEqual(mine);
      if (fate["a.ts"] === "beside") expect(read("a.ts.new")).toBe(theirs.join("\n"));
      else if (fate["a.ts"] === "merged")
        expect(after.filter((line) => !line.endsWith(" mine")).sort()).toEqual([...theirs].sort());
    }),
    { numRuns: 100 },
  );
});
