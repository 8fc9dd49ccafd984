import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import * as ts from "typescript";
import { parse } from "yaml";
import { declaredBy } from "../../cli/import/existing";
import { fragmentOf } from "../../cli/import/fitting";
import { canonical, canonicalLeaves } from "../../infra/identity-config/canonical";
import { plan } from "../../infra/identity-config/change-set";
import { kindAt } from "../../infra/identity-config/keys/paths";
import { leavesOf, valueAt } from "../../infra/identity-config/leaves";
import { type Document, inlineUri, isEmptyObject } from "../../infra/identity-config/model";
import { isWithin } from "../../infra/identity-config/path";
import { mapScalars } from "../../infra/identity-config/scalars";
import { isSensitive } from "../../infra/identity-config/sensitive";
import { ofTheServer } from "../../infra/targets/server-keys";
import { randomConfig } from "../policies/random-config";
import { declaredByRunning, programFor, withoutLeftOut } from "./import-scene";

const root = resolve(__dirname, "../..");
const KRATOS = { target: "kratos", kratosVersion: "1.3.1" } as const;
const NETWORK = { target: "network" } as const;
const documents = randomConfig(KRATOS);

/** What a document says; an empty object says nothing. */
const told = (document: Document) =>
  Object.fromEntries([...canonicalLeaves(document)].filter(([, value]) => !isEmptyObject(value)));

test.each([KRATOS, NETWORK])(
  "a program for %j declares what exists, but for what is left out",
  async (running) => {
    await fc.assert(
      fc.asyncProperty(randomConfig(running), async (document) => {
        const { found, program } = await programFor(document, running);
        const declared = declaredByRunning(program, found);
        expect(told(declared)).toEqual(told(withoutLeftOut(document, found)));
        expect(declared).toEqual(declaredBy(found));
        const baseline = { effective: document, defaults: {}, managed: [] };
        expect(plan(baseline, { declared, owned: [], release: [], secrets: [] }).changes).toEqual([]);
      }),
      { numRuns: 30 },
    );
  },
);

test("what is left out is a default, nothing, or the server's; each says which", async () => {
  await fc.assert(
    fc.asyncProperty(documents, async (document) => {
      const { found } = await programFor(document);
      for (const { path, why } of found.prepared.leftOut) {
        const value = valueAt(document, path);
        if (why === "default")
          expect(canonical({ [path]: kindAt(path)?.default ?? [] })).toEqual(canonical({ [path]: value }));
        else if (why === "server")
          expect(ofTheServer("kratos").some((server) => isWithin(path, server))).toBe(true);
        else if (why === "empty") expect([null, {}]).toContainEqual(value);
        else expect(["hidden", "reference"]).toContain(why);
      }
    }),
    { numRuns: 50 },
  );
});

test("what is Kratos's default, and may be none on Ory Network, stays in a program for it", async () => {
  const hints: Document = { selfservice: { flows: { registration: { login_hints: false, enabled: true } } } };
  expect((await programFor(hints, KRATOS)).found.parts).toEqual([]);
  const { found } = await programFor(hints, NETWORK);
  expect(found.parts).toEqual([{ kind: "Registration", name: "registration", args: { loginHints: false } }]);
});

test("what is hidden is left out and told; of a Kratos, a plain word is a value", async () => {
  const uri = (text: string): Document => ({ courier: { smtp: { connection_uri: text, from_name: text } } });
  for (const [text, running, why] of [
    ["********", KRATOS, "hidden"],
    ["<redacted>", NETWORK, "hidden"],
    ["hidden", NETWORK, "hidden"],
    ["hidden", KRATOS, undefined],
  ] as const) {
    const { found } = await programFor(uri(text), running);
    const left = found.prepared.leftOut.find(({ path }) => path === "/courier/smtp/from_name");
    expect({ text, why: left?.why }).toEqual({ text, why });
    expect(found.checks.some(({ message }) => message.includes("/courier/smtp/from_name"))).toBe(
      why === "hidden",
    );
  }
});

test("where Ory Network shows no secret, a comment stands beside what it belongs to, and a line in the answer", async () => {
  const auth = (type: string, config: Document): Document => ({ auth: { type, config } });
  const provider = { provider: "github", client_id: "x", mapper_url: inlineUri("local c = 1; {}") };
  const document: Document = {
    courier: {
      http: { request_config: { url: "https://a.example/", ...auth("basic_auth", { user: "u" }) } },
      channels: [{ id: "sms", request_config: auth("api_key", { in: "header", name: "X" }) }],
    },
    selfservice: {
      methods: {
        oidc: {
          config: {
            providers: [
              { id: "a", ...provider },
              { id: "b", ...provider, client_secret: "****" },
            ],
          },
        },
      },
    },
  };
  const paths = [
    "/courier/channels[id=sms]/request_config/auth/config/value",
    "/courier/http/request_config/auth/config/password",
    "/selfservice/methods/oidc/config/providers[id=a]/client_secret",
  ];
  const { found, program } = await programFor(document, NETWORK);
  const told = found.checks.filter(({ message }) =>
    message.startsWith("Ory Network does not show this secret"),
  );
  expect(told.map(({ path }) => path)).toEqual(paths);
  const comments = program.replace(/\n\s*\/\/ {3}/g, " ");
  for (const path of paths)
    expect(comments).toContain(`// check: ${path}: Ory Network does not show this secret`);
  expect(comments).toMatch(/check: the source hides these values.*providers\[id=b\]\/client_secret/);
  const { found: own } = await programFor(document, KRATOS);
  expect(own.checks.filter(({ message }) => message.includes("does not show"))).toEqual([]);
});

test("no secret of a document is in its program, in the texts beside it, or in what is said of it", async () => {
  await fc.assert(
    fc.asyncProperty(documents, fc.uuid(), async (document, canary) => {
      const with_ = withCanary(document, canary);
      const { found, program } = await programFor(with_);
      const shown = [program, JSON.stringify(found.checks), ...found.texts.map(({ text }) => text as string)];
      expect(shown.filter((text) => text.includes(canary))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

/** `document` with a secret wherever a secret is text, and where an address or a text holds one. */
function withCanary(document: Document, canary: string): Document {
  const isText = (path: string, value: unknown) =>
    typeof value === "string" && value.length > 3 && isSensitive(path);
  const changed = mapScalars("", document, (path, value) =>
    isText(path, value) ? canary : value,
  ) as Document;
  const http = {
    url: `https://user:${canary}@shop.example/`,
    headers: { "X-Api-Key": canary },
    // Whoever writes a key into a text has it in the text.
    body: inlineUri(`function(ctx) { key: "${canary}" }`),
  };
  const smtp = { connection_uri: `smtps://user:${canary}@mail.shop.example/` };
  return { ...changed, courier: { ...(changed.courier as Document), smtp, http: { request_config: http } } };
}

describe("the programs of many documents", () => {
  const folder = mkdtempSync(join(tmpdir(), "import-"));
  const names: string[] = [];
  beforeAll(async () => {
    const sample = fc.sample(documents, { numRuns: 60, seed: 7 });
    const network = parse(readFileSync(join(root, "test/fixtures/network-project/source.yml"), "utf8"));
    // Biome and Prettier do not agree on quotes around letters such as these.
    const plain = sample.filter((document) => !JSON.stringify(document).includes("ü"));
    for (const [index, document] of [...plain, network, EVERY_PART].entries()) {
      const name = join(folder, `program-${index}.ts`);
      writeFileSync(name, (await programFor(document)).program);
      names.push(name);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("type-check against the public API", () => {
    const program = ts.createProgram(names, {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      strict: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
      paths: { "pulumi-ory": [join(root, "bin/infra/index.d.ts")], "*": [join(root, "node_modules/*")] },
    });
    const wrong = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, "\n");
      return `${file?.fileName}: ${text}\n${file?.fileName.startsWith(folder) ? file.text : ""}`;
    });
    expect(wrong).toEqual([]);
  });

  it("stand as Biome formats them", () => {
    const biome = join(root, "node_modules/.bin/biome");
    const style = ["--indent-style=space", "--indent-width=2", "--line-width=80"];
    const before = names.map((name) => readFileSync(name, "utf8"));
    execFileSync(biome, ["format", "--write", ...style, "."], { cwd: folder });
    expect(readdirSync(folder)).toHaveLength(names.length);
    expect(names.map((name) => readFileSync(name, "utf8"))).toEqual(before);
  });
});

/** A document in which every part fits. */
const EVERY_PART: Document = parse(
  readFileSync(join(__dirname, "../fixtures/imported/every-part.yml"), "utf8"),
);

test("every part is used where it fits, and then nothing is raw", async () => {
  const { found, program } = await programFor(EVERY_PART);
  expect(told(declaredByRunning(program, found))).toEqual(told(withoutLeftOut(EVERY_PART, found)));
  const kinds = [...new Set(found.parts.map(({ kind }) => kind))].sort();
  expect(kinds).toEqual(
    [
      "AccountEnumeration",
      "Cookies",
      "CourierChannel",
      "EmailDelivery",
      "Hooks",
      "IdentitySchema",
      "Login",
      "MessageTemplate",
      "MultiFactor",
      "PasswordHasher",
      "PasswordPolicy",
      "Passwordless",
      "Recovery",
      "Registration",
      "RequiredAal",
      "SessionLifetime",
      "SocialSignIn",
      "UserInterface",
      "Verification",
    ].sort(),
  );
  expect(found.raw.paths).toEqual([]);
  const declared = found.parts.flatMap((part) => [...leavesOf(fragmentOf(part).document).keys()]);
  expect(new Set(declared).size).toBeGreaterThan(60);
});
