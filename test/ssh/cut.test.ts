import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ConfigFile, parsedConfig } from "../../infra/targets/kratos/config-file";
import type { Delivery } from "../../infra/targets/kratos/transport";
import { SshConnection } from "../../infra/targets/ssh/connection";
import { SshTransport } from "../../infra/targets/ssh/transport";
import { itOnDisk, mountDisk, unmountDisk } from "../bad-input/obstacles";
import { waitFor } from "../kratos/wait";
import { never } from "../targets/planned";
import { type Sshd, startSshd, withSshd } from "./sshd";

const POINTS = Array.from({ length: 24 }, (_, index) => index / 23);
/** Large, so that a part of it could be seen. */
const text = (of: string) => `# ${of.repeat(300_000)}\n{}\n`;
const OLD = text("old ");
const NEW = text("new ");

withSshd("connections that are cut")("a connection that is cut while a file is replaced", () => {
  let sshd: Sshd;
  let dir: string;
  let connection: SshConnection;
  let transport: SshTransport;
  const identity = () => join(dir, "identity.yml");
  const file = () => readFile(identity(), "utf8");
  const delivery = (previous: ConfigFile, more: Partial<Delivery> = {}): Delivery => ({
    text: NEW,
    isSecret: false,
    evidence: undefined,
    previous,
    refuseStale: async () => undefined,
    prove: async () => [],
    ...more,
  });
  const released = () =>
    waitFor("the host to release its lock", async () =>
      (await readdir(dir)).includes("identity.yml.lock") ? undefined : true,
    );

  beforeAll(async () => {
    sshd = await startSshd();
    dir = await mkdtemp(join(tmpdir(), "cut-"));
    connection = SshConnection.to({ host: sshd.at.host, configFile: sshd.at.sshConfig! });
    transport = new SshTransport(connection, {
      dir,
      operator: join(dir, "kratos.yml"),
      identity: identity(),
    });
  });
  afterAll(async () => {
    await sshd?.stop();
    await rm(dir, { recursive: true, force: true });
  });
  beforeEach(() => writeFile(identity(), OLD));

  it("at any time leaves the old file or the new one, and the next writer goes on", async () => {
    const started = Date.now();
    await transport.deliver(delivery(await transport.read(never)), never);
    const duration = Date.now() - started;
    const outcomes = new Set<string>();
    for (const point of POINTS) {
      await writeFile(identity(), OLD);
      const previous = await transport.read(never);
      const done = transport.deliver(delivery(previous), never).then(
        () => "done",
        (error: Error) => error.message,
      );
      await delay(point * duration);
      sshd.cut();
      const outcome = await done;
      await released();
      const left = await file();
      expect([OLD, NEW]).toContain(left);
      if (outcome === "done") expect(left).toBe(NEW);
      else expect(outcome).toMatch(/connection|reach/);
      outcomes.add(left === OLD ? "old" : "new");
    }
    await writeFile(identity(), OLD);
    await transport.deliver(delivery(await transport.read(never)), never);
    expect((await readdir(dir)).sort()).toEqual(["identity.yml", "identity.yml.last-good"]);
    expect(outcomes.has("old")).toBe(true);
  });

  it("before the new file was found good has the host put the old one back", async () => {
    const previous = await transport.read(never);
    const prove = async () => {
      expect(await file()).toBe(NEW);
      sshd.cut();
      await released();
      expect(await file()).toBe(OLD);
      return [];
    };
    await expect(transport.deliver(delivery(previous, { prove }), never)).rejects.toThrow(
      /the connection to kratos-host was lost while .*; the host puts the old one back unless/,
    );
    expect(await file()).toBe(OLD);
  });

  it("by cancelling has the host put the old one back", async () => {
    const abort = new AbortController();
    const prove = async () => {
      abort.abort(new Error("cancelled"));
      return [];
    };
    const previous = await transport.read(never);
    await expect(transport.deliver(delivery(previous, { prove }), abort.signal)).rejects.toThrow("cancelled");
    expect(await file()).toBe(OLD);
    expect(await readdir(dir)).not.toContain("identity.yml.lock");
  });

  it("by a proof that fails has the host put the old one back, or none where there was none", async () => {
    const prove = () => Promise.reject(new Error("not in force"));
    await expect(transport.deliver(delivery(await transport.read(never), { prove }), never)).rejects.toThrow(
      "not in force",
    );
    expect(await file()).toBe(OLD);
    await rm(identity());
    await expect(transport.deliver(delivery(parsedConfig("", undefined), { prove }), never)).rejects.toThrow(
      "not in force",
    );
    expect(await readdir(dir)).not.toContain("identity.yml");
  });

  itOnDisk()("by a proof that fails puts the old one back on a disk that has become full, too", async () => {
    const disk = join(dir, "disk");
    await mkdir(disk);
    mountDisk(disk, "64k");
    try {
      const old = `# ${"old ".repeat(3_000)}\n{}\n`;
      await writeFile(join(disk, "identity.yml"), old);
      const paths = { dir: disk, operator: join(disk, "kratos.yml"), identity: join(disk, "identity.yml") };
      const there = new SshTransport(connection, paths);
      const prove = async () => {
        await expect(writeFile(join(disk, "filler"), "x".repeat(100_000))).rejects.toThrow("ENOSPC");
        throw new Error("not in force");
      };
      const given = delivery(await there.read(never), { text: "{}\n", prove });
      await expect(there.deliver(given, never)).rejects.toThrow("not in force");
      expect(await readFile(paths.identity, "utf8")).toBe(old);
      expect((await readdir(disk)).sort()).toEqual(["filler", "identity.yml"]);
    } finally {
      unmountDisk(disk);
      await rm(disk, { recursive: true });
    }
  });

  it("takes over a lock that its holder has left, and waits for one that is held", async () => {
    const lock = `${identity()}.lock`;
    await mkdir(lock);
    const past = new Date(Date.now() - 60_000);
    await utimes(lock, past, past);
    await transport.deliver(delivery(await transport.read(never)), never);
    await writeFile(identity(), OLD);
    await mkdir(lock);
    const waiting = transport.deliver(delivery(await transport.read(never)), never);
    await delay(2_500);
    expect(await file()).toBe(OLD);
    await rm(lock, { recursive: true });
    await waiting;
    expect(await file()).toBe(NEW);
  });

  it("with the process that writes leaves no process and no folder", async () => {
    const tmp = await mkdtemp(join(tmpdir(), "killed-"));
    const program = join(__dirname, "held.js");
    const held = execFileSync.bind(undefined, process.execPath, [program, sshd.at.sshConfig!, identity()], {
      env: { ...process.env, TMPDIR: tmp },
      stdio: "pipe",
    });
    expect(held).toThrow();
    await released();
    expect(await file()).toBe(OLD);
    await waitFor("the connection to end", async () =>
      (await readdir(tmp)).length === 0 ? true : undefined,
    );
    await rm(tmp, { recursive: true });
  });
});
