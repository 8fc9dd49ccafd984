import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { KratosTarget } from "../../infra/targets/kratos/kratos-target";
import type { KratosOverSsh } from "../../infra/targets/kratos/settings";
import { SshConnection } from "../../infra/targets/ssh/connection";
import { itOnDisk, makeUnwritable, makeWritable, mountDisk, unmountDisk } from "../bad-input/obstacles";
import { kratosBinaries } from "../kratos/server";
import { applied, customer, never, planned } from "../targets/planned";
import { otherHostKey, type Sshd, startSshd, withSshd } from "./sshd";

const OPERATOR = {
  dsn: "memory",
  selfservice: { default_browser_return_url: "https://shop.example/" },
  serve: { admin: { host: "127.0.0.1", port: 9 } },
  ...customer(),
};
const onDisk = itOnDisk();

withSshd("hosts that cannot be used")("what an update over ssh refuses", () => {
  const [binary] = kratosBinaries();
  let sshd: Sshd;
  let dir: string;
  const open = (more: Partial<KratosOverSsh> = {}) =>
    new KratosTarget({ name: "shop", ...sshd.at, dir, binary: binary!, ...more }, "/");
  /** A configuration of ssh beside the usual one, with `from` replaced: connections are made anew. */
  const configured = async (name: string, from: string, to: string) => {
    const text = await readFile(join(sshd.folder, "ssh_config"), "utf8");
    expect(text).toContain(from);
    await writeFile(join(sshd.folder, name), text.replace(from, to), { mode: 0o600 });
    return { sshConfig: join(sshd.folder, name) };
  };

  /** Further ones, which end with a test. */
  const others: Sshd[] = [];
  const started = async (lines: string[]): Promise<Sshd> => {
    const other = await startSshd(lines);
    others.push(other);
    return other;
  };
  afterEach(() => Promise.all(others.splice(0).map((other) => other.stop())));

  beforeAll(async () => {
    sshd = await startSshd();
    dir = await mkdtemp(join(tmpdir(), "host-"));
    await writeFile(join(dir, "kratos.yml"), stringify(OPERATOR));
  });
  afterAll(async () => {
    await sshd?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it("takes a host whose key is known, and says that no server runs there", async () => {
    const { warnings } = await applied(open(), customer());
    expect(warnings).toEqual([
      expect.stringMatching(/^not running: unproven; nothing answers at http:\/\/127.0.0.1:9\//),
    ]);
    await rm(join(dir, "identity.yml"));
  });

  it("is a host that is not known", async () => {
    const known = await configured("unknown", "known_hosts", "no_known_hosts");
    await expect(open(known).observe(never)).rejects.toThrow(
      "cannot reach kratos-host over ssh: its host key is not known; see on the host itself",
    );
    // Nor is it known from then on.
    expect(await readdir(sshd.folder)).not.toContain("no_known_hosts");
  });

  it("is a host whose key is not the one that is known", async () => {
    const known = (await readFile(join(sshd.folder, "known_hosts"), "utf8")).replace(
      sshd.hostKey,
      await otherHostKey(sshd.folder),
    );
    await writeFile(join(sshd.folder, "changed_hosts"), known);
    await expect(
      open(await configured("changed", "known_hosts", "changed_hosts")).observe(never),
    ).rejects.toThrow("its host key is not the one that known_hosts has");
  });

  it("is a host whose key is not the one of the settings, whatever ssh knows or is told", async () => {
    await rm(join(sshd.folder, "other_key"), { force: true });
    const hostKey = await otherHostKey(sshd.folder);
    const lax = await configured("lax", "  User ", "  StrictHostKeyChecking no\n  User ");
    for (const config of [{}, lax]) {
      await expect(open({ ...config, hostKey }).observe(never)).rejects.toThrow(
        "its host key is not that of target.kratos.hostKey",
      );
    }
    const unknown = await configured("lax", "known_hosts", "no_known_hosts");
    await expect(open(unknown).observe(never)).rejects.toThrow("its host key is not known");
  });

  it("is nothing where the key of the settings is the host's, though ssh does not know it", async () => {
    const { sshConfig } = await configured("pinned", "known_hosts", "no_known_hosts");
    const { kratosVersion } = await open({ sshConfig, hostKey: sshd.hostKey }).observe(never);
    expect(kratosVersion).toMatch(/^\d/);
  });

  it("is a host that does not take the user's key", async () => {
    const keys = join(sshd.folder, "authorized_keys");
    const before = await readFile(keys, "utf8");
    await writeFile(keys, "");
    await expect(open(await configured("keyless", "  User ", "  User  ")).observe(never)).rejects.toThrow(
      "it accepts none of the keys that ssh offers",
    );
    await writeFile(keys, before);
  });

  it("is a host that cannot be found or reached", async () => {
    await expect(
      open(await configured("nowhere", "127.0.0.1", "no-such-host.invalid")).observe(never),
    ).rejects.toThrow("there is no host of that name");
    const text = await readFile(join(sshd.folder, "ssh_config"), "utf8");
    const [, port] = /Port (\d+)/.exec(text)!;
    await expect(open(await configured("closed", `Port ${port}`, "Port 9")).observe(never)).rejects.toThrow(
      "nothing listens at its SSH port",
    );
  });

  it("is a configuration of ssh that ssh cannot read", async () => {
    await expect(open({ sshConfig: join(sshd.folder, "no-such") }).observe(never)).rejects.toThrow(
      "ssh cannot use its configuration file",
    );
  });

  it("is a host that forbids forwarding", async () => {
    const strict = await started(["DisableForwarding yes"]);
    const target = new KratosTarget({ name: "shop", ...strict.at, dir, binary: binary! }, "/");
    await expect(target.observe(never)).rejects.toThrow("kratos-host forbids forwarding");
  });

  it("is a login that gives no shell", async () => {
    const strict = await started(["ForceCommand echo This account is not available."]);
    const target = new KratosTarget({ name: "shop", ...strict.at, dir, binary: binary! }, "/");
    await expect(target.observe(never)).rejects.toThrow(
      "cannot reach kratos-host over ssh: This account is not available.",
    );
  });

  it("is what somebody's shell prints before: it is not taken for a file", async () => {
    const chatty = await started(['ForceCommand echo "session: {}"; eval "$SSH_ORIGINAL_COMMAND"']);
    const target = new KratosTarget({ name: "shop", ...chatty.at, dir, binary: binary! }, "/");
    expect((await target.observe(never)).effective).not.toHaveProperty("session");
    await applied(target, customer());
    await rm(join(dir, "identity.yml"));
  });

  it("is a folder that the user may not read, or not write in", async () => {
    const own = join(dir, "own");
    await mkdir(own);
    await writeFile(join(own, "kratos.yml"), stringify(OPERATOR));
    const target = open({ dir: own });
    const write = await planned(target, customer());
    await makeUnwritable(own);
    await expect(target.apply(write, never)).rejects.toThrow(
      `cannot write kratos-host:${own}/identity.yml: permission denied; sign in there as a user who may do that; nothing was written`,
    );
    await makeUnwritable(own, 0o000);
    await expect(target.observe(never)).rejects.toThrow(
      /cannot read kratos-host:\S+\/own\/\w+.yml: permission denied; sign in there as a user who may do that/,
    );
    await makeWritable(own);
    expect(await readdir(own)).toEqual(["kratos.yml"]);
  });

  it.each([
    ["a folder", (file: string) => mkdir(file), "it is a folder; a file must be there"],
    ["what is no YAML", (file: string) => writeFile(file, "a: ["), "it is not valid YAML"],
  ])("is %s where identity.yml belongs", async (_, make, reason) => {
    const file = join(dir, "identity.yml");
    await make(file);
    await expect(open().observe(never)).rejects.toThrow(reason);
    await rm(file, { recursive: true });
  });

  it("is what stands where its lock or the file before belongs", async () => {
    await writeFile(join(dir, "identity.yml.lock"), "");
    await expect(open().apply(await planned(open(), customer()), never)).rejects.toThrow(
      "identity.yml.lock is a file where its lock belongs; remove it; nothing was written",
    );
    await rm(join(dir, "identity.yml.lock"));
    await writeFile(join(dir, "identity.yml"), "{}\n");
    await mkdir(join(dir, "identity.yml.last-good"));
    await expect(open().apply(await planned(open(), customer()), never)).rejects.toThrow(
      /cannot keep the old configuration in .*last-good: it is a folder/,
    );
    expect(await readFile(join(dir, "identity.yml"), "utf8")).toBe("{}\n");
    await rm(join(dir, "identity.yml.last-good"), { recursive: true });
    await rm(join(dir, "identity.yml"));
    expect(await readdir(dir)).not.toContain("identity.yml.lock");
  });

  onDisk("is a disk that is full", async () => {
    const disk = join(dir, "disk");
    await mkdir(disk);
    mountDisk(disk, "16k");
    try {
      await writeFile(join(disk, "kratos.yml"), stringify(OPERATOR));
      const target = open({ dir: disk });
      const declared = { ...customer(), courier: { smtp: { from_name: "x".repeat(20_000) } } };
      await expect(target.apply(await planned(target, declared), never)).rejects.toThrow(
        `cannot write kratos-host:${disk}/identity.yml: the disk is full; the old one is in force`,
      );
      expect(await readdir(disk)).toEqual(["kratos.yml"]);
    } finally {
      unmountDisk(disk);
    }
  });

  it("leaves no connection and no folder when it is closed", async () => {
    const { host, sshConfig } = sshd.at;
    await open().observe(never);
    const args = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    const [, folder] = new RegExp(`^ssh .*${sshConfig} .*-S (\\S+/ory-ssh-\\w+)/c`, "m").exec(args)!;
    expect(existsSync(folder!)).toBe(true);
    await SshConnection.to({ host, configFile: sshConfig! }).close();
    expect(existsSync(folder!)).toBe(false);
  });
});
