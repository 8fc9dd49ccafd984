import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "sarif";
import { rules } from "../../policies/rules";
import { folderWith, pulumiOry } from "./pulumi-ory";

const IDENTITY = "identity: { schemas: [{ id: default, url: file://schema.json }] }\n";
const BOTH = `version: v1.3.1
selfservice:
  methods:
    code:
      mfa_enabled: true
      passwordless_enabled: true
  default_browser_return_url: https://shop.example/
${IDENTITY}`;
const ADVISED = `session:
  whoami: { required_aal: aal1 }
selfservice:
  flows:
    settings:
      required_aal: aal1
  methods: { totp: { enabled: true } }
  default_browser_return_url: https://shop.example/
${IDENTITY}`;
const OFF = "selfservice: { methods: { code: { mfa_enabled: false } } }\n";
const FALLBACK = `  methods: { code: { config: { missing_credential_fallback_enabled: true } } }\n`;
const CHANNEL = `identity:
  schemas: [{ id: default, url: file://schema.json }]
courier:
  channels:
    - id: sms
      type: http
      request_config: { method: POST, url: https://sms.example/, body: file://sms.jsonnet }
`;
const SCHEMA = JSON.stringify({
  type: "object",
  properties: { traits: { type: "object", properties: { name: { type: "string" } } } },
});

let dir: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ dir, remove } = await folderWith({
    "both.yml": BOTH,
    "advised.yml": ADVISED,
    "off.yml": OFF,
    "fallback.yml": `selfservice:\n${FALLBACK}`,
    "channel.yml": CHANNEL,
    "schema.json": SCHEMA,
    "project.yml": "services: { identity: { config: { session: {} } } }\n",
    "rules.yml": "nope: { atMost: 1m }\n",
    "sms.jsonnet": "function(ctx) { to: ctx.Recipient, text: ctx.body }",
  }));
});
afterAll(() => remove());

const check = (...args: string[]) => pulumiOry(["check", ...args], { cwd: dir });

/** Severity and rule of each finding in the answer as JSON. */
const found = async (...args: string[]) => {
  const { stdout } = await check(...args, "--format", "json");
  const [report] = JSON.parse(stdout).reports;
  return (report.findings as { severity: string; rule: string }[]).map(
    ({ severity, rule }) => `${severity} ${rule}`,
  );
};

test("a finding is told with its place, path and remedy, and the exit code is that of its severity", async () => {
  const { code, stdout, stderr } = await check("both.yml", "fallback.yml");
  expect(stdout).toContain("mandatory\n\n  both.yml:5:7 /selfservice/methods/code/mfa_enabled\n");
  expect(stdout).toMatch(/ {4}code-mfa-xor-passwordless: .*\n {4}-> set \/selfservice/);
  expect(stdout).toMatch(/^both\.yml \+ fallback\.yml: .*\(\d+ rules, Kratos 1\.3\.1, prod\)$/m);
  expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
});

test("the README shows a real answer", async () => {
  const readme = readFileSync(join(__dirname, "../../README.md"), "utf8");
  const [, shown] = /```\n(mandatory\n.*?)…\n```/s.exec(readme)!;
  await writeFile(join(dir, "kratos.yml"), BOTH);
  expect((await check("kratos.yml")).stdout).toContain(shown!.slice("mandatory\n\n".length));
});

test("files are merged as Kratos does it: the later one wins", async () => {
  expect(await found("off.yml", "both.yml")).toContain("mandatory code-mfa-xor-passwordless");
  expect(await found("both.yml", "off.yml")).not.toContain("mandatory code-mfa-xor-passwordless");
});

test("advice alone fails only where it is said to count", async () => {
  expect(await found("advised.yml")).toContain("advisory settings-aal-open");
  const codes = ["advisory", "info", "mandatory", "never"].map(
    async (severity) => (await check("advised.yml", "--fail-on", severity)).code,
  );
  expect(await Promise.all(codes)).toEqual([2, 2, 0, 0]);
  expect((await check("both.yml", "--fail-on", "never")).code).toBe(0);
});

test("schemas and Jsonnet are read from beside the file, and what cannot be read is told", async () => {
  expect(await found("channel.yml")).toContain("mandatory channel-jsonnet-ctx");
  expect((await check("channel.yml")).stderr).toBe("");
  const elsewhere = await pulumiOry(["check", join(dir, "channel.yml"), "--working-dir", "/"], { cwd: "/" });
  expect(elsewhere.stdout).not.toContain("channel-jsonnet-ctx: the");
  expect(elsewhere.stderr).toContain(
    "note: cannot read /schema.json, which /identity/schemas/0/url points at: there is no such file\n",
  );
});

test("standard input is a file like another one, as YAML and as JSON", async () => {
  const json = JSON.stringify({ selfservice: { methods: { code: { mfa_enabled: true, enabled: false } } } });
  const run = await pulumiOry(["check", "-", "--format", "json"], { stdin: json });
  expect(run.code).toBe(2);
  expect(JSON.parse(run.stdout).reports[0]).toMatchObject({
    subject: "<stdin>",
    target: "kratos",
    environment: "prod",
    findings: expect.arrayContaining([
      expect.objectContaining({
        rule: "mfa-needs-code-enabled",
        severity: "mandatory",
        place: { file: "<stdin>", line: 1, column: 55 },
      }),
    ]),
  });
});

test("the version and the target that are named decide", async () => {
  const channel =
    "courier: { channels: [{ id: sms, request_config: { method: POST, body: 'base64://e30=' } }] }\n";
  await writeFile(join(dir, "type.yml"), channel);
  const message = async (...args: string[]) => (await check("type.yml", ...args)).stdout;
  expect(await message()).toContain("no message leaves at all");
  expect(await message("--kratos-version", "v26.2.0")).toContain("nothing leaves over it");
  expect(await message("--target", "network")).not.toContain("channel-type-required");
});

test("what runs on the stage before is compared with", async () => {
  await writeFile(join(dir, "prod.yml"), "selfservice: { methods: { totp: { enabled: false } } }\n");
  await writeFile(join(dir, "staging.yml"), "selfservice: { methods: { totp: { enabled: true } } }\n");
  expect((await check("prod.yml")).stdout).not.toContain("weaker-than-lower-env");
  expect((await check("prod.yml", "--lower", "staging.yml")).stdout).toContain("weaker than in staging.yml");
});

test("what is set about rules is taken from a file", async () => {
  const set = async (max: string) => {
    await writeFile(join(dir, "set.yml"), `code-lifespan-max: { max: ${max} }\n`);
    return (await check("long.yml", "--rules", "set.yml")).stdout;
  };
  const code = "{ enabled: true, mfa_enabled: true, config: { lifespan: 20m } }";
  await writeFile(join(dir, "long.yml"), `selfservice: { methods: { code: ${code} } }\n`);
  expect(await set("19m")).toContain("code-lifespan-max");
  expect(await set("20m")).not.toContain("code-lifespan-max");
});

test("a real project's config, with keys that only Ory Network has, is refused nothing", async () => {
  const config = join(__dirname, "../fixtures/network-project/source.yml");
  const { code, stdout } = await check(config, "--target", "network");
  expect(stdout).toContain(": 0 mandatory, ");
  expect(code).toBe(0);
  expect((await check(config)).stdout).toContain("unknown-key");
});

test("SARIF has the rules, levels, lines and columns, and places that code scanning takes", async () => {
  const { code, stdout } = await check("both.yml", "advised.yml", "--format", "sarif");
  const log = JSON.parse(stdout) as Log;
  expect(code).toBe(2);
  expect(log.version).toBe("2.1.0");
  const [run] = log.runs;
  const described = run!.tool.driver.rules!;
  expect(described.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
  for (const rule of described)
    expect([rule.shortDescription?.text, rule.fullDescription?.text, rule.help?.text]).toEqual(
      Array(3).fill(expect.stringMatching(/\S\.$/)),
    );
  const results = run!.results!;
  for (const { ruleId, ruleIndex } of results) expect(described[ruleIndex!]!.id).toBe(ruleId);
  const xor = results.find(({ ruleId }) => ruleId === "code-mfa-xor-passwordless")!;
  expect(xor).toMatchObject({
    level: "error",
    kind: "fail",
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: "both.yml" }, region: { startLine: 5, startColumn: 7 } },
        logicalLocations: [{ fullyQualifiedName: "/selfservice/methods/code/mfa_enabled" }],
      },
    ],
  });
  const open = results.find(({ ruleId }) => ruleId === "settings-aal-open")!;
  expect(open.level).toBe("warning");
  expect(open.locations![0]!.physicalLocation).toEqual({
    artifactLocation: { uri: "advised.yml" },
    region: { startLine: 6, startColumn: 7 },
  });
});

test("what a rule cannot tell is open in SARIF, and no failure", async () => {
  await writeFile(
    join(dir, "remote.yml"),
    `identity: { schemas: [{ id: default, url: https://shop.example/schema.json }] }\n${BOTH.replace(
      IDENTITY,
      "",
    )
      .replace("version: v1.3.1\n", "")
      .replace(/.*passwordless.*\n/, "")}`,
  );
  const { stdout } = await check("remote.yml", "--format", "sarif");
  const results = (JSON.parse(stdout) as Log).runs[0]!.results!;
  expect(results.find(({ ruleId }) => ruleId === "mfa-needs-code-identifier")).toMatchObject({
    kind: "open",
    level: "none",
  });
});

test.each([
  ["a missing file", ["nope.yml"], /^error: cannot read nope\.yml: there is no such file\n$/],
  [
    "half an import id",
    ["kratos/shop"],
    /^error: cannot read kratos\/shop: there is no such file; a Kratos is named kratos\/shop\?dir=<folder of kratos\.yml>\n$/,
  ],
  ["nothing", [], /^error: nothing to check: .*\n$/],
  ["another file", ["schema.json"], /^error: cannot check schema\.json: it holds no identity config, .*\n$/],
  ["a whole project", ["project.yml"], /^error: cannot check .*; of a whole project, check what .*\n$/],
  [
    "unknown rules",
    ["both.yml", "--rules", "rules.yml"],
    /^error: rules\.yml: there is no rule "nope"; .*\n$/,
  ],
  ["a folder", ["."], /^error: cannot read \.: it is a folder; .*\n$/],
  ["two targets", ["network/a", "network/b"], /^error: check one target at a time: .*\n$/],
  [
    "a target without its folder",
    ["kratos/shop?binary=x"],
    /^error: cannot import .* where the files are; .*\n$/,
  ],
  ["files and a stack", ["a.yml", "--stack", "dev"], /^error: check either files or a stack: .*\n$/],
  ["another format", ["both.yml", "--format", "xml"], /^error: option '--format <format>' .*xml.*\n/],
])("%s is one clear error", async (_what, args, message) => {
  const { code, stdout, stderr } = await check(...args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});

test("a broken file is told without a piece of it", async () => {
  await writeFile(join(dir, "broken.yml"), 'dsn: "postgres://user:hunter2hunter2@db/x\nsession: [\n');
  const { code, stdout, stderr } = await check("broken.yml");
  expect(stderr).toMatch(/^error: cannot read broken\.yml: it is not valid YAML: .*\n$/);
  expect(stdout + stderr).not.toContain("hunter2");
  expect(code).toBe(1);
});

test("no secret of a config is in any answer", async () => {
  const secret = "c4n4ry-s3cr3t-v4lue";
  await writeFile(
    join(dir, "secrets.yml"),
    `dsn: postgres://user:${secret}@db/x
secrets: { cookie: [${secret}], default: [${secret}] }
session: { whoami: { required_aal: ${secret} } }
identity: { default_schema_id: ${secret}, schemas: [{ id: other, url: "base64://e30=" }] }
selfservice: { methods: { code: { mfa_enabled: true, ${secret}: 1 } } }
courier:
  smtp: { connection_uri: "smtps://user:${secret}@mail.example:465/" }
  channels:
    - id: sms
      request_config: { auth: { type: api_key, config: { value: ${secret} } } }
`,
  );
  for (const format of ["text", "json", "sarif"]) {
    const { code, stdout, stderr } = await check("secrets.yml", "--format", format);
    expect(code).toBe(2);
    expect(stdout).toContain("[secret]");
    const messages = stdout + stderr;
    // The key itself is a path of the file, no value.
    expect(messages.replaceAll(`/selfservice/methods/code/${secret}`, "")).not.toContain(secret);
  }
});

test("nothing in a config reaches the terminal as a command", async () => {
  await writeFile(
    join(dir, "codes.yml"),
    'selfservice: { methods: { code: { "\\e[31mred\\a": 1, "\\u202Eturned": 2, "a\\r\\nb": 3 } } }\n',
  );
  const { stdout } = await check("codes.yml");
  expect(stdout).toContain("\\u001b[31mred\\u0007");
  expect(stdout).toContain("/a\\u000d\\u000ab\n");
  expect(stdout).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
});

test("colours are for terminals", async () => {
  const coloured = await pulumiOry(["check", "both.yml"], { cwd: dir, env: { FORCE_COLOR: "1" } });
  expect(coloured.stdout).toContain("\u001b[31mmandatory");
  expect((await check("both.yml")).stdout).not.toContain("\u001b");
});
