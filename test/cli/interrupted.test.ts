import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { placeWith, SAMPLES } from "./every-verb";
import { startPulumiOry } from "./pulumi-ory";
import { CTRL_C, hasTerminal, startOnTerminal } from "./terminal";

/** An executable that notes its process in a file and answers nothing. */
const silent = (notes: string): string => `#!/bin/sh\necho $$ >>'${notes}'\nexec sleep 1000\n`;

/** A place where whatever a verb asks never answers, and which tells that it was asked. */
async function waitingPlace() {
  const notes = await mkdtemp(join(tmpdir(), "reached-"));
  const reached = join(notes, "reached");
  const program = silent(reached);
  const { dir, env, remove } = await placeWith({ pulumi: program, git: program, "slow-kratos": program });
  let asked = false;
  const server = createServer(() => {
    asked = true;
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pids = () =>
    existsSync(reached) ? readFileSync(reached, "utf8").trim().split("\n").map(Number) : [];
  return {
    dir,
    env: {
      ...env,
      ORY_CONSOLE_URL: url,
      GITHUB_API_URL: url,
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_TOKEN: "t",
    },
    of: (args: readonly string[]) => args.map((arg) => arg.replace("$hang", url)),
    wasAsked: () => asked || pids().length > 0,
    /** Processes that still run. */
    running: () => pids().filter(isRunning),
    remove: async () => {
      server.closeAllConnections();
      server.close();
      await Promise.all([remove(), rm(notes, { recursive: true })]);
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Everything in a folder, with what is in it. */
const contentsOf = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .map((entry) => [entry, join(entry.parentPath, entry.name)] as const)
      .map(([entry, path]) => [path, entry.isFile() ? readFileSync(path, "utf8") : ""]),
  );

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(20);
}

const waits = Object.entries(SAMPLES).flatMap(([verb, { waits = [] }]) =>
  waits.map((args): [string, string[]] => [[verb, ...args].join(" "), [...verb.split(" "), ...args]]),
);
const onTerminal = hasTerminal ? test.concurrent : test.skip;

describe("in a pipeline", () => {
  const signals = waits.flatMap(([name, args], index) => {
    const both: NodeJS.Signals[] = index % 4 === 0 ? ["SIGINT", "SIGTERM"] : ["SIGINT"];
    return both.map((signal): [string, NodeJS.Signals, string[]] => [name, signal, args]);
  });

  test.concurrent.each(signals)("`%s` that waits leaves nothing after %s", async (_, signal, args) => {
    const place = await waitingPlace();
    try {
      const before = contentsOf(place.dir);
      const { child, done } = startPulumiOry(place.of(args), { cwd: place.dir, env: place.env, stdin: null });
      // More than a pipe holds: once all of it is taken, somebody reads.
      if (args.includes("-")) await new Promise((taken) => child.stdin.write("#".repeat(1_000_000), taken));
      else await until(place.wasAsked);
      child.kill(signal);
      expect(await done).toEqual({ code: 128 + constants.signals[signal], stdout: "", stderr: "" });
      await until(() => place.running().length === 0);
      expect(contentsOf(place.dir)).toEqual(before);
    } finally {
      await place.remove();
    }
  });
});

describe("on a terminal", () => {
  const told = waits.filter(([, args]) => !args.includes("-"));

  onTerminal.each(told)("`%s` tells what it waits for, and takes it back at Ctrl-C", async (_, args) => {
    const place = await waitingPlace();
    const answer = join(tmpdir(), `answer-${process.pid}-${Math.random()}`);
    try {
      const before = contentsOf(place.dir);
      const run = startOnTerminal(place.of(args), { cwd: place.dir, env: place.env, answer });
      await run.shows(/\S…/);
      run.type(CTRL_C);
      const { code, screen } = await run.done;
      expect(code).toBe(130);
      expect(screen.split("\r\u001b[K").at(-1)!.trim()).toBe("");
      expect(await readFile(answer, "utf8")).toBe("");
      await until(() => place.running().length === 0);
      expect(contentsOf(place.dir)).toEqual(before);
    } finally {
      await rm(answer, { force: true });
      await place.remove();
    }
  });

  onTerminal("a question of init that is given up with Ctrl-C", async () => {
    const place = await waitingPlace();
    try {
      const before = contentsOf(place.dir);
      const run = startOnTerminal(["init", "made"], { cwd: place.dir, env: place.env });
      await run.shows(/Where does the identity config live/);
      run.type(CTRL_C);
      const { code, screen } = await run.done;
      expect(code).toBe(130);
      expect(screen).not.toContain("error");
      expect(contentsOf(place.dir)).toEqual(before);
    } finally {
      await place.remove();
    }
  });
});
