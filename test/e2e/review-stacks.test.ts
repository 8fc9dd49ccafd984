import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { pulumiOry } from "../cli/pulumi-ory";
import { type FakeNetwork, startFakeNetwork } from "../fake-network";
import { kratosBinaries } from "../kratos/server";
import { CANARY } from "../network/scene";
import { networkEnv } from "./network-shop";
import { Project } from "./project";

const [binary] = kratosBinaries();

/** Two configs, one of each kind of target; by stack they differ in a lifespan and in two secrets of three. */
const PROGRAM = `
const stack = pulumi.getStack();
const parts = (name: string) => [
  new ory.IdentitySchema(name, { default: true, traits: { email: ory.email({ identifies: ["password"] }) } }),
  new ory.SessionLifetime(name, { lifespan: stack === "test" ? "24h" : "12h" }),
  new ory.EmailDelivery(name, { smtp: {
    connectionUri: pulumi.secret(\`smtps://shop:${CANARY}-\${stack}@mail.example:465/\`),
    headers: { "X-Team": pulumi.secret(\`${CANARY}-team-\${stack}\`) },
  } }),
  new ory.CourierChannel("sms-" + name, {
    id: "sms", url: "https://sms.example/",
    body: new ory.Asset("sms-" + name, "function(ctx) { to: ctx.recipient, text: ctx.body }"),
    auth: { header: "X-Api-Key", value: pulumi.secret("${CANARY}-same") },
  }),
];
new ory.IdentityConfig("own", {
  target: { kratos: {
    name: "own-" + stack, environment: "dev", dir: stack, adminUrls: ["http://127.0.0.1:1/"], binary: ${JSON.stringify(binary)},
  } },
  parts: parts("own"),
});
new ory.IdentityConfig("cloud", {
  target: { network: { project: stack, environment: "dev" } },
  parts: parts("cloud"),
});`;

const SMTP = "/courier/smtp";
const SECRETS = [`${SMTP}/connection_uri`, `${SMTP}/headers/X-Team`];
/** Named after the project by Ory Network, and no keys of an environment. */
const SLUGS = [
  "/selfservice/methods/passkey/config/rp/display_name",
  "/selfservice/methods/totp/config/issuer",
  "/selfservice/methods/webauthn/config/rp/display_name",
  "/session/cookie/name",
];
const APART = "not compared, as these belong to an environment and neither program declares them:";

interface Plan {
  name: string;
  revision: string;
  changes: { path: string; before?: unknown; after?: unknown; isDrift: boolean }[];
  drift: { path: string }[];
  unmanaged: string[];
  notices: string[];
}

let network: FakeNetwork;
let project: Project;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  network = await startFakeNetwork({
    projects: ["test", "staging"].map((id) => ({ id, environment: "dev" as const })),
  });
  project = await Project.create();
  env = {
    ...networkEnv(network),
    PULUMI_BACKEND_URL: `file://${join(project.dir, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
  };
  await project.program(PROGRAM);
  await project.pulumi(["stack", "init", "staging"]);
  for (const stack of ["test", "staging"]) {
    await mkdir(join(project.dir, stack));
    await writeFile(
      join(project.dir, stack, "kratos.yml"),
      stringify({
        dsn: `sqlite:///${CANARY}-${stack}.sqlite`,
        selfservice: { default_browser_return_url: "https://shop.example/" },
      }),
    );
    const up = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", stack], env);
    if (up.code !== 0) throw new Error(up.output);
  }
});
afterAll(async () => {
  await project?.remove();
  await network?.stop();
});

async function review(args: string[], more: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await pulumiOry(["review", ...args], {
    cwd: project.dir,
    env: { ...env, ...more },
  });
  expect(stdout + stderr).not.toContain(CANARY);
  expect(stderr).toBe("");
  return { code, stdout };
}

async function plans(args: string[], more?: NodeJS.ProcessEnv) {
  const { code, stdout } = await review([...args, "--json"], more);
  const all = JSON.parse(stdout).plans as Plan[];
  const of = (kind: string) => all.find(({ name }) => name.startsWith(kind))!;
  return { code, own: of("kratos/"), cloud: of("network/") };
}

const BOTH = ["--before-stack", "test", "--after-stack", "staging"];
const paths = ({ changes }: Plan) => changes.map(({ path }) => path).sort();

test("two stacks are compared by what they run, secrets by their texts, which nobody sees", async () => {
  const { code, own, cloud } = await plans(BOTH);
  expect(code).toBe(2);
  for (const plan of [own, cloud]) {
    const slugs = plan === cloud ? SLUGS : [];
    expect(paths(plan)).toEqual([...SECRETS, ...slugs, "/session/lifespan"].sort());
    expect(plan.changes).toContainEqual(
      expect.objectContaining({ path: "/session/lifespan", before: "24h0m0s", after: "12h0m0s" }),
    );
    for (const path of SECRETS)
      expect(plan.changes).toContainEqual(
        expect.objectContaining({ path, before: "[secret]", after: "[secret]" }),
      );
  }
  expect(own.notices).toEqual([`${APART} /dsn`]);
  expect(cloud.notices).toEqual([
    expect.stringMatching(new RegExp(`^${APART} /cookies/domain, .*/config/rp/id, .*`)),
  ]);
  expect(cloud.revision).toBe(network.projects.get("test")!.project.revision_id);
  const { stdout } = await review(BOTH);
  expect(stdout.match(/X-Team`, \*\*\w+( \w+)?\*\*\n\n_a secret changes_\n/g)).toHaveLength(2);
  expect(await review(["--before-stack", "test", "--after-stack", "test"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Nothing changes"),
  });
});

test("secrets that cannot be decrypted are compared where files have them, else told", async () => {
  const { own, cloud } = await plans(BOTH, { PULUMI_CONFIG_PASSPHRASE: undefined });
  expect(paths(own)).toEqual([SECRETS[0], "/session/lifespan"]);
  expect(own.notices.join("\n")).toMatch(
    /secrets of the stack cannot be decrypted \(.*PULUMI_CONFIG_PASSPHRASE.*\)\n.*\nnot compared, as they are hidden: \/courier\/smtp\/headers\/X-Team$/s,
  );
  expect(paths(cloud)).toEqual([...SLUGS, "/session/lifespan"].sort());
  expect(cloud.notices.at(-1)).toBe(
    `not compared, as they are hidden: /courier/channels[id=sms]/request_config/auth/config/value, ${SECRETS.join(", ")}`,
  );
});

test("a stack of two configs is not compared with a file of one", async () => {
  const file = join(project.dir, "test/identity.yml");
  const told = await pulumiOry(["review", "--before-stack", "test", "--after", file], {
    cwd: project.dir,
    env,
  });
  expect(told.stderr).toContain("there are 2 identity configs before, and 1 after");
});

test("a stack and what is live: what was edited there comes back, secrets among it", async () => {
  const none = await review(["--stack", "test"]);
  expect(none).toEqual({ code: 0, stdout: expect.stringContaining("Nothing changes") });

  const file = join(project.dir, "test/identity.yml");
  const identity = parse(await readFile(file, "utf8"));
  identity.courier.smtp.connection_uri = `smtps://shop:${CANARY}-else@mail.example:465/`;
  identity.courier.smtp.headers = { "X-Team": `${CANARY}-team-else` };
  await writeFile(file, stringify({ ...identity, session: { lifespan: "720h" } }));
  const live = network.projects.get("test")!.project.services.identity!.config as Record<
    string,
    Record<string, object>
  >;
  Object.assign(live.session!, { lifespan: "720h" });
  Object.assign((live.selfservice!.methods as { passkey: object }).passkey, { enabled: true });

  const { code, own, cloud } = await plans(["--stack", "test"]);
  expect(code).toBe(2);
  expect(paths(own)).toEqual([...SECRETS, "/session/lifespan"]);
  expect(own.changes).toContainEqual(
    expect.objectContaining({ path: SECRETS[0], before: "[secret]", after: "[secret]", isDrift: true }),
  );
  expect(own.drift).toContainEqual(
    expect.objectContaining({ path: "/session/lifespan", before: "24h0m0s", after: "720h0m0s" }),
  );
  expect(cloud.changes).toEqual([
    expect.objectContaining({ path: "/session/lifespan", before: "720h0m0s", after: "24h0m0s" }),
  ]);
  expect(cloud.unmanaged).toEqual(["/selfservice/methods/passkey/enabled: now true"]);
  const { stdout } = await review(["--stack", "test"]);
  expect(stdout).toContain("Changed in the target since the last update");
  // The preview compares the same way: what was put where the program has a secret is nobody's to see.
  const preview = await project.pulumi(["preview", "--stack", "test"], env);
  expect(preview.output).toContain("/courier/smtp/headers/X-Team");
  expect(preview.output).not.toContain(CANARY);

  const locked = await plans(["--stack", "test"], { PULUMI_CONFIG_PASSPHRASE: undefined });
  expect(paths(locked.own)).toEqual(["/session/lifespan"]);
  expect(locked.own.notices.join("\n")).toMatch(
    /^not compared, as secrets of the stack cannot be decrypted \(.*\): .*X-Team$/s,
  );
});
