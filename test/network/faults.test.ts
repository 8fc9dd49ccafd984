import { runBatch, SEEDS } from "./schedules";

const BATCHES = 5;

describe("under faults, quirks and other writers", () => {
  it.each([...Array(BATCHES).keys()])(
    `${SEEDS} updates of batch %i end applied, or exactly old or new, and the next one converges`,
    async (batch) => {
      const seeds = [...Array(SEEDS).keys()].map((index) => batch * SEEDS + index);
      const { outcomes, failures } = await runBatch(batch, seeds);
      expect(failures).toEqual([]);
      expect(outcomes).toContain("applied");
    },
  );
});
