import { seededFaults } from "../fake-network";
import { CANARY, NetworkScene } from "./scene";
import { quirksOf, runSchedule, Schedules } from "./schedules";

const BATCHES = 5;
const SEEDS = 95;
const AT_ONCE = 24;

describe("under faults, quirks and other writers", () => {
  it.each([...Array(BATCHES).keys()])(
    `${SEEDS} updates of batch %i end applied, or exactly old or new, and the next one converges`,
    async (batch) => {
      const scene = await NetworkScene.start({ quirks: quirksOf(batch) });
      try {
        const schedules = new Schedules(scene);
        const seeds = [...Array(SEEDS).keys()].map((index) => batch * SEEDS + index);
        const outcomes = await inTurn(seeds, (seed) =>
          runSchedule(scene, schedules, `p${seed}`, seededFaults(seed)).catch((error: Error) => {
            throw new Error(`seed ${seed}: ${error.message}`);
          }),
        );
        expect(outcomes).toContain("applied");
        expect(scene.told().join("\n")).not.toContain(CANARY);
      } finally {
        await scene.stop();
      }
    },
  );
});

/** Runs `task` on all items, some at once. */
async function inTurn<T, Result>(items: T[], task: (item: T) => Promise<Result>): Promise<Result[]> {
  const waiting = [...items];
  const results: Result[] = [];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift())
      results.push(await task(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
