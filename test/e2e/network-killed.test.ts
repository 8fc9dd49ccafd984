import { execFileSync } from "node:child_process";
import { type FakeNetwork, type Fault, startFakeNetwork } from "../fake-network";
import { waitFor } from "../kratos/wait";
import { CANARY, PROJECT } from "../network/scene";
import type { Side } from "../network/sides";
import { exported, liveSide, networkEnv, networkShop } from "./network-shop";
import { Project } from "./project";

/** What becomes of the call at which an update is cut off. */
const CALLS = {
  "its read is lost": ["GET", { kind: "cut", effect: false, answer: "none" }],
  "its read hangs": ["GET", { kind: "slow", ms: 600_000 }],
  "its write is lost": ["PATCH", { kind: "cut", effect: false, answer: "none" }],
  "its write hangs": ["PATCH", { kind: "slow", ms: 600_000 }],
  "its write is done and not answered": ["PATCH", { kind: "slow", ms: 0 }],
} as const satisfies Record<string, [string, Fault]>;
type Moment = keyof typeof CALLS;
const POINTS: [Cut, Moment][] = [
  ["Ctrl-C", "its read hangs"],
  ["Ctrl-C", "its write hangs"],
  ["Ctrl-C", "its write is done and not answered"],
  ["kill -9 of the engine", "its read hangs"],
  ["kill -9 of the engine", "its write hangs"],
  ["kill -9 of the engine", "its write is done and not answered"],
  ["kill -9 of the provider", "its read is lost"],
  ["kill -9 of the provider", "its write is lost"],
  ["kill -9 of the provider", "its write is done and not answered"],
];
type Cut = "Ctrl-C" | "kill -9 of the engine" | "kill -9 of the provider";

describe("an up of a stack on Ory Network that is cut off", () => {
  let network: FakeNetwork;
  let project: Project;
  let wanted: Side = "old";
  beforeAll(async () => {
    network = await startFakeNetwork({ projects: [{ id: PROJECT }] });
    project = await Project.create();
  });
  afterAll(async () => {
    await project?.remove();
    await network?.stop();
  });

  const up = async () => {
    await project.program(networkShop(wanted));
    const args = ["up", "--yes", "--skip-preview", "--non-interactive"];
    return project.start("pulumi", args, networkEnv(network));
  };
  const processes = () =>
    execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" })
      .split("\n")
      .flatMap((line) => {
        const [, pid, parent, args] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
        return args === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
      });

  /** Cuts an update off when its call arrives, and waits until the engine and all that it has started have ended. */
  async function cutOff(how: Cut, moment: Moment): Promise<void> {
    const [method, fault] = CALLS[moment];
    const { child, done } = await up();
    const engine = child.pid!;
    let started: number[] = [];
    let isCut = false;
    network.setFaults((call) => {
      if (isCut || call.method !== method) return [];
      isCut = true;
      const children = processes().filter(({ parent }) => parent === engine);
      started = children.map(({ pid }) => pid);
      if (how === "kill -9 of the provider") {
        for (const { pid, args } of children)
          if (args.includes("provider/main.js")) process.kill(pid, "SIGKILL");
      } else child.kill(how === "Ctrl-C" ? "SIGINT" : "SIGKILL");
      return [fault];
    });
    const { code, output } = await done;
    network.setFaults();
    expect(isCut).toBe(true);
    expect(output).not.toContain(CANARY);
    if (how !== "kill -9 of the engine") expect(code).not.toBe(0);
    await waitFor("every process to end", () =>
      processes().some(({ pid }) => started.includes(pid)) ? undefined : true,
    );
  }

  /** Makes good what was cut off. */
  async function madeGood(how: Cut): Promise<string> {
    expect(await exported(project)).toHaveProperty("deployment");
    if (how === "kill -9 of the engine")
      expect(await project.pulumi(["cancel", "--yes"])).toMatchObject({ code: 0 });
    const { code, output } = await (await up()).done;
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(liveSide(network)).toBe(wanted);
    expect(await project.state()).not.toContain(CANARY);
    return output;
  }

  it("the very first one, whose resource is not in the state yet, is made good by the next", async () => {
    await cutOff("kill -9 of the engine", "its write is done and not answered");
    expect(liveSide(network)).toBe("old");
    expect((await exported(project)).deployment.pending_operations).toHaveLength(1);
    expect(await madeGood("kill -9 of the engine")).toContain("interrupted while creating");
    const cleared = await project.pulumi(
      ["refresh", "--yes", "--clear-pending-creates"],
      networkEnv(network),
    );
    expect(cleared).toMatchObject({ code: 0 });
  });

  it.each(POINTS)(
    "by %s when %s leaves the old config or the new one, and is made good",
    async (how, moment) => {
      const before = liveSide(network);
      wanted = before === "old" ? "new" : "old";
      await cutOff(how, moment);
      expect(liveSide(network)).toBe(moment === "its write is done and not answered" ? wanted : before);
      await madeGood(how);
      expect((await exported(project)).deployment.pending_operations ?? []).toEqual([]);
    },
  );
});
