import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SWAP } from "../../infra/targets/ssh/swap-script";
import { waitFor } from "../kratos/wait";
import { RunScript, SHELLS } from "./run-script";

describe.each(SHELLS)("a swap by %s", (_, shell) => {
  let dir: string;
  let started: RunScript[];
  const lock = () => join(dir, "identity.yml.lock");
  const swap = () => {
    const made = new RunScript(shell, SWAP, [join(dir, "identity.yml"), "0123456789ab"]);
    started.push(made);
    return made;
  };
  const isLocked = (one: RunScript) => one.said() === "locked\n";
  const leaveStaleLock = async () => {
    await mkdir(lock());
    const past = new Date(Date.now() - 60_000);
    await utimes(lock(), past, past);
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "swap-"));
    started = [];
  });
  afterEach(async () => {
    for (const one of started) one.kill();
    await rm(dir, { recursive: true, force: true });
  });

  it("is the only one that takes over a lock that is left", async () => {
    for (let round = 0; round < 10; round++) {
      await leaveStaleLock();
      const swaps = [swap(), swap(), swap(), swap()];
      await waitFor("one to take the lock", () => (swaps.some(isLocked) ? true : undefined));
      await delay(150);
      expect(swaps.map(isLocked).filter(Boolean)).toEqual([true]);
      expect(swaps.map(({ child }) => child.exitCode)).toEqual([null, null, null, null]);
      expect(await readdir(dir)).toEqual(["identity.yml.lock"]);
      for (const one of swaps) one.kill();
      await rm(lock(), { recursive: true });
    }
  });

  it("leaves a lock that another has taken from it", async () => {
    const one = swap();
    await waitFor("it to take the lock", () => (isLocked(one) ? true : undefined));
    const others = join(dir, "others");
    await mkdir(others);
    await rename(others, lock());
    const { ino } = await stat(lock());
    await one.end();
    expect((await stat(lock())).ino).toBe(ino);
  });

  it("ends though SIGTERM came before its input ended, and clears up", async () => {
    const one = swap();
    await waitFor("it to take the lock", () => (isLocked(one) ? true : undefined));
    process.kill(-one.child.pid!, "SIGTERM");
    await delay(100);
    expect(await readdir(dir)).toEqual(["identity.yml.lock"]);
    await one.end();
    expect(await readdir(dir)).toEqual([]);
  });
});
