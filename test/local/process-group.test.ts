import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProcessGroup, startProcessGroup } from "../../local/process-group";

const folder = mkdtempSync(join(tmpdir(), "process-group-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(name: string, script: string): Promise<ProcessGroup> {
  const logFile = join(folder, name);
  return startProcessGroup({
    command: process.execPath,
    args: ["-e", script],
    cwd: folder,
    env: { NAME: name },
    logFile,
  });
}

async function logOf(name: string): Promise<string> {
  for (;;) {
    const text = readFileSync(join(folder, name), "utf8");
    if (text.includes("\n")) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a program sees only the environment that it is given, and how it ended is told", async () => {
  const group = await start("environment", "console.log(JSON.stringify(process.env)); process.exitCode = 3");
  await expect(group.ended).resolves.toBe("exit code 3");
  expect(JSON.parse(await logOf("environment"))).toEqual({ NAME: "environment" });
  await group.stop();
});

test("a program that does not listen is killed after 5 seconds, with what it has started", async () => {
  const group = await start(
    "stubborn",
    `process.on("SIGTERM", () => {});
     const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
     console.log(child.pid);
     setInterval(() => {}, 1000);`,
  );
  const child = Number(await logOf("stubborn"));
  const started = Date.now();
  await group.stop();
  expect(Date.now() - started).toBeGreaterThan(4_900);
  expect(Date.now() - started).toBeLessThan(8_000);
  await expect(group.ended).resolves.toBe("signal SIGKILL");
  expect(alive(group.pid)).toBe(false);
  // The orphan is reaped by whoever adopts it, a moment later.
  for (let i = 0; i < 100 && alive(child); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(alive(child)).toBe(false);
});

test("a program that is not there is an error at once", async () => {
  const options = { command: "/nowhere", args: [], cwd: folder, env: {}, logFile: join(folder, "nowhere") };
  await expect(startProcessGroup(options)).rejects.toMatchObject({ code: "ENOENT" });
});
