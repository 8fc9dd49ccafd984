import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { END } from "../../infra/components/kratos-host-scripts";
import { KratosHost } from "../../infra/index";
import { KratosTarget } from "../../infra/targets/kratos/kratos-target";
import { MockEngine, secretly } from "../components/engine";
import { waitFor } from "../kratos/wait";
import { applied, customer } from "../targets/planned";
import { type Host, startHost, withHost } from "./host";

/** What a step of KratosHost is sent with to the plugin, which runs it as a command over SSH. */
interface Step {
  create: string;
  delete?: string;
  stdin?: string;
}

withHost("what KratosHost has a host do")("what KratosHost has a host do, over SSH", () => {
  let host: Host;
  let steps: Record<string, Step>;
  let kratosHost: KratosHost;
  let dir: string;

  /** As the plugin does: a command of the login shell, with standard input. */
  const run = (command: string, input = "") => {
    const { user, host: name, port } = host.connection;
    const options = [
      "-F",
      host.sshConfig,
      "-o",
      "StrictHostKeyChecking=no",
      "-o",
      "UserKnownHostsFile=/dev/null",
    ];
    const args = [...options, "-o", "LogLevel=ERROR", "-p", String(port), `${user}@${name}`, command];
    return spawnSync("ssh", args, { input, encoding: "utf8" });
  };
  const take = (name: string): string => {
    const { create, stdin } = steps[name]!;
    const { status, stdout, stderr } = run(create, stdin);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return stdout.trim();
  };
  const target = () =>
    new KratosTarget({ name: "shop", ...kratosHost.target, sshConfig: host.sshConfig }, "/");
  const courier = () => readFile(join(host.folder, "state/kratos-courier.service.pid"), "utf8");
  /** What the step `config` is sent with for an operator's file. */
  const configured = (text: string) => run(steps.config!.create, `${text}${END}\n`);
  const isActive = (unit: string) => run(`systemctl is-active ${unit}`).stdout.trim();

  beforeAll(async () => {
    host = await startHost();
    dir = join(host.folder, "etc-kratos");
    const engine = new MockEngine();
    await engine.start();
    const { connection } = host;
    kratosHost = new KratosHost("auth", {
      ...{
        connection,
        config: host.operator(),
        dir,
        binary: host.binary,
        serviceUser: "ory-kratos",
        migrate: true,
      },
    });
    await new Promise((resolve) => kratosHost.state.apply(resolve));
    steps = {};
    for (const name of ["folder", "config", "units", "server"]) {
      const { inputs } = await engine.sent(`auth-${name}`, kratosHost);
      const { create, delete: removal, stdin } = inputs as unknown as Step & { stdin?: unknown };
      const text = name === "config" ? `${host.operator()}${END}\n` : stdin;
      if (name === "config") expect(stdin).toEqual(secretly(text));
      steps[name] = { create, delete: removal!, stdin: text as string };
    }
  });
  afterAll(() => host?.stop());

  it("makes the user, the folder and the files, and waits where no identity config is there yet", async () => {
    expect(take("folder")).toBe("");
    expect(take("config")).toMatch(/^[0-9a-f]{64}$/);
    expect(take("units")).toMatch(/^[0-9a-f]{64}$/);
    expect(configured(host.operator({ log: { level: "canary" } })).status).toBe(0);
    const { status, stderr } = run(steps.server!.create);
    expect(status).toBe(1);
    expect(stderr).toContain("kratos.service does not run with");
    expect(stderr).not.toContain("canary");
    expect(configured(host.operator({ selfservice: {} })).status).toBe(0);
    expect(take("server")).toBe("waits for its first identity.yml");
    take("config");
    expect(take("server")).toBe("waits for its first identity.yml");
    expect(await readFile(host.etc("passwd"), "utf8")).toMatch(/^ory-kratos:.*:\/usr\/sbin\/nologin$/m);
    expect((await stat(dir)).mode & 0o7777).toBe(0o2750);
    expect(existsSync(host.etc("systemd/system/kratos.service"))).toBe(true);
    expect(existsSync(join(host.folder, "db/db.sqlite"))).toBe(true);
    expect(isActive("kratos-reload.path")).toBe("active");
  });

  it("starts the server with the first identity.yml, and the courier again with each", async () => {
    const { warnings } = await applied(target(), customer());
    expect(warnings).toEqual([expect.stringMatching(/^not running: unproven/)]);
    await waitFor("the server to start", () => (isActive("kratos.service") === "active" ? true : undefined));
    const [, port] = /port: (\d+)/.exec(host.operator())!;
    await waitFor("Kratos to be ready", async () =>
      (await fetch(`http://127.0.0.1:${port}/admin/health/ready`).catch(() => undefined))?.ok
        ? true
        : undefined,
    );
    const before = await courier();
    expect((await applied(target(), customer({ nick: { type: "string" } }))).warnings).toEqual([]);
    await waitFor("the courier to be started again", async () =>
      (await courier()) === before ? undefined : true,
    );
    expect(isActive("kratos-courier.service")).toBe("active");
    expect(await host.log("kratos-courier.service")).not.toMatch(/no such table|level=fatal/);
  });

  it("runs the server as a user that cannot change its own configuration", async () => {
    const pid = await readFile(join(host.folder, "state/kratos.service.pid"), "utf8");
    const user = run(`ps -o user= -p ${pid}`).stdout.trim();
    expect(user).toBe("ory-kratos");
    for (const file of ["kratos.yml", "identity.yml"]) {
      const asServer = (test: string) =>
        run(`setpriv --reuid=${user} --regid=${user} --init-groups test ${test} ${dir}/${file}`).status;
      expect([file, asServer("-r"), asServer("-w")]).toEqual([file, 0, 1]);
    }
  });

  it("changes nothing of identity.yml the next time, and says that the server runs", async () => {
    const before = await readFile(join(dir, "identity.yml"), "utf8");
    for (const name of ["folder", "config", "units"]) take(name);
    expect(take("server")).toBe("active");
    expect(await readFile(join(dir, "identity.yml"), "utf8")).toBe(before);
  });

  it("says where to look when the server does not run with what the operator wrote, and nothing of it", async () => {
    expect(configured(host.operator({ log: { level: "canary" } })).status).toBe(0);
    const { status, stderr } = run(steps.server!.create);
    expect(status).toBe(1);
    expect(stderr).toContain("kratos.service does not run with");
    expect(stderr).toContain("journalctl -u kratos.service");
    expect(stderr).not.toContain("canary");
    take("config");
    expect(take("server")).toBe("active");
  });

  it("does not say that a server runs which waits for its database", async () => {
    const patience = '"$tries" -lt 20';
    const { create } = steps.server!;
    expect(create).toContain(patience);
    expect(configured(host.operator({ dsn: "postgres://kratos:canary@127.0.0.1:9/kratos" })).status).toBe(0);
    const withoutMigration = create.replace(/runuser .*migrate sql[^}]*/, ": || { :\n");
    const { status, stderr } = run(withoutMigration.replace(patience, '"$tries" -lt 2'));
    expect(status).toBe(1);
    expect(stderr).toContain("kratos.service runs, but is not ready after a minute");
    expect(stderr).not.toContain("canary");
    take("config");
    expect(take("server")).toBe("active");
  });

  it("installs no units that are cut off, and none over those of another folder", () => {
    const { create, stdin } = steps.units!;
    const before = run("cat /etc/systemd/system/kratos*").stdout;
    for (const end of [0, stdin!.indexOf("User="), stdin!.length - 2]) {
      const { status, stderr } = run(create, stdin!.slice(0, end));
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: "the units did not arrive as a whole; the old ones are in force\n",
      });
    }
    const other = (text: string) => text.replaceAll("/auth", "/other").replaceAll(dir, "/srv/other");
    const { status, stderr } = run(other(create), other(stdin!));
    expect(status).toBe(1);
    expect(stderr).toContain('runs with another folder than /srv/other: # KratosHost "shop/test/auth"');
    expect(run("cat /etc/systemd/system/kratos*").stdout).toBe(before);
  });

  it("leaves its units to another name for the same folder, which has taken them over", () => {
    const { create, stdin, delete: removal } = steps.units!;
    const renamed = (text: string) => text.replaceAll("/auth", "/renamed");
    expect(run(renamed(create), renamed(stdin!)).stderr).toBe("");
    expect(run(removal!)).toMatchObject({ status: 0, stderr: "" });
    expect(isActive("kratos.service")).toBe("active");
    take("units");
  });

  it("stops and removes the units when it is destroyed, and leaves the folder", async () => {
    const { status, stderr } = run(steps.units!.delete!);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(run("ps -eo user=").stdout).not.toContain("ory-kratos");
    expect(run("ls /etc/systemd/system | grep kratos").stdout).toBe("");
    expect(existsSync(join(dir, "identity.yml"))).toBe(true);
  });
});
