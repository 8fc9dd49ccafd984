import * as fc from "fast-check";
import MarkdownIt from "markdown-it";
import { type DefaultTreeAdapterTypes, parse, parseFragment } from "parse5";
import { parse as parseYaml } from "yaml";
import { consentLines } from "../../cli/review/consent";
import { asHtml } from "../../cli/review/html";
import { asJson } from "../../cli/review/json";
import { asMarkdown } from "../../cli/review/markdown";
import { entryFor, named } from "../../infra/identity-config/acknowledgement";
import { hostile, IMPACT, reviewedWith, TEXTS } from "./hostile";

type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.ParentNode;

/** All different, and none empty, which some plans are other plans by. */
const texts = fc
  .tuple(fc.array(hostile, { minLength: TEXTS, maxLength: TEXTS }), fc.boolean())
  .map(([all, isBefore]) =>
    all.map((text, index) => {
      const letter = String.fromCharCode(97 + index);
      return isBefore ? letter + text : text + letter;
    }),
  );
const HARMLESS = Array.from({ length: TEXTS }, (_, index) => `value${index}`);
const SIZE = { maxSize: 60_000, impact: IMPACT };

/** As GitHub does it: HTML in Markdown, and addresses that become links. */
const github = new MarkdownIt({ html: true, linkify: true });
const rendered = (markdown: string) => parseFragment(github.render(markdown));

/** All nodes below `node`, with the names of the elements above them. */
function* below(
  node: Node,
  above: readonly string[] = [],
): Generator<{ node: Node; above: readonly string[] }> {
  for (const child of "childNodes" in node ? node.childNodes : []) {
    yield { node: child, above };
    yield* below(child, [...above, child.nodeName]);
  }
}

const CODE = ["code", "pre"];
const isCode = (above: readonly string[]): boolean => above.some((name) => CODE.includes(name));

/** The elements outside of code that make the page, as tags in their order; those within a line left out. */
const skeleton = (root: Node): string[] =>
  [...below(root)]
    .filter(({ node, above }) => !node.nodeName.startsWith("#") && !isCode(above))
    .map(({ node, above }) => `${above.join(">")}>${node.nodeName}`)
    .filter((tag) => !/>(code|em|strong)$/.test(tag));

const CONTROL = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

describe("whatever stands in a config", () => {
  test("Markdown keeps its shape, and nothing in it is a link, a mention, an image or markup", () => {
    const shape = skeleton(rendered(asMarkdown([reviewedWith(HARMLESS)], SIZE)));
    expect(shape.filter((tag) => tag.endsWith(">details")).length).toBeGreaterThan(3);
    fc.assert(
      fc.property(texts, (given) => {
        const markdown = asMarkdown([reviewedWith(given)], SIZE);
        expect(markdown).not.toMatch(CONTROL);
        const root = rendered(markdown);
        expect(skeleton(root)).toEqual(shape);
        const outside = [...below(root)].filter(
          ({ node, above }) => node.nodeName === "#text" && !isCode(above),
        );
        for (const { node } of outside)
          expect((node as { value: string }).value).not.toMatch(
            /[@#<>[\]`$|*\\]|:\/\/|www\.|:\w+:|\b[0-9a-f]{7,}\b|GH-/,
          );
        const names = new Set([...below(root)].map(({ node }) => node.nodeName));
        for (const name of ["a", "img", "script", "style"]) expect(names).not.toContain(name);
        const [, diagram] = /```mermaid\n(.*?)\n```/s.exec(markdown)!;
        expect(diagram).toMatch(/^[\p{L}\p{N} ,.#;"()[\]~>\n-]*$/u);
        expect(
          diagram!
            .split("\n")
            .filter((line) => !/^ *(flowchart TB|subgraph|direction LR|end|c\d)/.test(line)),
        ).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("the page keeps its shape, shows every character, and has neither script nor address", () => {
    const shape = skeleton(parse(asHtml([reviewedWith(HARMLESS)], IMPACT)));
    fc.assert(
      fc.property(texts, (given) => {
        const html = asHtml([reviewedWith(given)], IMPACT);
        expect(html).not.toMatch(CONTROL);
        const root = parse(html);
        expect(skeleton(root)).toEqual(shape);
        for (const { node } of below(root)) {
          if (!("attrs" in node)) continue;
          expect(["script", "a", "img", "iframe", "object", "svg", "form", "link", "base"]).not.toContain(
            node.nodeName,
          );
          for (const { name } of node.attrs)
            expect([
              "lang",
              "charset",
              "http-equiv",
              "content",
              "name",
              "class",
              "tabindex",
              "scope",
            ]).toContain(name);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("JSON is for machines, and harms no terminal either", () => {
    fc.assert(
      fc.property(texts, (given) => {
        const json = asJson([reviewedWith(given)], IMPACT);
        expect(json).not.toMatch(CONTROL);
        expect(JSON.parse(json).plans[0].name.length).toBeGreaterThan(0);
      }),
    );
  });
});

test("what consents is YAML that means just the entry, and hides no character", () => {
  const text = hostile.map((one) => one.replace(/\p{Cs}/gu, ""));
  fc.assert(
    fc.property(text, text, text, text, (rule, path, before, after) => {
      const consent = entryFor(rule, { path, before: { [after]: before }, after }, "2026-12-15");
      const finding = { rule, path, message: "", remedy: "", severity: "mandatory" as const, isOld: false };
      const advice = { ...finding, severity: "advisory" as const };
      const lines = consentLines([{ ...finding, consent }, { ...finding, consent }, advice]);
      // It would be refused all the same.
      expect(consentLines([{ ...finding, consent }, finding])).toEqual([]);
      expect(lines.join("")).not.toMatch(CONTROL);
      const meant = { rule, path, from: named({ [after]: before }), to: named(after) };
      expect(parseYaml(lines.join("\n"))).toEqual({
        config: { acknowledge: [{ ...meant, reason: "why, and who agreed", until: "2026-12-15" }] },
      });
    }),
  );
});

describe("the size of Markdown", () => {
  const value = fc.oneof(
    hostile,
    fc.nat(20_000).map((length) => "x".repeat(length)),
    fc.nat(3_000).map((lines) => "`<\n".repeat(lines)),
  );
  test("is kept, and what is left out is counted and never cut", () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: TEXTS, maxLength: TEXTS }),
        fc.integer({ min: 8_000, max: 65_536 }),
        fc.integer({ min: 1, max: 30 }),
        (given, maxSize, plans) => {
          const one = reviewedWith(given);
          const markdown = asMarkdown(
            Array.from({ length: plans }, () => one),
            { maxSize, impact: IMPACT },
          );
          expect(markdown.length).toBeLessThanOrEqual(maxSize);
          expect(markdown).not.toMatch(CONTROL);
          const tokens = github.parse(markdown, {});
          const html = tokens
            .filter(({ type }) => type === "html_block")
            .map(({ content }) => content)
            .join("");
          expect(html.match(/<details/g)?.length ?? 0).toBe(html.match(/<\/details>/g)?.length ?? 0);
          for (const token of tokens.filter(({ type }) => type === "fence"))
            expect(markdown).toContain(`${token.markup}${token.info}\n${token.content}${token.markup}\n`);
          expect(markdown).toContain("The HTML page has everything");
        },
      ),
      { numRuns: 40 },
    );
  });
});
