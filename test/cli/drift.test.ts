import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { parse, stringify } from "yaml";
import { asMarkdown } from "../../cli/drift/markdown";
import { changesBetween } from "../../infra/identity-config/change-set";
import { leavesOf } from "../../infra/identity-config/leaves";
import { networkEnv, networkShop } from "../e2e/network-shop";
import { Project } from "../e2e/project";
import { operatorFolder } from "../e2e/shop";
import { startFakeNetwork } from "../fake-network";
import { documents } from "../identity-config/documents";
import { kratosBinaries } from "../kratos/server";
import { CANARY, PROJECT } from "../network/scene";
import { COMMAND, folderWith, pulumiOry } from "./pulumi-ory";

const [binary] = kratosBinaries();
const PAGE = join(__dirname, "../../docs/find-drift.md");

const DECLARED = {
  session: { lifespan: "24h" },
  selfservice: { methods: { totp: { enabled: true } } },
  courier: { smtp: { connection_uri: `smtp://shop:${CANARY}-old@mail.example:25/`, from_name: "Shop" } },
};
const LIVE = {
  session: { lifespan: "720h" },
  selfservice: { methods: { totp: { enabled: true } }, default_browser_return_url: "https://x.example/" },
  courier: {
    smtp: {
      connection_uri: `smtp://shop:${CANARY}-new@mail.example:25/`,
      from_name: "a\u001b[2J```\n# @all",
    },
  },
};

describe("drift of files", () => {
  let files: Awaited<ReturnType<typeof folderWith>>;
  beforeAll(async () => {
    files = await folderWith({ "declared.yml": stringify(DECLARED), "live.yml": stringify(LIVE) });
  });
  afterAll(() => files.remove());
  const drift = (...args: string[]) => pulumiOry(["drift", ...args], { cwd: files.dir });

  test("is told with what it does; what only runs is none", async () => {
    const { code, stdout, stderr } = await drift("declared.yml", "--live", "live.yml");
    expect(stdout).toBe(`live.yml: 3 declared settings differ, 1 of them weakening the protection of accounts
  Declared => live:
    /courier/smtp/connection_uri: "[secret]" => "[secret]"
    /courier/smtp/from_name: "Shop" => text of 2 lines
    /session/lifespan: "24h0m0s" => "720h0m0s" (weakening: a stolen session stays valid for longer)
`);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
  });

  test("is none where both mean the same", async () => {
    await writeFile(join(files.dir, "same.yml"), stringify({ ...LIVE, session: { lifespan: "1440m" } }));
    const { courier: _, ...declared } = DECLARED;
    await writeFile(join(files.dir, "part.yml"), stringify(declared));
    expect(await drift("part.yml", "--live", "same.yml")).toEqual({
      code: 0,
      stdout: "same.yml: no drift\n",
      stderr: "",
    });
  });

  test("is data and Markdown, too, which nothing in a config breaks out of", async () => {
    const json = await drift("declared.yml", "--live", "live.yml", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      drift: true,
      targets: [
        {
          subject: "live.yml",
          owned: [
            { path: "/courier/smtp/connection_uri", declared: "[secret]", live: "[secret]" },
            { path: "/courier/smtp/from_name", declared: "Shop", effect: "neutral" },
            { path: "/session/lifespan", declared: "24h0m0s", live: "720h0m0s", effect: "weakening" },
          ],
        },
      ],
    });
    const markdown = await drift("declared.yml", "--live", "live.yml", "--format", "markdown");
    expect(markdown.code).toBe(2);
    expect(markdown.stdout).toContain("## Drift of `live.yml`");
    expect(json.stdout + markdown.stdout).not.toContain(CANARY);
    expect(json.stdout + markdown.stdout).not.toContain("\u001b");
  });

  test("counts as told", async () => {
    expect((await drift("declared.yml", "--live", "live.yml", "--fail-on", "never")).code).toBe(0);
  });

  test.each([
    [["declared.yml"], "nothing to compare: name a stack with --stack, or the files"],
    [["declared.yml", "--stack", "prod"], "look either at a stack or at files"],
    [["network/shop", "--live", "live.yml"], "cannot take network/shop for what is declared"],
    [["declared.yml", "--live", "nope.yml"], "cannot read nope.yml: there is no such file"],
  ])("is not looked for in %j", async (args, reason) => {
    const { code, stdout, stderr } = await drift(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`error: ${reason}`);
  });
});

test("drift is where the plan sees a change, whichever side is looked from", () => {
  fc.assert(
    fc.property(documents, documents, (one, other) => {
      const paths = (from: unknown, to: unknown) =>
        changesBetween(leavesOf(from), leavesOf(to)).map(({ path }) => path);
      expect(paths(one, other)).toEqual(paths(other, one));
    }),
  );
});

test("no text of a config ends the code that it stands in", () => {
  const fences = fc.integer({ min: 1, max: 5 }).map((length) => "`".repeat(length));
  const hostile = fc.oneof(
    fences,
    fc.string({ unit: fc.constantFrom("`", "~", "\n", "#", " ", "a", "\u001b", "@", "<") }),
  );
  fc.assert(
    fc.property(hostile, fc.array(hostile, { minLength: 1 }), (subject, texts) => {
      const owned = texts.map((after) => ({ path: `/a/${after}`, after, effect: "neutral" as const }));
      const markdown = asMarkdown([
        { subject, revision: subject, owned, notCompared: [], missing: texts, notices: texts },
      ]);
      const found = new MarkdownIt({ html: true, linkify: true })
        .parse(markdown, {})
        .flatMap((token) => token.children ?? [token])
        .filter(({ type, content }) => !["code_inline", "fence"].includes(type) && content !== "")
        .map(({ type, content }) => `${type}: ${content.trim()}`);
      const declared =
        texts.length === 1 ? "1 declared setting differs" : `${texts.length} declared settings differ`;
      expect(found).toEqual([
        "text: Drift of",
        `text: ${declared}; what was handed over is not in force`,
        "text: Declared => live, which the next",
        "text: takes back",
        "text: Not shown by running servers",
        "text: Not looked at",
        "text: Revision:",
      ]);
    }),
  );
});

test("drift of a stack: declared and other settings apart, secrets compared and never shown", async () => {
  const network = await startFakeNetwork({ projects: [{ id: PROJECT, environment: "dev" }] });
  const project = await Project.create();
  try {
    const dir = join(project.dir, "kratos");
    await operatorFolder(dir);
    await project.program(`${networkShop("old")}
new ory.IdentityConfig("own", {
  target: { kratos: { name: "own", environment: "dev", dir: "kratos", adminUrls: ["http://127.0.0.1:1/"], binary: ${JSON.stringify(binary)} } },
  parts: [
    new ory.IdentitySchema("own", { default: true, traits: { email: ory.email({ identifies: ["password"] }) } }),
    new ory.SessionLifetime("session", { lifespan: "24h" }),
  ],
  raw: { courier: { smtp: { connection_uri: pulumi.secret("smtp://own:${CANARY}-own@mail.example:25/") } } },
});`);
    const env = {
      ...networkEnv(network),
      PULUMI_BACKEND_URL: `file://${join(project.dir, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
    };
    const up = await project.pulumi(["up", "--yes", "--skip-preview"], env);
    if (up.code !== 0) throw new Error(up.output);
    const drift = async (args: string[] = [], more: NodeJS.ProcessEnv = {}) => {
      const run = await pulumiOry(["drift", "--stack", "test", ...args], {
        cwd: project.dir,
        env: { ...env, ...more },
      });
      expect(run.stdout + run.stderr).not.toContain(CANARY);
      return run;
    };
    const none = await drift();
    expect(none.stdout).toMatch(
      /^network\/shop: no drift\n\nkratos\/own: no drift\n|own: no drift\n\n.*shop: no/,
    );
    expect(none.code).toBe(0);
    const calls = network.calls.length;

    const live = network.projects.get(PROJECT)!.project.services.identity!.config as Record<
      string,
      Record<string, object>
    >;
    Object.assign(live.session!, { lifespan: "720h" });
    Object.assign((live.selfservice!.methods as { passkey: object }).passkey, { enabled: true });
    const file = join(dir, "identity.yml");
    const identity = parse(await readFile(file, "utf8"));
    identity.courier.smtp.connection_uri = `smtp://own:${CANARY}-else@mail.example:25/`;
    identity.session.whoami = { required_aal: "aal1" };
    await writeFile(file, stringify(identity));

    const { code, stdout } = await drift(["--json"]);
    expect(network.calls.slice(calls).filter(({ path }) => path.startsWith("/projects/"))).toHaveLength(1);
    const { targets } = JSON.parse(stdout) as { targets: { subject: string }[] };
    expect(targets.find(({ subject }) => subject === "network/shop")).toMatchObject({
      drift: true,
      owned: [{ path: "/session/lifespan", declared: "1h30m0s", live: "720h0m0s", effect: "weakening" }],
      unmanaged: [{ path: "/selfservice/methods/passkey/enabled", live: true }],
    });
    const own = targets.find(({ subject }) => subject === "kratos/own");
    expect(own).toMatchObject({
      owned: [
        { path: "/courier/smtp/connection_uri", declared: "[secret]", live: "[secret]" },
        { path: "/session/whoami/required_aal", live: "aal1", effect: "weakening" },
      ],
      notCompared: [],
    });
    expect(code).toBe(2);

    const locked = await drift(["--format", "markdown"], { PULUMI_CONFIG_PASSPHRASE: undefined });
    expect(locked.code).toBe(2);
    expect(locked.stdout).toMatch(/### Not compared.*\n\n```text\n\/courier\/smtp\/connection_uri\n```/);
    expect(locked.stdout).toContain("passphrase must be set with PULUMI_CONFIG_PASSPHRASE");
    expect(locked.stdout).toContain('/session/lifespan: "1h30m0s" => "720h0m0s" (weakening: ');

    Object.assign(live.session!, { lifespan: "90m" });
    await writeFile(file, stringify({ ...identity, session: { lifespan: "24h" } }));
    const ownedOnly = await drift(["--fail-on", "owned"]);
    expect(ownedOnly.stdout).toContain("1 setting changed by others beside what is declared");

    await writeFile(join(project.dir, "declared.yml"), stringify(DECLARED));
    await writeFile(join(project.dir, "live.yml"), stringify(LIVE));
    const examples = (await readFile(PAGE, "utf8")).match(/^pulumi-ory .*/gm)!;
    expect(examples).toHaveLength(5);
    for (const example of examples) {
      const command = example
        .replace("prod", "test")
        .replace("pulumi-ory", `"${process.execPath}" ${COMMAND}`);
      const { code, output } = await project.start("sh", ["-c", command], env).done;
      expect(output).not.toMatch(/^error/m);
      expect([0, 2]).toContain(code);
    }
    expect(await readFile(join(project.dir, "drift.md"), "utf8")).toContain("## Drift of `network/shop`");
  } finally {
    await project.remove();
    await network.stop();
  }
});
