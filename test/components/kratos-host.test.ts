import * as pulumi from "@pulumi/pulumi";
import { IdentityConfig, KratosHost, RequiredAal } from "../../infra/index";
import { MockEngine, secretly } from "./engine";

const engine = new MockEngine();
const CONFIG = "dsn: postgres://kratos:canary@db.shop.example/kratos\n";
const connection = {
  host: "auth-1.shop.example",
  user: "deploy",
  hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
};

/** What the steps of a host were registered with, by step. */
async function steps(args: Partial<ConstructorParameters<typeof KratosHost>[1]> = {}) {
  await engine.start();
  const host = new KratosHost("auth-1", { connection, config: CONFIG, ...args });
  // The last step's output: all are registered by then.
  await new Promise((resolve) => host.state.apply(resolve));
  const names = ["folder", "config", "units", "server"];
  const sent = await Promise.all(
    names.map(async (name) => [name, await engine.sent(`auth-1-${name}`, host)] as const),
  );
  return { host, sent: Object.fromEntries(sent) };
}

describe("KratosHost", () => {
  it("runs its steps on the host whose key is named", async () => {
    const { sent } = await steps();
    for (const { type, inputs } of Object.values(sent)) {
      expect(type).toBe("command:remote:Command");
      expect(JSON.stringify(inputs.connection)).toContain(connection.hostKey);
    }
  });

  it("hands the operator's file over as a secret, and in no command", async () => {
    const { sent } = await steps();
    expect(sent.config!.inputs.stdin).toEqual(secretly(`${CONFIG}#end-of-input\n`));
    for (const { inputs } of Object.values(sent))
      expect(JSON.stringify({ ...inputs, stdin: "" })).not.toContain("canary");
  });

  it("installs a server, a courier, and what starts the courier again with a new identity.yml", async () => {
    const { sent } = await steps({ dir: "/srv/kratos", binary: "/opt/kratos", serviceUser: "ory" });
    const units = String(sent.units!.inputs.stdin);
    expect(units).toContain(
      "ExecStart=/opt/kratos serve -c /srv/kratos/kratos.yml -c /srv/kratos/identity.yml",
    );
    expect(units).toContain("ExecStart=/opt/kratos courier watch -c /srv/kratos/kratos.yml");
    expect(units).toContain("PathChanged=/srv/kratos/identity.yml");
    expect(units).toContain("User=ory");
    expect(sent.units!.inputs.delete).toContain("systemctl disable");
  });

  it.each([
    ["", "http://127.0.0.1:4434/"],
    ["serve: { admin: { host: 10.0.0.7, port: 4440 } }\n", "http://10.0.0.7:4440/"],
    ['serve: { admin: { host: "::1" } }\n', "http://[::1]:4434/"],
    ["serve: { admin: { host: 'unix:/run/kratos' } }\n", ""],
    ["serve: { admin: { tls: { key: { path: /etc/key } } } }\n", ""],
  ])("asks the Admin API that the operator's file names whether it is ready: %j", async (serve, url) => {
    const { sent } = await steps({ config: pulumi.secret(CONFIG + serve) });
    expect(sent.server!.inputs.create).toContain(`'kratos' '${url}'; fi`);
  });

  it("is the target of an IdentityConfig", async () => {
    const { host } = await steps();
    const target = { kratos: { name: "shop", ...host.target } };
    const identity = new IdentityConfig("shop", {
      target,
      parts: [new RequiredAal("aal", { session: "aal1" })],
    });
    expect((await engine.sent("shop", identity)).inputs.target).toEqual({
      kratos: {
        name: "shop",
        transport: "ssh",
        host: "ssh://deploy@auth-1.shop.example:22",
        hostKey: connection.hostKey,
        dir: "/etc/kratos",
        binary: "/usr/local/bin/kratos",
      },
    });
  });

  it.each([
    [{ dir: "/etc/$(x)" }, 'dir is "/etc/$(x)"; it must be an absolute path'],
    [{ binary: "kratos" }, 'binary is "kratos"; it must be an absolute path'],
    [{ serviceUser: "root; x" }, 'serviceUser is "root; x"; it must be a name such as kratos'],
    [
      { connection: { ...connection, hostKey: undefined as unknown as string } },
      "connection.hostKey must be the host's public key",
    ],
  ])("refuses %j", async (args, reason) => {
    await engine.start();
    expect(() => new KratosHost("auth-1", { connection, config: CONFIG, ...args })).toThrow(reason);
  });
});
