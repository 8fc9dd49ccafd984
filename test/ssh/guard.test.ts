import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GUARD } from "../../infra/targets/ssh/kratos-scripts";
import { waitFor } from "../kratos/wait";
import { RunScript, SHELLS } from "./run-script";

/** In place of Kratos: shows its environment, and runs on. */
const KRATOS = "#!/bin/sh\n/usr/bin/env -0 | /usr/bin/tr '\\0' '|'\nexec /bin/sleep 60\n";

describe.each(SHELLS)("the guard of a trial on a host, run by %s", (_, shell) => {
  let dir: string;
  let guard: RunScript;
  const start = (script: string, env: Record<string, string> = {}) => {
    const variables = Object.entries(env).flat();
    guard = new RunScript(shell, script, [
      join(dir, "kratos"),
      dir,
      String(variables.length / 2),
      ...variables,
    ]);
    return waitFor("a folder", () => /^(\/tmp\/ory-\w{12})\n/.exec(guard.said())?.[1]);
  };
  /** The guard with another limit than the one it has. */
  const limited = (limit: string, other: string) => {
    expect(GUARD).toContain(limit);
    return GUARD.replace(limit, other);
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "guard-"));
    await writeFile(join(dir, "kratos"), KRATOS, { mode: 0o755 });
  });
  afterEach(async () => {
    guard.kill();
    await rm(dir, { recursive: true });
  });

  it("gives Kratos its variables, whatever they are called and hold, and the shell none", async () => {
    const names = ["PATH", "IFS", "binary", "folder", "count", "name", "value", "line", "kratos", "CANARY"];
    const env = Object.fromEntries(names.map((name) => [name, `a canary of $(${name})\n'"`]));
    const folder = await start(GUARD, env);
    guard.child.stdin!.write("start\n");
    const shown = await waitFor("the environment", () =>
      /CANARY=/.test(guard.said()) ? guard.said() : undefined,
    );
    // A shell keeps no IFS that it is started with.
    for (const [name, value] of Object.entries(env))
      if (name !== "IFS") expect(shown).toContain(`${name}=${value}|`);
    await guard.end();
    expect(existsSync(folder)).toBe(false);
  });

  it("ends the trial of a connection that has gone silent", async () => {
    const folder = await start(limited("KILL 120", "KILL 1"));
    guard.child.stdin!.write("start\n");
    await guard.ended;
    expect(existsSync(folder)).toBe(false);
  });

  it("removes the folder of a trial that is never started", async () => {
    const folder = await start(limited("KILL 60", "KILL 1"));
    await guard.ended;
    expect(existsSync(folder)).toBe(false);
  });
});
