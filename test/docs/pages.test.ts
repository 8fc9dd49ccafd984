import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { JOURNEYS } from "../../infra/journeys/ways";
import { problems } from "../../infra/settings-problems";

const ROOT = join(__dirname, "../..");
const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const PAGES = readdirSync(join(ROOT, "docs"))
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file}`);
const README = textOf("README.md");

/** The code blocks of a page in a language, without the indentation of a list. */
const blocksOf = (page: string, language: string): string[] =>
  [...textOf(page).matchAll(/^( *)```(\w*)\n(.*?)^ *```$/gms)].flatMap(([, indent, of, text]) =>
    of === language ? [text!.replaceAll(new RegExp(`^${indent}`, "gm"), "")] : [],
  );

/** The texts of all tests but this one. */
const tests = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && file !== join("docs", "pages.test.ts"))
  .map((file) => textOf(join("test", file)));

describe.each(PAGES)("%s", (page) => {
  test("is in the README's list of pages", () => {
    expect(README.split("## Find your way\n")[1]!.split("\n## ")[0]).toContain(`(${page})`);
  });

  test("is read by a test that runs its examples", () => {
    expect(tests.filter((text) => text.includes(page)).length).toBeGreaterThan(0);
  });
});

/** A host's key, which pages shorten. */
const KEY = `ssh-ed25519 ${"AAAAC3NzaC1lZDI1NTE5AAAAI".padEnd(68, "x")}`;
const SHORT = /ssh-ed25519 \w+…/;

const PLACES = ["README.md", ...PAGES];

test.each(PLACES)("settings of stacks that %s shows are accepted", (page) => {
  const base = { target: { kratos: { name: "shop", dir: "x" } }, email: { http: { url: "https://a" } } };
  const documents = blocksOf(page, "yaml").flatMap((text) => parseAllDocuments(text.replace(SHORT, KEY)));
  for (const document of documents) {
    const { config } = Object(document.toJS()) as { config?: Record<string, unknown> };
    // A key may stand with its project's name.
    const settings = Object.entries(config ?? {}).map(([key, value]) => [key.replace(/^\w+:/, ""), value]);
    expect(problems({ ...base, ...Object.fromEntries(settings) }, "")).toEqual([]);
  }
});

test("the journeys that a proof can walk are all in the table of the page about promotion", () => {
  const table = textOf("docs/promote-from-staging-to-prod.md").match(/^\| `.*$/gm) ?? [];
  const named = table.flatMap((row) => row.split("|")[1]!.match(/[^`]+(?=`(,|\s*$))/g) ?? []);
  expect(named.sort()).toEqual([...JOURNEYS].sort());
});

test.each(PLACES)("the scripts of npm that %s names are there", (page) => {
  const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
  const named = [...textOf(page).matchAll(/npm (?:run (?:-s )?([\w-]+)|(start|test)\b)/g)].map(
    ([, script, own]) => script ?? own!,
  );
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test.each(PLACES)("what %s links to is there", (page) => {
  const links = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(
    ([, link]) => link!,
  );
  for (const link of links) expect(() => readFileSync(join(ROOT, page, "..", link))).not.toThrow("ENOENT");
});
