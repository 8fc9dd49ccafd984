import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SshConnection } from "../../infra/targets/ssh/connection";
import { SshMachine } from "../../infra/targets/ssh/machine";
import { optionsFor } from "../../infra/targets/ssh/options";
import { never } from "../targets/planned";
import { type Sshd, startSshd, withSshd } from "./sshd";

withSshd("connections to a host")("the connection to a host", () => {
  let sshd: Sshd;
  let dir: string;
  const others: Sshd[] = [];
  const connect = (more: { hostKey?: string } = {}, { at } = sshd) =>
    SshConnection.to({ host: at.host, configFile: at.sshConfig!, ...more });
  beforeAll(async () => {
    sshd = await startSshd();
    dir = await mkdtemp(join(tmpdir(), "connection-"));
  });
  afterAll(async () => {
    await Promise.all([sshd, ...others].map((one) => one?.stop()));
    await rm(dir, { recursive: true, force: true });
  });

  it("does not count the wait for a turn against the time of a program", async () => {
    const machine = new SshMachine(connect());
    const sleep = (seconds: string, limit: number) =>
      machine.start("sleep", [seconds], { signal: never, input: "", limit }).exited;
    expect(await Promise.all(Array.from({ length: 12 }, () => sleep("1", 3_000)))).toEqual(Array(12).fill(0));
    expect(await sleep("20", 1_000)).not.toBe(0);
  });

  it("lets go of what waits for its turn when that is cancelled", async () => {
    const connection = connect();
    const run = (signal: AbortSignal) => connection.run("sleep 1", [], { signal });
    const running = Array.from({ length: 5 }, () => run(never));
    const abort = new AbortController();
    const waiting = run(abort.signal);
    const next = run(never);
    abort.abort(new Error("cancelled"));
    const started = Date.now();
    await expect(waiting).rejects.toThrow("cancelled");
    expect(Date.now() - started).toBeLessThan(500);
    expect((await Promise.all([...running, next])).map(({ code }) => code)).toEqual(Array(6).fill(0));
  });

  it("trusts no host because of DNS", async () => {
    const config = join(dir, "config");
    await writeFile(config, "VerifyHostKeyDNS yes\n", { mode: 0o600 });
    const options = optionsFor({ host: "shop.example", configFile: config }, join(dir, "c"));
    const effective = execFileSync("ssh", [...options, "-G", "shop.example"], { encoding: "utf8" });
    expect(effective).toMatch(/^verifyhostkeydns (no|false)$/m);
    expect(effective).toMatch(/^stricthostkeychecking (yes|true)$/m);
  });

  it("that has ended is not taken for another host", async () => {
    const connection = connect({ hostKey: sshd.hostKey });
    await connection.run("echo", [], { signal: never });
    const args = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    const [, folder] = /^ssh .*HostKeyAlias=pinned .*-S (\S+\/ory-ssh-\w+)\/c .*kratos-host/m.exec(args)!;
    // As its end leaves it, before this process hears of that.
    await rm(folder!, { recursive: true });
    await expect(connection.run("echo", [], { signal: never })).rejects.toThrow(
      "cannot reach kratos-host over ssh: the connection was cut",
    );
    await connection.close();
  });

  it("refuses a shell that would show secrets in command lines", async () => {
    const shell = join(dir, "mksh");
    await writeFile(shell, '#!/bin/bash\nenable -n printf\neval "$2"\n');
    await chmod(shell, 0o755);
    const other = await startSshd([
      `ForceCommand eval "$(echo "$SSH_ORIGINAL_COMMAND" | sed s,/bin/sh,${shell},)"`,
    ]);
    others.push(other);
    await expect(connect({}, other).run("echo", [], { signal: never })).rejects.toThrow(
      "cannot reach kratos-host over ssh: the printf of its /bin/sh is another program",
    );
  });
});
