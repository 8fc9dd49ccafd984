import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { inlineUri } from "../../infra/identity-config/model";
import { freePort } from "../../local/free-port";
import { type LocalKratos, type LocalKratosOptions, startLocalKratos } from "../../local/kratos";
import { kratosBinaries } from "../kratos/server";

describe.each(kratosBinaries())("a local kratos from %s", (binary) => {
  let folder: string;
  let kratos: LocalKratos | undefined;
  let lines: string[];

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "local-")), "a folder");
    lines = [];
  });

  afterEach(async () => {
    await kratos?.stop();
    kratos = undefined;
    expect(processes()).toEqual([]);
    rmSync(dirname(folder), { recursive: true, force: true });
  });

  test("is ready without any identity config, and keeps its secrets and its data over a restart", async () => {
    const first = await start();
    const secrets = operatorSecrets(first);
    const id = await createIdentity(first);
    await first.stop();
    expect(processes()).toEqual([]);

    const second = await start();
    expect(operatorSecrets(second)).toEqual(secrets);
    expect((await fetch(`${second.adminUrl}/admin/identities/${id}`)).status).toBe(200);
    for (const file of [second.operatorFile, second.identityFile, second.logFile]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  test("reloads an identity.yml that is renamed into place, in less than a second, again and again", async () => {
    const running = await start();
    for (const comment of ["first", "second", "third"]) {
      deploySchema(running, comment);
      await expect(seen(running, comment)).resolves.toBeLessThan(1_000);
    }
    renameInto(running.identityFile, "{}");
    await expect(seen(running, "password")).resolves.toBeLessThan(1_000);
  });

  test("keeps the last good identity.yml, and serves on", async () => {
    const running = await start();
    deploySchema(running, "good");
    await seen(running, "good");
    const code = { mfa_enabled: true, passwordless_enabled: true };
    renameInto(running.identityFile, JSON.stringify({ selfservice: { methods: { code } } }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await seen(running, "good");
  });

  test("does not start with an identity.yml that it cannot use, and says what is wrong with it", async () => {
    await (await start()).stop();
    kratos = undefined;
    const code = { mfa_enabled: true, passwordless_enabled: true };
    writeFileSync(join(folder, "identity.yml"), JSON.stringify({ selfservice: { methods: { code } } }));
    await expect(start()).rejects.toThrow(
      /^kratos ended before it was ready \(exit code 1\): .*selfservice\.methods\.code\.mfa_enabled.*value must be false/,
    );
  });

  test("takes other ports when its own are taken, and says so", async () => {
    const port = await freePort(0);
    const other = await listenOn(port);
    try {
      const running = await start({ publicPort: port });
      expect(running.publicUrl).not.toContain(String(port));
      expect(lines).toEqual([
        `port ${port} is taken, kratos' public API listens on ${new URL(running.publicUrl).port}`,
      ]);
      expect((await fetch(`${running.publicUrl}/health/ready`)).status).toBe(200);
    } finally {
      other.close();
    }
  });

  test("outlives a courier that cannot use its config, which comes back when it can", async () => {
    const running = await start();
    const channel = { id: "sms", request_config: { url: "http://127.0.0.1:1", method: "POST" } };
    renameInto(running.identityFile, JSON.stringify({ courier: { channels: [channel] } }));
    // From 25.4 on only the channel is affected, and the courier lives.
    const version = execFileSync(binary, ["version"], { encoding: "utf8" });
    if (/v1\./.test(version))
      await until(() => /the courier ended .*unknown courier channel type/.test(lines.join()));
    expect((await fetch(`${running.publicUrl}/health/ready`)).status).toBe(200);
    renameInto(running.identityFile, "{}");
    await until(() => processes().some((line) => line.includes("courier watch")));
  });

  test("is told of when it ends by itself", async () => {
    let death: Error | undefined;
    await start({
      onDeath: (error) => {
        death = error;
      },
    });
    const serving = processes().find((line) => line.includes(" serve "));
    process.kill(Number(serving?.trim().split(/\s+/)[0]), "SIGKILL");
    await until(() => death !== undefined);
    expect(death?.message).toMatch(/^kratos ended by itself \(signal SIGKILL\): /);
  });

  test("leaves nothing behind when the start is aborted", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 200);
    await expect(start({ signal: controller.signal })).rejects.toThrow();
  });

  test("a program that is not there is named", async () => {
    await expect(start({ binary: "/nowhere/kratos" })).rejects.toThrow(
      "there is no kratos at /nowhere/kratos, correct binary",
    );
  });

  async function start(options: Partial<LocalKratosOptions> = {}): Promise<LocalKratos> {
    const log = (line: string) => lines.push(line);
    kratos = await startLocalKratos({ binary, folder, publicPort: 0, adminPort: 0, log, ...options });
    return kratos;
  }

  function processes(): string[] {
    const all = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }).split("\n");
    return all.filter((line) => line.includes(folder));
  }
});

function operatorSecrets({ operatorFile }: LocalKratos): unknown {
  const { secrets } = parse(readFileSync(operatorFile, "utf8")) as { secrets: { cipher: string[] } };
  expect(secrets.cipher[0]).toHaveLength(32);
  return secrets;
}

async function createIdentity({ adminUrl }: LocalKratos): Promise<string> {
  const response = await fetch(`${adminUrl}/admin/identities`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ traits: { email: "a@example.com" } }),
  });
  return ((await response.json()) as { id: string }).id;
}

function renameInto(file: string, text: string): void {
  writeFileSync(`${file}.next`, text);
  renameSync(`${file}.next`, file);
}

function deploySchema({ identityFile }: LocalKratos, comment: string): void {
  const schema = {
    $comment: comment,
    properties: { traits: { type: "object", properties: { a: { type: "string" } } } },
  };
  const identity = {
    default_schema_id: "default",
    schemas: [{ id: "default", url: inlineUri(JSON.stringify(schema)) }],
  };
  renameInto(identityFile, JSON.stringify({ identity }));
}

/** Waits until the schema in force holds `text`; how long it took, in milliseconds. */
async function seen({ publicUrl }: LocalKratos, text: string): Promise<number> {
  const started = Date.now();
  await until(async () => (await (await fetch(`${publicUrl}/schemas/default`)).text()).includes(text));
  return Date.now() - started;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("did not happen in 15 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function listenOn(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, "127.0.0.1", () => resolve(server));
  });
}
