import fc from "fast-check";
import type { Document } from "../../infra/identity-config/model";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { refusals } from "./load-verdict";
import { randomConfig } from "./random-config";
import { whole } from "./review";

/** `LOAD_CONFIGS=10000 LOAD_SEED=7` for more of them, and others. */
const CONFIGS = Number(process.env.LOAD_CONFIGS ?? 1000);
const SEED = Number(process.env.LOAD_SEED ?? 20260301);

/** Ends what hangs; each takes some 40 ms. */
const LIMIT = 300_000 + CONFIGS * 200;

const FILE = "kratos.json";

describe.each(kratosBinaries())("what %s loads", (binary) => {
  const version = kratosVersion(binary);
  let kratos: Kratos;

  beforeAll(async () => {
    kratos = await startKratos({ binary, files: { [FILE]: whole({}) }, yields: true });
  });
  afterAll(() => kratos?.stop());

  test(
    `is what the rules let through, for ${CONFIGS} random configs`,
    async () => {
      const counts = { accepted: 0, refused: 0 };
      const configs = randomConfig({ target: "kratos", kratosVersion: version });
      await fc.assert(
        fc.asyncProperty(configs, async (config: Document) => {
          const ours = refusals(config, version);
          const theirs = await kratos.reload(FILE, config);
          counts[theirs]++;
          expect({ theirs, ours }).toEqual({ theirs: ours.length > 0 ? "refused" : "accepted", ours });
        }),
        { numRuns: CONFIGS, seed: SEED },
      );
      console.log(`${CONFIGS} configs, seed ${SEED}, kratos ${version}: ${JSON.stringify(counts)}`);
      expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(CONFIGS / 5);
    },
    LIMIT,
  );
});
