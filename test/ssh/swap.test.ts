import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import which from "which";
import { inputOf } from "../../infra/targets/ssh/script";
import { SWAP } from "../../infra/targets/ssh/swap-script";
import { waitFor } from "../kratos/wait";

const SHELLS = [["sh"], ["bash"], ["busybox", "sh"]].filter(([shell]) => {
  const found = which.sync(shell!, { nothrow: true }) !== null;
  if (!found) process.stderr.write(`skipped: swaps by ${shell}, as it is not on PATH\n`);
  return found;
});

describe.each(SHELLS.map((shell) => [shell.join(" "), shell] as const))("a swap by %s", (_, shell) => {
  let dir: string;
  let started: Swap[];
  const lock = () => join(dir, "identity.yml.lock");
  const swap = () => {
    const made = new Swap(shell, join(dir, "identity.yml"));
    started.push(made);
    return made;
  };
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
      await waitFor("one to take the lock", () => (swaps.some((one) => one.isLocked()) ? true : undefined));
      await delay(150);
      expect(swaps.map((one) => one.isLocked()).filter(Boolean)).toEqual([true]);
      expect(swaps.map(({ child }) => child.exitCode)).toEqual([null, null, null, null]);
      expect(await readdir(dir)).toEqual(["identity.yml.lock"]);
      for (const one of swaps) one.kill();
      await rm(lock(), { recursive: true });
    }
  });

  it("leaves a lock that another has taken from it", async () => {
    const one = swap();
    await waitFor("it to take the lock", () => (one.isLocked() ? true : undefined));
    const others = join(dir, "others");
    await mkdir(others);
    await rename(others, lock());
    const { ino } = await stat(lock());
    await one.end();
    expect((await stat(lock())).ino).toBe(ino);
  });

  it("ends though SIGTERM came before its input ended, and clears up", async () => {
    const one = swap();
    await waitFor("it to take the lock", () => (one.isLocked() ? true : undefined));
    process.kill(-one.child.pid!, "SIGTERM");
    await delay(100);
    expect(await readdir(dir)).toEqual(["identity.yml.lock"]);
    await one.end();
    expect(await readdir(dir)).toEqual([]);
  });
});

/** The script, as a shell of a host runs it. */
class Swap {
  readonly child: ChildProcess;
  private said = "";
  private readonly ended: Promise<unknown>;

  constructor([shell, ...args]: readonly string[], file: string) {
    const script = 'IFS= read -r script; eval "$(printf %b "$script")"';
    this.child = spawn(shell!, [...args, "-c", script], { detached: true, stdio: "pipe" });
    this.child.stdin!.on("error", () => undefined).write(inputOf(SWAP, [file, "0123456789ab"], "mark"));
    this.child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.said += text;
    });
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  isLocked = (): boolean => this.said === "mark\nlocked\n";

  async end(): Promise<void> {
    this.child.stdin!.end();
    await this.ended;
  }

  kill(): void {
    try {
      process.kill(-this.child.pid!, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}
