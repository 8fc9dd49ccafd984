import * as fc from "fast-check";
import { parse } from "yaml";
import { StackFile } from "../../cli/stack-file";

const edited = (text: string, path: string[], value: unknown) =>
  StackFile.parsed("Pulumi.prod.yaml", text).edited([{ path, value }]);

/** One setting as people write it, with its value. */
const entry = fc
  .record({
    comment: fc.constantFrom("", "# what this is for\n", "#tight\n# two lines\n"),
    body: fc.constantFrom(
      ["{ a: 1,   b: [x, 'y'] }   # odd spaces\n", { a: 1, b: ["x", "y"] }],
      ["\n  a: 'single'\n  b: \"double\" # why\n", { a: "single", b: "double" }],
      ["\n    a: 0x10\n    # between\n    b:\n    - one\n    - two\n", { a: 16, b: ["one", "two"] }],
      [
        "\n  a: |\n    text\n\n    of lines\n  b: >-\n    folded\n    text\n",
        { a: "text\n\nof lines\n", b: "folded text" },
      ],
      ["true\n", true],
      ['"quoted"   # trailing\n\n\n', "quoted"],
    ),
  })
  .map(({ comment, body: [text, value] }) => ({ comment, text: text as string, value }));

const files = fc.array(entry, { minLength: 1, maxLength: 5 }).chain((entries) =>
  fc.record({
    entries: fc.constant(entries),
    chosen: fc.nat({ max: entries.length - 1 }),
    indentation: fc.constantFrom("  ", "    "),
    prefix: fc.constantFrom("", "shop:"),
    head: fc.constantFrom("", "# top\n", "encryptionsalt: v1:abc=\n"),
    tail: fc.constantFrom("", "# the end\n", "secretsprovider: passphrase\n"),
  }),
);

function lines({ comment, text }: { comment: string; text: string }, key: string, indentation: string) {
  const whole = `${comment}${key}: ${text}`;
  return whole
    .split("\n")
    .map((line) => (line === "" ? line : indentation + line))
    .join("\n");
}

/** A value of a setting, without what YAML takes for anything but a text. */
type Tree = string | Tree[] | { [name: string]: Tree };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant("leaf"),
    fc.array(tie("tree"), { minLength: 1, maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("tree"), { minKeys: 1 }),
  ),
}));

/** `tree` with another leaf everywhere, so that one can be told from the others. */
const numbered = (tree: Tree, next: () => number): Tree =>
  Array.isArray(tree)
    ? tree.map((one) => numbered(one, next))
    : typeof tree === "object"
      ? Object.fromEntries(Object.entries(tree).map(([name, one]) => [name, numbered(one, next)]))
      : `leaf${next()}`;

const trees = fc
  .record({
    tree: fc.dictionary(fc.constantFrom("a", "b", "c"), tree, { minKeys: 1 }),
    quote: fc.constantFrom("'", '"', ""),
  })
  .map(({ tree, quote }) => {
    let count = 0;
    return { tree: numbered(tree, () => count++), quote };
  });

const firstLeaf = (tree: Tree): string =>
  typeof tree === "string" ? tree.replace("changed", "") : firstLeaf(Object.values(tree)[0]!);

/** The entries of `tree` as a person writes them: with a comment above each, and beside each leaf. */
function entriesOf(tree: Tree, indentation: string, quote: string): string[] {
  if (typeof tree === "string") return [];
  return Object.entries(tree).map(([name, one]) => {
    const beside = `# beside ${firstLeaf(one)}\n`;
    const head = Array.isArray(tree) ? "-" : `${name}:`;
    const below = entriesOf(one, `${indentation}  `, quote).join("");
    const body =
      typeof one === "string"
        ? ` ${quote}${one}${quote} ${beside}`
        : // The first entry stands beside the dash.
          Array.isArray(tree)
          ? below.replace(/^.*\n {0,99}(?=\S)/, " ")
          : `\n${below}`;
    return `${indentation}# above ${firstLeaf(one)}\n${indentation}${head}${body}`;
  });
}

const settingOf = (tree: Tree, quote: string): string =>
  `config:\n  k:\n${entriesOf(tree, "    ", quote).join("")}  z: 1\n`;

describe("an edit of a stack's file", () => {
  it("sets what it is to set, and leaves every other setting as it is, byte for byte", () => {
    const values = fc.oneof(
      fc.boolean(),
      fc.string(),
      fc.constant("yes"),
      fc.constant({ c: [1, { d: "x: y" }] }),
    );
    fc.assert(
      fc.property(
        files,
        values,
        fc.boolean(),
        ({ entries, chosen, indentation, prefix, head, tail }, value, isDeep) => {
          const chunks = entries.map((one, index) => lines(one, `${prefix}k${index}`, indentation));
          const text = `${head}config:\n${chunks.join("")}${tail}`;
          const before = parse(text);
          const key = `${prefix}k${chosen}`;
          const path = isDeep ? [key, "a"] : [key];
          fc.pre(!isDeep || typeof entries[chosen]!.value === "object");
          const after = edited(text, path, value);
          const expected = structuredClone(before);
          if (isDeep) expected.config[key].a = value;
          else expected.config[key] = value;
          expect(parse(after)).toEqual(expected);
          chunks.forEach((chunk, index) => {
            // Blank lines after the one that is edited are its own.
            if (index !== chosen) expect(after).toContain(chunk.trimEnd());
          });
          expect(after.startsWith(head)).toBe(true);
          expect(after.endsWith(tail)).toBe(true);
        },
      ),
    );
  });

  it("that sets what is there changes no byte of a well-formed file", () => {
    const text = "config:\n  # why\n  k:\n    a: 'x' # c\n    b: [1, 2]\n  z: 1\n";
    expect(edited(text, ["k", "a"], "x")).toBe(text);
  });

  it("keeps comments, order and quotes inside of the setting that it edits", () => {
    const text = `config:
    shop:secondFactor:   # for all
        # by SMS
        code: true
        totp: 'on'   # apps
    shop:z: 1
`;
    const after = edited(text, ["shop:secondFactor", "totp"], "off");
    expect(after).toContain("totp: 'off' # apps\n");
    expect(after).toMatch(/# for all[\s\S]*# by SMS\n {8}code: true\n {8}totp/);
    expect(after).toContain("\n    shop:z: 1\n");
  });

  it("keeps every line of a list or a mapping whose shape stays, but for the values that change", () => {
    fc.assert(
      fc.property(trees, fc.infiniteStream(fc.boolean()), ({ tree, quote }, changes) => {
        const next = (value: Tree): Tree =>
          Array.isArray(value)
            ? value.map(next)
            : typeof value === "object"
              ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, next(one)]))
              : changes.next().value
                ? `${value}changed`
                : value;
        const changed = next(tree);
        expect(edited(settingOf(tree, quote), ["k"], changed)).toBe(settingOf(changed, quote));
      }),
    );
  });

  it("keeps the elements of a list that stay, with their comments, whatever goes and comes between them", () => {
    const lists = fc.record({
      tree: fc.array(tree, { minLength: 1, maxLength: 5 }),
      stays: fc.infiniteStream(fc.boolean()),
      comes: fc.infiniteStream(fc.constantFrom(0, 0, 1, 2)),
    });
    fc.assert(
      fc.property(lists, ({ tree, stays, comes }) => {
        let count = 0;
        const list = numbered(tree, () => count++) as Tree[];
        const kept = list.filter(() => stays.next().value);
        const value = kept.flatMap((one) => [
          ...Array.from({ length: comes.next().value! }, () => `new${count++}`),
          one,
        ]);
        const after = edited(settingOf(list, "'"), ["k"], value);
        expect(parse(after).config).toEqual({ k: value, z: 1 });
        for (const one of kept) {
          const [text] = entriesOf([one], "    ", "'");
          // What is above the first one is above the list, too.
          expect(after).toContain(one === list[0] ? text!.replace(/^.*\n/, "") : text);
        }
      }),
    );
  });

  it("that makes a list or a mapping of another kind replaces it, and leaves the comments around it", () => {
    const text = "config:\n  k:\n    # what\n    a: # of\n      # gone\n      - x\n    # next\n    b: 1\n";
    const after = edited(text, ["k", "a"], { c: 1 });
    expect(after).toMatch(
      /^config:\n {2}k:\n {4}# what\n {4}a:.*\n( {6}#.*\n)? {6}c: 1\n {4}# next\n {4}b: 1\n$/,
    );
  });

  it("removes a setting, and an object that nothing is left in", () => {
    const text = "config:\n  a: 1\n  b:\n    c:\n      d: 1\n  e: 2\n";
    expect(edited(text, ["b", "c", "d"], undefined)).toBe("config:\n  a: 1\n  e: 2\n");
    expect(edited(text, ["e"], undefined)).toBe("config:\n  a: 1\n  b:\n    c:\n      d: 1\n");
  });

  it("adds a setting at the end, also to a file without a last line break", () => {
    expect(edited("config:\n  a: 1 # one", ["b"], { c: true })).toBe(
      "config:\n  a: 1 # one\n  b:\n    c: true\n",
    );
    expect(edited("encryptionsalt: x\n", ["b"], 1)).toBe("encryptionsalt: x\nconfig:\n  b: 1\n");
    expect(edited("config:\n  a: 1\n# end\nother: 1\n", ["b"], 1)).toBe(
      "config:\n  a: 1\n  b: 1\n# end\nother: 1\n",
    );
  });

  it("knows settings with and without the project's name, and writes new ones as the file has them", () => {
    const file = (text: string) => StackFile.parsed("Pulumi.prod.yaml", text);
    const [plain, prefixed] = [file("config:\n  a: 1\n  ory:rules: {}\n"), file("config:\n  shop:a: 1\n")];
    for (const one of [plain, prefixed]) expect(one.settings("shop")).toEqual({ a: 1 });
    expect([plain.key("shop", "a"), plain.key("shop", "b")]).toEqual(["a", "b"]);
    expect([prefixed.key("shop", "a"), prefixed.key("shop", "b")]).toEqual(["shop:a", "shop:b"]);
    expect(file("config:\n  shop:b: 1\n  a: 1\n").key("shop", "a")).toBe("a");
  });

  it("is refused where the file is written in a way that is not understood, and says what to do by hand", () => {
    const anchors = "config:\n  a: &x { b: 1 }\n  c: *x\n";
    expect(() => edited(anchors, ["c", "b"], 2)).toThrow("cannot edit Pulumi.prod.yaml: ");
    expect(() => edited(anchors, ["c", "b"], 2)).toThrow("set c.b by hand");
    const within = "config:\n  a:\n    b: [&x 1, 2]\n    c: *x\n";
    for (const value of [[2], [3, 2]])
      expect(() => edited(within, ["a", "b"], value)).toThrow("such as with anchors; set a.b by hand");
    expect(() => edited("config:\n  a: 1\nb: x\n  c:\n", ["c"], 2)).toThrow(
      "cannot use Pulumi.prod.yaml: it must be valid YAML with a mapping `config`; it is none at line ",
    );
    expect(() => edited("config: [1]", ["c"], 2)).toThrow(/it must be valid YAML with a mapping `config`$/);
  });
});
