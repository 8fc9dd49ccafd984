import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Document, inlineUri } from "../../infra/identity-config/model";
import type { Verification } from "../../infra/journeys/verify";
import { type LocalKratos, startLocalKratos } from "../../local/kratos";
import { type Outbox, startOutbox } from "../../local/outbox";
import { deploy, secondFactorConfig } from "../journeys/second-factor-config";
import { overlaid, schemaUrl } from "../kratos/config";
import { kratosBinaries } from "../kratos/server";
import { pulumiOry, startPulumiOry } from "./pulumi-ory";

const PAGE = join(__dirname, "../../docs/verify-sign-in.md");

const trait = (format: string, extension: Document): Document => ({
  type: "string",
  format,
  "ory.sh/kratos": extension,
});
const TRAITS = {
  email: trait("email", {
    credentials: {
      password: { identifier: true },
      code: { identifier: true, via: "email" },
      totp: { account_name: true },
    },
    verification: { via: "email" },
    recovery: { via: "email" },
  }),
  phone: trait("tel", {
    credentials: { code: { identifier: true, via: "sms" } },
    verification: { via: "sms" },
  }),
};
const METHODS = { totp: { enabled: true }, lookup_secret: { enabled: true } };

describe.each(kratosBinaries())("journeys verified on %s", (binary) => {
  let folder: string;
  let kratos: LocalKratos;
  let outbox: Outbox;
  let deployed = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "verify-"));
    outbox = await startOutbox();
    kratos = await startLocalKratos({ binary, folder, publicPort: 0, adminPort: 0 });
  });
  afterAll(async () => {
    await Promise.all([kratos?.stop(), outbox?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => expect(await identities()).toEqual([]));

  const identities = async () =>
    ((await (await fetch(`${kratos.adminUrl}/admin/identities`)).json()) as { id: string }[]).map(
      ({ id }) => id,
    );
  const target = (more = "&environment=dev") => `kratos/shop?dir=${folder}&binary=${binary}${more}`;

  /** Puts a config into force, `changes` laid over codes as second factor, TOTP and lookup codes, and recovery. */
  async function use(changes: Document, outboxUrl = outbox.url, others: Document[] = []): Promise<void> {
    const id = `customer-${++deployed}`;
    const base = secondFactorConfig({ outboxUrl, traits: TRAITS });
    const schemas = (base.identity as { schemas: Document[] }).schemas.map((one) => ({ ...one, id }));
    const more = {
      identity: { default_schema_id: id, schemas: [...schemas, ...others] },
      selfservice: { methods: METHODS, flows: { recovery: { enabled: true, use: "code" } } },
    };
    deploy(kratos.identityFile, overlaid(overlaid(base, more), changes));
    const deadline = Date.now() + 5_000;
    while (!(await (await fetch(`${kratos.publicUrl}/schemas`)).text()).includes(`"${id}"`)) {
      if (Date.now() > deadline) throw new Error(`kratos did not load ${id} in 5 s`);
      await delay(50);
    }
  }

  async function verify(...args: string[]) {
    const { code, stdout, stderr } = await pulumiOry(["verify", target(), "--json", ...args]);
    if (stdout === "") throw new Error(stderr);
    const [found] = (JSON.parse(stdout) as { targets: Verification[] }).targets;
    return {
      code,
      paths: found!.paths.map(({ journey, by, outcome, walked }) => ({ journey, by, outcome, walked })),
    };
  }

  test("every way with a second factor, and recovery", async () => {
    await use({});
    const { code, paths } = await verify();
    expect(paths.filter(({ outcome }) => outcome !== "walked")).toEqual([]);
    const signIns = [
      "password → code by e-mail",
      "password → code by SMS",
      "password → TOTP code",
      "password → lookup code",
    ];
    const by = paths.filter(({ journey }) => journey === "sign-in").map((path) => path.by);
    expect([...new Set(by)].sort()).toEqual([...signIns].sort());
    // Of everybody, also of those with a second factor of their own.
    expect(paths.filter(({ journey }) => journey === "recovery")).toHaveLength(3);
    expect(code).toBe(0);
  });

  test("codes as first factor, recovery that opens the settings; what is off or needs a browser is left out", async () => {
    await use({
      session: { whoami: { required_aal: "aal1" } },
      selfservice: {
        methods: {
          code: { mfa_enabled: false, passwordless_enabled: true },
          lookup_secret: { enabled: false },
        },
        flows: { settings: { required_aal: "aal1" } },
      },
    });
    const { code, paths } = await verify();
    const ways = [
      "sign-in: password: reaches aal1",
      "sign-in: code by e-mail: reaches aal1",
      "sign-in: code by SMS: reaches aal1",
      "recovery: recovery by e-mail: reaches aal1",
    ];
    // Without TOTP, and with it.
    expect(paths.map(({ journey, by, walked }) => `${journey}: ${by}: ${walked}`)).toEqual([
      ...ways,
      ...ways,
    ]);
    expect(code).toBe(0);
    await use({
      selfservice: {
        methods: { code: { mfa_enabled: false }, ...METHODS },
        flows: { recovery: { enabled: false } },
      },
    });
    const off = await verify();
    expect(off.paths).toContainEqual(
      expect.objectContaining({ journey: "recovery", outcome: "left-out", walked: "there is none" }),
    );
    expect(off.code).toBe(0);
  });

  test("other identity schemas; what needs a browser, and those whom nobody can play, are left out with the reason", async () => {
    const traits = (properties: Document, required: string[] = []) =>
      inlineUri(JSON.stringify({ properties: { traits: { type: "object", properties, required } } }));
    const rp = { id: "localhost", display_name: "Shop" };
    const methods = {
      totp: { enabled: false },
      lookup_secret: { enabled: false },
      webauthn: { enabled: true, config: { rp } },
      passkey: { enabled: true, config: { rp } },
      oidc: { enabled: true, config: { providers: [] } },
    };
    const plate = { plate: { type: "string", pattern: "^[A-Z]{3}-\\d+$" } };
    await use({ selfservice: { methods } }, outbox.url, [
      { id: "staff", url: schemaUrl({ email: TRAITS.email }) },
      { id: "machine", url: traits({ name: { type: "string" } }) },
      { id: "licensed", url: traits({ email: TRAITS.email, ...plate }, ["plate"]) },
    ]);
    const { code, stdout } = await pulumiOry(["verify", target()]);
    expect(stdout).not.toContain("fail");
    expect(stdout).toContain("  ok    sign-in, of identity schema staff: password → code by e-mail");
    expect(stdout).toMatch(
      /^ {2}ok {4}recovery, of identity schema staff: recovery by e-mail → .* → settings open \(aal2\)$/m,
    );
    const leftOut = stdout.split("\n").filter((line) => line.startsWith("  —"));
    expect(leftOut).toEqual([
      expect.stringMatching(/machine: .*has no trait with credentials\.password .*nobody could sign in/),
      expect.stringMatching(/licensed: .*400.*needs an example in its schema/),
      "  —     sign-in, of another provider: social sign-in (it needs a browser)",
      "  —     sign-in, with a passkey: passkey (it needs a browser)",
      "  —     sign-in, with a security key: security key (it needs a browser)",
    ]);
    expect(code).toBe(0);
  });

  test("a journey that ends otherwise than the config says is told with both", async () => {
    await use(
      {
        selfservice: {
          methods: { totp: { enabled: false }, lookup_secret: { enabled: false } },
          flows: { recovery: { enabled: false } },
        },
      },
      `${outbox.url}/nowhere`,
    );
    const { code, stdout } = await pulumiOry(["verify", target()]);
    expect(stdout).toMatch(
      /fail {2}sign-in, with a password and addresses: password → code by e-mail\n +should be: signed in \(aal2\)\n +was: +the message to .* was not delivered: .*404/,
    );
    expect(code).toBe(2);
  });

  test("a server that runs another config than its files say lets people in otherwise", async () => {
    const off = { methods: { code: { mfa_enabled: false } }, flows: { recovery: { enabled: false } } };
    await use({ selfservice: off });
    const stale = await mkdtemp(join(tmpdir(), "verify-"));
    try {
      await cp(join(folder, "kratos.yml"), join(stale, "kratos.yml"));
      const told = JSON.parse(await readFile(kratos.identityFile, "utf8"));
      told.selfservice.methods = { code: { mfa_enabled: true } };
      await writeFile(join(stale, "identity.yml"), JSON.stringify(told));
      const { code, stdout } = await pulumiOry(["verify", target().replace(folder, stale)]);
      expect(stdout).toMatch(
        /password → code by SMS\n +should be: signed in \(aal2\)\n +was: +reaches aal1\n/,
      );
      expect(code).toBe(2);
    } finally {
      await rm(stale, { recursive: true, force: true });
    }
  });

  test("a second factor that cannot be sent fails although the config says so", async () => {
    await use({
      courier: { channels: [] },
      selfservice: { methods: { totp: { enabled: false }, lookup_secret: { enabled: false } } },
    });
    const { code, paths } = await verify();
    const bySms = paths.find(({ by }) => by === "password → code by SMS");
    expect(bySms).toMatchObject({ outcome: "failed", walked: expect.stringContaining("sms") });
    expect(code).toBe(2);
  });

  test("Ctrl-C leaves no identity behind", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    try {
      await use({}, `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
      const { child, done } = startPulumiOry(["verify", target()]);
      while ((await identities()).length === 0 && child.exitCode === null) await delay(50);
      child.kill("SIGINT");
      expect((await done).code).toBe(130);
    } finally {
      silent.close();
    }
  });

  test("prod is refused before anything is made, unless told; a target that is none is named", async () => {
    await use({});
    const { code, stdout, stderr } = await pulumiOry(["verify", target("")]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^error: kratos\/shop is for prod, or does not say what it is for: .*--allow-prod/,
    );
    expect((await pulumiOry(["verify", "shop"])).stderr).toMatch(/^error: shop is no target; write /);
    expect((await pulumiOry(["verify"])).stderr).toMatch(/^error: name a stack with --stack, or a target/);
  });

  test("an identity that cannot be removed is told", async () => {
    await use({ selfservice: { methods: { totp: { enabled: false }, lookup_secret: { enabled: false } } } });
    // Hands all on to the Admin API but removals.
    const keeping = createHttpServer(async (request, response) => {
      const refused = request.method === "DELETE";
      const body = Buffer.concat(await request.toArray());
      const reply = await fetch(kratos.adminUrl + request.url, {
        method: refused ? "GET" : request.method!,
        headers: { "content-type": "application/json" },
        ...(body.length > 0 && { body }),
      });
      response.writeHead(refused ? 500 : reply.status, { "content-type": "application/json" });
      response.end(await reply.text());
    }).listen(0, "127.0.0.1");
    await once(keeping, "listening");
    try {
      const adminUrl = `http://127.0.0.1:${(keeping.address() as AddressInfo).port}`;
      const { code, stdout, stderr } = await pulumiOry([
        "verify",
        target(`&environment=dev&adminUrl=${adminUrl}`),
      ]);
      const [left] = await identities();
      expect(stderr).toMatch(
        new RegExp(`^error: could not remove the throw-away identities ${left}; the next run does`),
      );
      expect(stdout).not.toContain("fail");
      expect(code).toBe(1);
      await fetch(`${kratos.adminUrl}/admin/identities/${left}`, { method: "DELETE" });
    } finally {
      keeping.close();
    }
  });

  test("the examples of its page", async () => {
    await use({ selfservice: { methods: { totp: { enabled: false }, lookup_secret: { enabled: false } } } });
    const examples = (await readFile(PAGE, "utf8")).match(/^pulumi-ory verify 'kratos.*/gm)!;
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) {
      const args = [...example.matchAll(/'([^']*)'|(\S+)/g)]
        .map(([, quoted, word]) => quoted ?? word!)
        .slice(1);
      const here = args.map((one) =>
        one.replace("/etc/kratos", `${folder}&binary=${binary}`).replace("http://127.0.0.1:8025", outbox.url),
      );
      expect(await pulumiOry(here)).toMatchObject({ code: 0, stderr: "" });
    }
  });
});
