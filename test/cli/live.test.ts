import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { stringify } from "yaml";
import { reportedWithHidden } from "../../cli/hidden-secrets";
import { type Report, reported } from "../../cli/report";
import { type Document, inlineUri } from "../../infra/identity-config/model";
import { Project } from "../e2e/project";
import { startFakeNetwork } from "../fake-network";
import { kratosBinaries } from "../kratos/server";
import { folderWith, pulumiOry, startPulumiOry } from "./pulumi-ory";

const [binary] = kratosBinaries();
const bypass = {
  selfservice: {
    flows: { settings: { required_aal: "aal1" } },
    methods: { totp: { enabled: true } },
  },
};
const SCHEMA = { type: "object", properties: { traits: { type: "object", properties: {} } } };

test("what the files of a Kratos say is checked, overlaid, with the version of its executable", async () => {
  const { dir, remove } = await folderWith({
    "kratos.yml": stringify({
      identity: { default_schema_id: "nope", schemas: [{ id: "a", url: "file://a.json" }] },
      selfservice: { flows: { settings: { required_aal: "highest_available" } } },
    }),
    "identity.yml": stringify(bypass),
    "a.json": JSON.stringify(SCHEMA),
  });
  try {
    const { code, stdout, stderr } = await pulumiOry([
      "check",
      `kratos/shop?dir=${dir}&binary=${binary}&environment=stage`,
    ]);
    expect(stdout).toContain("settings-aal-bypass");
    expect(stdout).toContain("default-schema-exists");
    expect(stdout).toMatch(/^kratos\/shop: .* Kratos \d+\.\d+\.\d+, stage\)$/m);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
  } finally {
    await remove();
  }
});

test("a secret that Ory Network does not show is not taken for one that is missing", () => {
  const channel = (config: object) => ({
    id: "sms",
    type: "http",
    request_config: {
      url: "https://sms.shop.example/",
      method: "POST",
      body: inlineUri("function(ctx) { to: ctx.recipient, text: ctx.body }"),
      auth: { type: "api_key", config: { in: "header", name: "X-Api-Key", ...config } },
    },
  });
  const declared = {
    courier: { channels: [channel({ value: "canary" })], smtp: { connection_uri: "smtps://a:b@m:465" } },
  } as Document;
  const effective = { courier: { channels: [channel({})] } } as Document;
  const review = { declared, effective, target: "network", environment: "prod" } as const;
  const subject = { name: "network/shop", notices: [], files: [], review };
  const rulesIn = ({ findings }: Report) => findings.map(({ rule }) => rule);
  expect(rulesIn(reported(subject))).toEqual(expect.arrayContaining(["required-key", "net-own-smtp-prod"]));
  const { findings, notices } = reportedWithHidden(subject);
  expect(rulesIn({ findings } as Report)).not.toContain("required-key");
  expect(rulesIn({ findings } as Report)).not.toContain("net-own-smtp-prod");
  // Nothing is coming that would tell.
  expect(findings.filter(({ undecided }) => undecided)).toEqual([]);
  expect(notices).toEqual([
    "not looked into, as Ory Network does not show it: /courier/channels[id=sms]/request_config/auth/config/value, /courier/smtp/connection_uri",
  ]);
  const sender = { courier: { smtp: { from_address: "no-reply@shop.example" } } } as Document;
  const live = { ...subject, review: { ...review, declared: {}, effective: sender } };
  expect(rulesIn(reported(live))).toContain("net-own-smtp-prod");
  expect(rulesIn(reportedWithHidden(live))).not.toContain("net-own-smtp-prod");
});

test("what a project on Ory Network runs is read and checked", async () => {
  const network = await startFakeNetwork({ projects: [{ id: "shop" }] });
  try {
    const project = network.projects.get("shop")!.project;
    Object.assign(project.services.identity!.config as object, bypass);
    const env = { ORY_CONSOLE_URL: network.consoleUrl, ORY_WORKSPACE_API_KEY: network.workspaceKey };
    const { code, stdout, stderr } = await pulumiOry(["check", "network/shop"], { env });
    expect(stdout).toContain("settings-aal-bypass");
    expect(stdout).toMatch(/^network\/shop: .* Ory Network, \w+\)$/m);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    expect(new Set(network.calls.map(({ method }) => method))).toEqual(new Set(["GET"]));
    const refused = await pulumiOry(["check", "network/shop"], {
      env: { ...env, ORY_WORKSPACE_API_KEY: "" },
    });
    expect(refused.stderr).toMatch(/^error: .*ORY_WORKSPACE_API_KEY/);
    expect(refused.code).toBe(1);
  } finally {
    await network.stop();
  }
});

test.each([
  ["check", ["network/shop"]],
  ["drift", ["kratos.yml", "--live", "network/shop"]],
  ["review", ["--before", "network/shop", "--after", "kratos.yml", "--target", "network"]],
  ["import", ["network/shop", "--dry-run"]],
])("%s asks for a project once, and for each of its schemas", async (verb, args) => {
  const network = await startFakeNetwork({ projects: [{ id: "shop" }] });
  const { dir, remove } = await folderWith({ "kratos.yml": "session: { lifespan: 1h }\n" });
  try {
    const env = { ORY_CONSOLE_URL: network.consoleUrl, ORY_WORKSPACE_API_KEY: network.workspaceKey };
    const { stderr } = await pulumiOry([verb, ...args], { cwd: dir, env });
    expect(stderr).not.toContain("error");
    const calls = network.calls.map(({ method, path }) => `${method} ${path}`).sort();
    expect(calls).toEqual([expect.stringMatching(/^GET \/.*\.schema\.json$/), "GET /projects/shop"]);
  } finally {
    await Promise.all([network.stop(), remove()]);
  }
});

describe("a check that waits", () => {
  let silent: Server;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    silent = createServer(() => undefined);
    await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
    const { port } = silent.address() as AddressInfo;
    env = { ORY_CONSOLE_URL: `http://127.0.0.1:${port}`, ORY_WORKSPACE_API_KEY: "ory_wak_test" };
  });
  afterAll(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const asked = () => new Promise((connected) => silent.once("request", connected));

  test("for a server ends with Ctrl-C, without a word", async () => {
    const request = asked();
    const { child, done } = startPulumiOry(["check", "network/shop"], { env });
    await request;
    child.kill("SIGINT");
    expect(await done).toEqual({ code: 130, stdout: "", stderr: "" });
  });

  test("for standard input ends with Ctrl-C, too", async () => {
    const { child, done } = startPulumiOry(["check", "-"], { stdin: null });
    // The first half of a file: whoever takes it is waiting for the other one.
    await new Promise((taken) => child.stdin.write(`# ${"x".repeat(1_000_000)}`, taken));
    child.kill("SIGINT");
    expect(await done).toEqual({ code: 130, stdout: "", stderr: "" });
  });
});

test("what the targets of a stack run is checked, edits since the last update included", async () => {
  const project = await Project.create();
  try {
    const dir = join(project.dir, "kratos");
    await mkdir(dir);
    const operator = { selfservice: { default_browser_return_url: "https://shop.example/" } };
    await writeFile(join(dir, "kratos.yml"), stringify(operator));
    const env = {
      PULUMI_BACKEND_URL: `file://${join(project.dir, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "",
    };
    const check = (stack: string, cwd = project.dir) => pulumiOry(["check", "--stack", stack], { cwd, env });
    expect((await check("test")).stderr).toBe(
      "error: the stack test has no identity config: nothing was applied yet, or all of it was destroyed\n",
    );
    await project.program(`new ory.IdentityConfig("shop", {
      target: { kratos: { name: "shop", dir: "kratos", adminUrls: ["http://127.0.0.1:1/"], binary: ${JSON.stringify(binary)} } },
      parts: [
        new ory.IdentitySchema("customer", { default: true, traits: { email: ory.email({ identifies: ["password"] }) } }),
      ],
    });`);
    const up = await project.pulumi(["up", "--yes", "--skip-preview"]);
    if (up.code !== 0) throw new Error(up.output);
    expect((await check("test")).stdout).toContain("kratos/shop: ");
    await writeFile(join(dir, "kratos.yml"), stringify(bypass));
    await mkdir(join(project.dir, "below"));
    const { code, stdout } = await check("test", join(project.dir, "below"));
    expect(stdout).toContain("settings-aal-bypass");
    expect(code).toBe(2);
    expect((await check("nope")).stderr).toMatch(/^error: cannot read the stack nope: .*nope/);
    expect((await check("test", "/")).stderr).toMatch(/^error: there is no Pulumi\.yaml here, nor above: /);
  } finally {
    await project.remove();
  }
});
