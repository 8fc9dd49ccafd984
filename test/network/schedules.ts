import assert from "node:assert/strict";
import { type FaultSchedule, type Quirks, seededFaults } from "../fake-network";
import { Crossing } from "./crossing";
import { CANARY, NetworkScene } from "./scene";
import type { Side } from "./sides";

/** What came of one update: it succeeded, or it failed and left one of both in force. */
export type Outcome = "applied" | Side;

const AT_ONCE = 24;

const QUIRKS: readonly Partial<Quirks>[] = [
  {},
  { secrets: "masked", schemaIdsAfterReads: 3 },
  { secrets: "shown", staleReads: 1, organizationHook: true },
  { schemaIdsAfterReads: 1, staleReads: 2, fillsEmpty: false },
  { rateLimit: { perSecond: 60 }, strictPatch: true, storesAssets: false },
];

/** How many seeds are a batch; batch 1 begins with that seed. */
export const SEEDS = 95;

/** Routes each call to the schedule of the project that it is about; calls are counted for each. */
export class Schedules {
  private readonly running = new Map<string, { schedule: FaultSchedule; number: number }>();

  constructor({ network }: NetworkScene) {
    network.setFaults(({ method, path }) => {
      const entry = this.running.get(/\/projects\/([^/]+)/.exec(path)?.[1] ?? "");
      if (entry === undefined) return [];
      entry.number += 1;
      return entry.schedule({ number: entry.number, method, path });
    });
  }

  set(project: string, schedule: FaultSchedule): void {
    this.running.set(project, { schedule, number: 0 });
  }

  clear(project: string): void {
    this.running.delete(project);
  }
}

/** What came of many updates. */
export interface Results {
  outcomes: Outcome[];
  /** A line for each that did not end as it must; how to run it again is named by its seed. */
  failures: string[];
}

/** An update under the seeded schedule and the batch's quirks for each of `seeds`, then one without faults. */
export async function runBatch(batch: number, seeds: readonly number[]): Promise<Results> {
  const scene = await NetworkScene.start({ quirks: QUIRKS[batch % QUIRKS.length]! });
  const results: Results = { outcomes: [], failures: [] };
  try {
    const schedules = new Schedules(scene);
    await inTurn(seeds, async (seed) => {
      try {
        results.outcomes.push(await runSchedule(scene, schedules, `p${seed}`, seededFaults(seed)));
      } catch (error) {
        results.failures.push(`seed ${seed}: ${(error as Error).message}`);
      }
    });
    if (scene.told().join("\n").includes(CANARY)) results.failures.push("a secret was logged");
    return results;
  } finally {
    await scene.stop();
  }
}

async function runSchedule(
  scene: NetworkScene,
  schedules: Schedules,
  project: string,
  schedule: FaultSchedule,
): Promise<Outcome> {
  const crossing = await Crossing.begin(scene, project);
  schedules.set(project, schedule);
  let state = crossing.before;
  let outcome: Outcome;
  try {
    state = await crossing.up(state);
    outcome = "applied";
  } catch (error) {
    const { message } = error as Error;
    assert.ok(!message.includes(CANARY), "a secret is in an error");
    assert.ok(!message.includes("a defect of the provider"), message);
    outcome = crossing.side();
  }
  schedules.clear(project);
  if (outcome === "applied") assert.equal(crossing.side(), "new");
  await crossing.converge(state);
  return outcome;
}

/** Runs `task` on all items, some at once. */
async function inTurn<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
