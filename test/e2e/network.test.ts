import { packageSchema } from "../../infra/provider/schema";
import { type FakeNetwork, startFakeNetwork } from "../fake-network";
import { CANARY, PROJECT, SCHEMA } from "../network/scene";
import { Project } from "./project";

const methods = (code: object) => ({ code: { enabled: true, ...code } });
const FIFTY = Object.fromEntries(
  ["login", "registration", "settings", "recovery", "verification", "error"].map((flow) => [
    flow,
    { ui_url: `https://shop.example/${flow}` },
  ]),
);

describe("a stack on Ory Network", () => {
  let network: FakeNetwork;
  let project: Project;
  beforeEach(async () => {
    network = await startFakeNetwork({ projects: [{ id: PROJECT }] });
    project = await Project.create();
  });
  afterEach(async () => {
    await project?.remove();
    await network?.stop();
  });

  const program = (selfservice: object, more = "") =>
    project.program(
      `export = { shop: new ory.IdentityConfig("shop", ${JSON.stringify({
        target: { network: { project: PROJECT, environment: "dev" } },
        raw: {
          selfservice,
          courier: { smtp: { connection_uri: "secret:smtp-uri" } },
          identity: {
            default_schema_id: "customer",
            schemas: [{ id: "customer", url: `base64://${Buffer.from(SCHEMA).toString("base64")}` }],
          },
        },
      }).slice(
        0,
        -1,
      )}, secrets: { "smtp-uri": pulumi.secret("smtps://user:${CANARY}@mail.example:465/") } }).id };\n${more}`,
    );
  const run = async (args: string[], env: NodeJS.ProcessEnv = {}) => {
    network.calls.length = 0;
    const { code, output } = await project.pulumi(args, {
      ORY_CONSOLE_URL: network.consoleUrl,
      ORY_WORKSPACE_API_KEY: network.workspaceKey,
      ...env,
    });
    const calls = network.calls.filter(({ api }) => api === "console").map(({ method }) => method);
    expect(output).not.toContain(CANARY);
    expect(output).not.toContain(network.workspaceKey);
    return { code, output, calls };
  };
  const live = () =>
    network.projects.get(PROJECT)!.project.services.identity!.config as Record<string, never>;

  it("reads once in a phase and writes once, whatever changes", async () => {
    await program({ methods: methods({ mfa_enabled: true }) });
    expect(await run(["preview"])).toMatchObject({ code: 0, calls: ["GET"] });
    expect(await run(["up", "--yes"])).toMatchObject({ code: 0, calls: ["GET", "GET", "PATCH"] });
    expect(await run(["preview", "--expect-no-changes"])).toMatchObject({ code: 0, calls: ["GET"] });
    expect(await run(["up", "--yes", "--expect-no-changes"])).toMatchObject({
      code: 0,
      calls: ["GET", "GET"],
    });
    await program({ methods: methods({ mfa_enabled: false }) });
    expect(await run(["up", "--yes"])).toMatchObject({ code: 0, calls: ["GET", "GET", "PATCH"] });
    await program({ methods: methods({ mfa_enabled: true }), flows: FIFTY });
    const many = await run(["up", "--yes"]);
    expect(many).toMatchObject({ code: 0, calls: ["GET", "GET", "PATCH"] });
    expect(many.output).toContain("/selfservice/methods/code/mfa_enabled: false => true");
    expect(await run(["refresh", "--yes", "--expect-no-changes"])).toMatchObject({ code: 0 });
    const state = await project.state();
    expect(state).not.toContain(CANARY);
    expect(state).not.toContain(network.workspaceKey);
  });

  it("shows drift, and refuses passwordless codes of the Console beside declared MFA, but not the repair", async () => {
    await program({ methods: methods({ mfa_enabled: true }) });
    expect(await run(["up", "--yes"])).toMatchObject({ code: 0 });
    await network.writeAsOther(PROJECT, [
      {
        op: "add",
        path: "/services/identity/config/selfservice/methods/code/passwordless_enabled",
        value: true,
      },
    ]);
    const refused = await run(["preview"]);
    expect(refused).toMatchObject({ code: 1, calls: ["GET"] });
    expect(refused.output).toMatch(
      /code-mfa-xor-passwordless: .*this program declares \/selfservice\/methods\/code\/mfa_enabled; it does not declare \/selfservice\/methods\/code\/passwordless_enabled, which the target has/,
    );
    expect(await run(["refresh", "--yes"])).toMatchObject({ code: 0 });
    await program({ methods: methods({ mfa_enabled: true, passwordless_enabled: false }) });
    expect(await run(["up", "--yes"])).toMatchObject({ code: 0, calls: ["GET", "GET", "PATCH"] });
    await program({ methods: methods({ mfa_enabled: false, passwordless_enabled: true }) });
    expect(await run(["up", "--yes"])).toMatchObject({ code: 0, calls: ["GET", "GET", "PATCH"] });
    await program({ methods: methods({ mfa_enabled: true, passwordless_enabled: false }) });
    expect(await run(["up", "--yes"])).toMatchObject({ code: 0, calls: ["GET", "GET", "PATCH"] });
    await network.writeAsOther(PROJECT, [
      {
        op: "add",
        path: "/services/identity/config/selfservice/methods/code/passwordless_enabled",
        value: true,
      },
    ]);
    expect(await run(["destroy", "--yes"])).toMatchObject({ code: 0 });
    expect(live()).toMatchObject({ selfservice: { methods: { code: { passwordless_enabled: true } } } });
  });

  it("survives a rotated key, which the stack's configuration holds", async () => {
    await program({ methods: methods({ mfa_enabled: true }) });
    const key = network.workspaceKey;
    const set = (value: string) =>
      project.pulumi(["config", "set", "--secret", "ory:workspaceApiKey", value]);
    await set(key);
    const without = { ORY_WORKSPACE_API_KEY: "" };
    expect(await run(["up", "--yes"], without)).toMatchObject({ code: 0 });
    expect(await project.state()).not.toContain(key);
    network.rotateKeys();
    const refused = await run(["preview"], without);
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(
      /cannot read project shop: 401 .*set ORY_WORKSPACE_API_KEY to a workspace API key/s,
    );
    await set(network.workspaceKey);
    expect(await run(["preview", "--expect-no-changes"], without)).toMatchObject({ code: 0 });
    expect(await run(["up", "--yes"], without)).toMatchObject({ code: 0 });
  });

  it.each([
    [
      "a project key",
      { ORY_WORKSPACE_API_KEY: "ory_pat_abc" },
      /ORY_WORKSPACE_API_KEY holds a project API key \(ory_pat_…\).*create a workspace API key/,
    ],
    ["no key", { ORY_WORKSPACE_API_KEY: "" }, /no key for Ory Network: create a workspace API key/],
  ])("refuses %s before any call", async (_what, env, told) => {
    await program({ methods: methods({}) });
    const { code, output, calls } = await run(["preview"], env);
    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(output).toMatch(told);
  });

  it("stays within its allowed projects and in the declared environment", async () => {
    await program({ methods: methods({}) });
    await project.pulumi(["config", "set", "--path", "ory:allowedProjectIds[0]", "another"]);
    const foreign = await run(["preview"]);
    expect(foreign).toMatchObject({ code: 1, calls: [] });
    expect(foreign.output).toContain("project shop is not among ory:allowedProjectIds (another)");
    await project.pulumi(["config", "set", "--path", "ory:allowedProjectIds[1]", PROJECT]);
    expect(await run(["preview"])).toMatchObject({ code: 0 });
    network.projects.get(PROJECT)!.project.environment = "prod";
    const wrong = await run(["preview"]);
    expect(wrong.code).toBe(1);
    expect(wrong.output).toMatch(
      /project shop .* is a prod project, but target.network.environment says dev/,
    );
  });

  it("is imported without owning anything, and previews without a change", async () => {
    const before = structuredClone(live());
    await project.program("");
    const id = `network/${PROJECT}`;
    const args = ["import", "ory:index:IdentityConfig", "shop", id, "--yes", "--generate-code=false"];
    expect(await run(args)).toMatchObject({ code: 0 });
    const { inputs } = JSON.parse(await project.state()).checkpoint.latest.resources.find(
      ({ type }: { type: string }) => type === "ory:index:IdentityConfig",
    );
    expect(inputs).toMatchObject({
      owned: [],
      target: { network: { project: PROJECT, environment: "dev" } },
    });
    // What codegen/nodejs makes of a resource: its class, with the inputs that the package schema knows.
    const known = Object.keys(packageSchema().resources["ory:index:IdentityConfig"].inputProperties);
    const body = Object.fromEntries(known.map((name) => [name, inputs[name]]));
    await project.program(`new ory.IdentityConfig("shop", ${JSON.stringify(body)}, { protect: true });`);
    expect(await run(["preview", "--expect-no-changes"])).toMatchObject({ code: 0 });
    const subset = { target: body.target, raw: { selfservice: { methods: { totp: { enabled: true } } } } };
    await project.program(`new ory.IdentityConfig("shop", ${JSON.stringify(subset)});`);
    const { output } = await run(["up", "--yes"]);
    const lines = output.match(/^\s*\/\S+: .*=>.*$/gm)?.map((line) => line.trim());
    expect([...new Set(lines)]).toEqual([
      "/selfservice/methods/totp/enabled: false => true (hardening: accounts can be protected by an authenticator app)",
    ]);
    expect(live()).toMatchObject({ ...before, selfservice: expect.anything() });
  });
});
