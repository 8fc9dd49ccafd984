import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { type Fault, faultsByCall } from "../fake-network";
import { Crossing } from "./crossing";
import { CANARY, type NetworkScene } from "./scene";
import { type Outcome, Schedules } from "./schedules";

/** What happens to an update besides, by its calls: a read by the preview, a read and a write by the update. */
const CIRCUMSTANCES: Record<string, { faults: Record<number, Fault[]>; calls: number[] }> = {
  "": { faults: {}, calls: [1, 2, 3] },
  " after somebody else was faster": {
    faults: { 3: [{ kind: "write", patch: otherPage() }] },
    calls: [4, 5],
  },
  " after a write that failed": { faults: { 3: [{ kind: "status", status: 503 }] }, calls: [4, 5] },
  " after an answer that was lost": {
    faults: { 3: [{ kind: "cut", effect: true, answer: "half" }] },
    calls: [4],
  },
};

/** When the provider is killed around a call that the server gets, and what becomes of the call. */
const MOMENTS: Record<string, { faults: Fault[]; ms: number }> = {
  "when %s is lost": { faults: [{ kind: "cut", effect: false, answer: "none" }], ms: 0 },
  "when %s is being handled": { faults: [], ms: 0 },
  "when %s will be handled later": { faults: [{ kind: "slow", ms: 25 }], ms: 0 },
  "1 ms after %s": { faults: [], ms: 1 },
  "4 ms after %s": { faults: [], ms: 4 },
  "16 ms after %s": { faults: [], ms: 16 },
  "64 ms after %s": { faults: [], ms: 64 },
};

/** A moment of an update at which its provider is killed. */
export interface KillPoint {
  name: string;
  /** Around this call; else at that share of the time that an update takes. */
  at: { call: number; ms: number; faults: Record<number, Fault[]> } | { share: number };
}

/** `count` of them: all around calls, the rest spread over the time. */
export function killPoints(count: number): KillPoint[] {
  const atCalls = Object.entries(CIRCUMSTANCES).flatMap(([after, { faults, calls }]) =>
    calls.flatMap((call) =>
      Object.entries(MOMENTS).map(([when, moment]): KillPoint => {
        const name = when.replace("%s", `call ${call}${after}`);
        return { name, at: { call, ms: moment.ms, faults: { ...faults, [call]: moment.faults } } };
      }),
    ),
  );
  const left = Math.max(count - atCalls.length, 0);
  const inTime = Array.from({ length: left }, (_, index): KillPoint => {
    const share = index / Math.max(left - 1, 1);
    return { name: `after ${(share * 100).toFixed(1)} % of the time`, at: { share } };
  });
  return [...atCalls, ...inTime].slice(0, count);
}

/** How long an update takes here, in milliseconds. */
export async function usualTime(scene: NetworkScene): Promise<number> {
  const crossing = await Crossing.begin(scene, "usual");
  const begun = performance.now();
  await crossing.up(crossing.before);
  return performance.now() - begun;
}

/**
 * An update whose provider is killed with SIGKILL at `point`, then one by another provider with the state as it was.
 * Throws where anything is not as it must be.
 */
export async function runKill(
  scene: NetworkScene,
  project: string,
  { at }: KillPoint,
  usual: number,
): Promise<Outcome> {
  const crossing = await Crossing.begin(scene, project);
  const next = await scene.another();
  const { process: victim } = scene.plugin;
  const gone = once(victim, "exit");
  const kill = () => victim.kill("SIGKILL");
  const schedules = new Schedules(scene);
  if ("call" in at) {
    const faults = faultsByCall(at.faults);
    schedules.set(project, (call) => {
      if (call.number === at.call) at.ms === 0 ? kill() : setTimeout(kill, at.ms);
      return faults(call);
    });
  } else void delay(usual * at.share).then(kill);

  let state = crossing.before;
  let outcome: Outcome | undefined;
  try {
    state = await crossing.up(state);
    outcome = "applied";
  } catch (error) {
    assert.ok(!(error as Error).message.includes(CANARY), "a secret is in an error");
  }
  await gone;
  schedules.clear(project);
  assert.ok(!scene.told().join("\n").includes(CANARY), "a secret was logged");
  await scene.plugin.stop();
  scene.plugin = next;

  const side = crossing.side();
  if (outcome === "applied") assert.equal(side, "new");
  await crossing.converge(state);
  return outcome ?? side;
}

function otherPage() {
  const path = "/services/identity/config/selfservice/flows/error/ui_url";
  return [{ op: "replace" as const, path, value: "https://other-writer.example/error" }];
}
