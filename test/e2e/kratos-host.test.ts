import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import which from "which";
import { type Host, startHost, withHost } from "../ssh/host";
import { Project } from "./project";

const PAGE = join(__dirname, "../../docs/run-kratos-on-another-host.md");

const plugins = spawnSync("pulumi", ["plugin", "ls", "--json"], { encoding: "utf8" });
const hasPlugin =
  which.sync("pulumi-resource-command", { nothrow: true }) !== null ||
  (plugins.status === 0 && /"name": "command"/.test(plugins.stdout));

function withPlugin(what: string): typeof describe {
  if (hasPlugin) return withHost(what);
  process.stderr.write(
    `skipped: ${what}, as the provider plugin of @pulumi/command is not installed (pulumi plugin install resource command)\n`,
  );
  return describe.skip;
}

withPlugin("KratosHost with the real engine")("KratosHost with the real engine and plugin", () => {
  let host: Host;
  let project: Project;
  const dir = () => join(host.folder, "etc-kratos");
  const program = (config: string, session = "aal1") =>
    project.program(`
import { readFileSync } from "node:fs";
const host = new ory.KratosHost("auth", {
  connection: { ...${JSON.stringify(host.connection)}, privateKey: pulumi.secret(readFileSync("${host.key}", "utf8")) },
  config: ${JSON.stringify(config)}, dir: "${dir()}", binary: "${host.binary}", serviceUser: "ory-kratos", migrate: true,
});
export const state = host.state;
new ory.IdentityConfig("shop", {
  target: { kratos: { name: "shop", environment: "dev", sshConfig: "${host.sshConfig}", ...host.target } },
  parts: [
    new ory.IdentitySchema("customer", { default: true, traits: { email: ory.email({ required: true, identifies: ["password"] }) } }),
    new ory.RequiredAal("aal", { session: "${session}", settings: "${session}" }),
  ],
}, { dependsOn: host });
`);

  beforeAll(async () => {
    host = await startHost();
    project = await Project.create();
  });
  afterAll(async () => {
    await project?.remove();
    await host?.stop();
  });

  it("says in a preview that the host comes first", async () => {
    await program(host.operator());
    const { code, output } = await project.pulumi(["preview"]);
    expect(code).not.toBe(0);
    expect(output).toContain("where KratosHost prepares that host, let it do so first");
  });

  it("refuses an operator's file that is no YAML, and shows nothing of it", async () => {
    await program("dsn: canary\nserve: [\n");
    const { code, output } = await project.pulumi(["preview"]);
    expect(code).not.toBe(0);
    expect(output).toContain('KratosHost "auth": cannot read config: it is not valid YAML: ');
    expect(output).not.toMatch(/canary|\bat .*\.[jt]s:\d/);
    await program(host.operator());
  });

  it("prepares the host, then the identity config starts the server there", async () => {
    const [, first, second] = /^(pulumi up --target .*)\n(pulumi up)$/m.exec(await readFile(PAGE, "utf8"))!;
    const up = (command: string) => project.start("sh", ["-c", `${command} --yes --non-interactive`]).done;
    const prepared = await up(first!);
    expect(prepared.output).toContain("waits for its first identity.yml");
    expect(prepared.code).toBe(0);
    const { code, output } = await up(second!);
    expect(output).toContain("not running: unproven");
    expect(code).toBe(0);
    expect(await readFile(join(dir(), "identity.yml"), "utf8")).toContain("customer");
  });

  it("has nothing to do the next time, and keeps the operator's file out of state and output", async () => {
    const { code, output } = await project.pulumi(["preview", "--expect-no-changes", "--diff"]);
    expect(code).toBe(0);
    for (const text of [output, await project.state()]) expect(text).not.toContain("canary");
  });

  it("starts the server again when the operator's file changes", async () => {
    await program(host.operator({ log: { level: "debug" } }));
    const { code, output } = await project.pulumi(["up", "--yes"]);
    expect(output).toContain('state: "waits for its first identity.yml" => "active"');
    expect(output).not.toContain("canary");
    expect(code).toBe(0);
  });

  it("proves what the identity config changes then", async () => {
    await program(host.operator({ log: { level: "debug" } }), "highest_available");
    const { code, output } = await project.pulumi(["up", "--yes"]);
    expect(output).not.toContain("unproven");
    expect(code).toBe(0);
  });

  it("stops the server when it is destroyed, and leaves the folder", async () => {
    const { code } = await project.pulumi(["destroy", "--yes"]);
    expect(code).toBe(0);
    expect(existsSync(host.etc("systemd/system/kratos.service"))).toBe(false);
    expect(existsSync(join(dir(), "identity.yml"))).toBe(true);
  });
});
