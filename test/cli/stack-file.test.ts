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
    expect(() => edited("config:\n  a: 1\nb: x\n  c:\n", ["c"], 2)).toThrow(
      "cannot use Pulumi.prod.yaml: it must be valid YAML with a mapping `config`; it is none at line ",
    );
    expect(() => edited("config: [1]", ["c"], 2)).toThrow(/it must be valid YAML with a mapping `config`$/);
  });
});
