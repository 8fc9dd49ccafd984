import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { startFakeNetwork } from "../fake-network";
import { kratosBinaries } from "../kratos/server";
import { folderWith, pulumiOry } from "./pulumi-ory";

const PAGE = readFileSync(join(__dirname, "../../docs/import-what-exists.md"), "utf8");
/** The page's blocks in a language, in its order. */
const blocks = (language: string) =>
  [...PAGE.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, of, text]) => (of === language ? [text!] : []));

const [KRATOS] = blocks("yaml") as [string];
const SECRETS = ["9f2c-not-for-files", "m7TqZ2vXcR9wLk4pYbN8sDfGhJ3aE6uV"];
const [binary] = kratosBinaries() as [string];
/** A PATH without any Kratos: nothing is tried then, which saves time. */
const UNTRIED = { PATH: dirname(process.execPath) };
const version = () => /Version:\s*v?(\S+)/.exec(execFileSync(binary, ["version"], { encoding: "utf8" }))![1]!;

let dir: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ dir, remove } = await folderWith({ "kratos.yml": KRATOS }));
});
afterEach(() => remove());

const importing = (args: string[], env: NodeJS.ProcessEnv = UNTRIED, stdin?: string) =>
  pulumiOry(["import", ...args], { cwd: dir, env, ...(stdin !== undefined && { stdin }) });

/** What comes between lines of `…` in `shown` must be in `text`, in that order. */
function expectShown(text: string, shown: string): void {
  let from = 0;
  for (const piece of shown.split(/^…\n/m)) {
    const at = text.indexOf(piece, from);
    expect({ text: text.slice(from), piece, at }).toMatchObject({ at: expect.any(Number) });
    if (at < 0) expect(text.slice(from)).toContain(piece);
    from = at + piece.length;
  }
}

/** A program without what a formatter may change: this repository's pages have longer lines. */
const unformatted = (program: string) => program.replace(/\s+/g, "").replace(/,(?=[)\]}])/g, "");

test("the page's commands do what it says", async () => {
  const network = await startFakeNetwork({ projects: [{ id: "shop" }] });
  try {
    // The page is about a Kratos that is on PATH under its own name.
    await mkdir(join(dir, "bin"));
    await writeFile(join(dir, "bin/kratos"), `#!/bin/sh\nexec '${binary}' "$@"\n`, { mode: 0o755 });
    const env = {
      PATH: `${join(dir, "bin")}${delimiter}${process.env.PATH}`,
      ORY_CONSOLE_URL: network.consoleUrl,
      ORY_WORKSPACE_API_KEY: network.workspaceKey,
    };
    const { schemas } = (parse(KRATOS) as { identity: { schemas: { url: string }[] } }).identity;
    await mkdir(join(dir, "server"));
    await writeFile(join(dir, "server/kratos.yml"), KRATOS.replace(schemas[0]!.url, "file://customer.json"));
    await writeFile(join(dir, "server/customer.json"), Buffer.from(schemas[0]!.url.slice(9), "base64"));
    await writeFile(join(dir, "network.yaml"), KRATOS);
    const commands = blocks("sh").map((block) => block.trim());
    const answers: string[] = [];
    for (const command of commands) {
      if (command.endsWith("--dry-run")) {
        await writeFile(join(dir, "kratos.yml"), KRATOS.replace("issuer: Shop", "issuer: Example Shop"));
        const program = await readFile(join(dir, "imported.ts"), "utf8");
        await writeFile(join(dir, "imported.ts"), `${program}// Ours.\n`);
      }
      const [, ...args] = command.replaceAll("'", "").split(" ");
      const { code, stdout, stderr } = await pulumiOry(args, { cwd: dir, env });
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: "" });
      answers.push(stdout);
      for (const secret of SECRETS) expect(stdout).not.toContain(secret);
    }
    const embedded = answers.find((answer) => answer.startsWith("kratos/shop"));
    expect(embedded).toContain("which a preview shows: /identity/schemas/0/url\n");
    const [first, again] = blocks("") as [string, string];
    expect(answers[0]).toBe(first.replace("trial: Kratos 1.3.1", `trial: Kratos ${version()}`));
    expectShown(answers.at(-1)!, again);
    const [shown] = blocks("ts") as [string];
    expect(unformatted(await readFile(join(dir, "imported.ts"), "utf8"))).toBe(
      unformatted(`${shown}// Ours.`),
    );
    expect(JSON.parse(await readFile(join(dir, "kratos/schemas/customer.json"), "utf8")).type).toBe("object");
    for (const folder of [".", "network", "printed", "kratos"])
      for (const secret of SECRETS)
        expect(await readFile(join(dir, folder, ".pulumi-ory-import.json"), "utf8")).not.toContain(secret);
  } finally {
    await network.stop();
  }
});

test("standard input is imported as Ory Network prints it, and answered as JSON", async () => {
  const printed = JSON.stringify({ ...(parse(KRATOS) as object), hashers: { algorithm: "bcrypt" } });
  const { code, stdout } = await importing(["-", "--target", "network", "--json"], UNTRIED, printed);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    source: "<stdin>",
    written: true,
    files: expect.arrayContaining([{ path: "imported.ts", fate: "created", writeTo: "imported.ts" }]),
    leftOut: expect.arrayContaining([{ path: "/hashers/algorithm", why: "server" }]),
    secrets: [{ name: "smtp-connection-uri", path: "/courier/smtp/connection_uri" }],
    proof: { changes: [] },
    next: expect.arrayContaining([
      "pulumi config set --secret --path 'secrets.smtp-connection-uri'   # /courier/smtp/connection_uri",
    ]),
  });
});

test("a project that is there gets the program alone, with paths from its own folder", async () => {
  await mkdir(join(dir, "project/infra"), { recursive: true });
  await writeFile(join(dir, "project/Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  const { code, stdout } = await importing(["kratos.yml", "--out", "project/infra"]);
  expect(code).toBe(0);
  expect(stdout).toContain("pulumi config set --path target.kratos.dir ..\n");
  expect(stdout).toContain('next\n  import "./imported";   # in the program beside it\n');
  expect(readdirSync(join(dir, "project/infra")).sort()).toEqual([
    ".pulumi-ory-import.json",
    "imported.ts",
    "schemas",
  ]);
  const program = await readFile(join(dir, "project/infra/imported.ts"), "utf8");
  expect(program).toContain('file: "infra/schemas/customer.json"');
});

test("an import into a program that was edited keeps the edits, which it does not vouch for", async () => {
  expect((await importing(["kratos.yml", "--out", "new"])).code).toBe(0);
  const program = join(dir, "new/imported.ts");
  await writeFile(program, `${await readFile(program, "utf8")}// Ours.\n`);
  await writeFile(join(dir, "kratos.yml"), KRATOS.replace("issuer: Shop", "issuer: Example Shop"));
  const { code, stdout } = await importing(["kratos.yml", "--out", "new"]);
  expect(code).toBe(0);
  expect(stdout).toContain("\nmerged into your edits: imported.ts\n");
  expect(stdout).toContain(
    "what was imported changes nothing; what your edits change, `pulumi preview` shows\n",
  );
  const merged = await readFile(program, "utf8");
  expect(merged).toContain('issuer: "Example Shop"');
  expect(merged).toMatch(/\/\/ Ours\.\n$/);
});

test("files that Kratos does not load are imported all the same, and it is told", async () => {
  const wrong = KRATOS.replace("lifespan: 1h", "lifespan: soon");
  await writeFile(join(dir, "kratos.yml"), wrong);
  const { code, stdout } = await importing(["kratos.yml", "--out", "new", "--binary", binary], {});
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^trial: Kratos refuses this configuration .*\n {2}\/selfservice\/flows\/login\/lifespan is "soon"/m,
  );
  expect(stdout).not.toContain("nothing was written");
  expect(await readFile(join(dir, "new/imported.ts"), "utf8")).toMatch(/lifespan: "soon"/);
  for (const secret of SECRETS) expect(stdout).not.toContain(secret);
});

test("a secret of a few letters garbles no message, nor is it shown", async () => {
  const wrong = KRATOS.replace("lifespan: 1h", "lifespan: soon").replace(
    /connection_uri: .*/,
    "connection_uri: u",
  );
  await writeFile(join(dir, "kratos.yml"), wrong);
  const { stdout } = await importing(["kratos.yml", "--out", "new", "--binary", binary], {});
  expect(stdout).toMatch(/^ {2}\/selfservice\/flows\/login\/lifespan is "soon"/m);
  expect(stdout).not.toContain("[secret]");
});

test("what a later file changes back to a default is in the program, as the target reads the first file alone", async () => {
  const [first, second] = ["2h", "24h"].map((lifespan) => `session: { lifespan: ${lifespan} }\n`);
  await writeFile(join(dir, "first.yml"), KRATOS + first);
  await writeFile(join(dir, "second.yml"), second!);
  const { code, stdout } = await importing(["first.yml", "second.yml", "--out", "new"]);
  expect(code).toBe(0);
  expect(stdout).toContain("move what is the server's own from the others to first.yml");
  expect(stdout).toContain("pulumi config set --path target.kratos.config first.yml\n");
  expect(await readFile(join(dir, "new/imported.ts"), "utf8")).toContain('lifespan: "24h"');
});

test("variables of a server that hold secrets stay out of files, commands and answers", async () => {
  const env = [
    "COURIER_SMTP_CONNECTION_URI=smtps://a:9f2c-env@b.example/",
    "SELFSERVICE_METHODS_TOTP_CONFIG_ISSUER=Other",
  ];
  const parameters = env.map((one) => `&env=${encodeURIComponent(one)}`).join("");
  const id = `kratos/shop?dir=.&binary=${binary}&environment=dev${parameters}`;
  const { code, stdout, stderr } = await importing([id, "--out", "new"], {});
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(
    "pulumi config set --path target.kratos.env.SELFSERVICE_METHODS_TOTP_CONFIG_ISSUER Other\n",
  );
  expect(stdout).toContain("environment variables of the server set these");
  const program = await readFile(join(dir, "new/imported.ts"), "utf8");
  expect(program).toContain(`issuer: "Other"`);
  expect(program).not.toContain("connectionUri");
  expect(stdout + program).not.toContain("9f2c");
});

test("a dry run writes nothing", async () => {
  const { code, stdout } = await importing(["kratos.yml", "--out", "new", "--dry-run"]);
  expect(code).toBe(0);
  expect(stdout).toContain("--- /dev/null\n+++ imported.ts\n");
  expect(stdout).toContain("would be created: imported.ts\n");
  await expect(stat(join(dir, "new"))).rejects.toThrow("ENOENT");
});

test("text in a config is neither code nor anything that a terminal obeys", async () => {
  const odd = '\\u001b[2J`\\"; process.exit(7); //\\u2028*/ \\u202e';
  const config = `selfservice: { default_browser_return_url: "https://shop.example/", methods: { totp: { enabled: true, config: { issuer: "${odd}" } } }, "a\\u2028*/b": { "${odd}": 1 } }\nidentity: { schemas: [{ id: "../../x", url: "base64://e30=" }] }\n`;
  const { code, stdout } = await importing(["-", "--out", "odd"], UNTRIED, config);
  expect(code).toBe(0);
  const program = await readFile(join(dir, "odd/imported.ts"), "utf8");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  expect(program + stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028\u2029\u202e]/);
  expect(program).toContain("issuer: '\\u001b[2J`\"; process.exit(7); //\\u2028*/ \\u202e'");
  expect(readdirSync(join(dir, "odd/schemas"))).toEqual(["x.json"]);
});

describe("what cannot be imported is one error, and nothing is written", () => {
  const errors: [what: string, args: string[], error: RegExp][] = [
    ["nothing", [], /^error: nothing to import: name a target, such as network\/<project-id> or /],
    ["no file", ["nope.yml"], /^error: cannot read nope.yml: there is no such file\n$/],
    [
      "a secret file that is no config",
      ["odd.yml"],
      /^error: cannot import odd.yml: it holds no identity config/,
    ],
    [
      "no YAML",
      ["bad.yml"],
      /^error: cannot read bad.yml: it is not valid YAML: .* at line \d, column \d+\n$/,
    ],
    [
      "two targets",
      ["network/a", "network/b"],
      /^error: import one target at a time: network\/a network\/b\n$/,
    ],
    [
      "a Kratos without files",
      ["kratos/shop?dir=nope"],
      /^error: there is no .*nope\/kratos.yml: target.kratos.dir must/,
    ],
    ["no key", ["network/shop"], /^error: .*ORY_WORKSPACE_API_KEY/],
    [
      "a name that is none",
      ["kratos.yml", "--name", "a b"],
      /^error: --name is "a b"; write it with letters/,
    ],
    [
      "a folder that is a file",
      ["kratos.yml", "--out", "kratos.yml"],
      /^error: cannot read .*kratos.yml.*nothing was written\n$/,
    ],
    [
      "somebody's file",
      ["kratos.yml"],
      /^error: imported.ts in \S+ is there already, and no import has made it; nothing was written: /,
    ],
  ];
  test.each(errors)("%s", async (_what, args, error) => {
    await writeFile(join(dir, "odd.yml"), "password: 9f2c-not-for-files\n");
    await writeFile(join(dir, "values.yml"), "kratos: { config: { selfservice: {} } }\n");
    await writeFile(join(dir, "bad.yml"), "{ password: 9f2c-not-for-files: [\n");
    await writeFile(join(dir, "imported.ts"), "// Somebody's.\n");
    const before = readdirSync(dir);
    const { code, stdout, stderr } = await importing(args, { ...UNTRIED, ORY_WORKSPACE_API_KEY: "" });
    expect(stderr).toMatch(error);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).not.toContain("9f2c");
    expect(readdirSync(dir)).toEqual(before);
    await rm(join(dir, "imported.ts"));
  });
});
