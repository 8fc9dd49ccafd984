/**
 * `npm run soak [-- --seeds 2000 --from 0 --kills 200]`: more of the schedules and kill points that the tests run, and
 * what came of them. Exits non-zero where anything is not as it must be; `--from <seed> --seeds 1` repeats one.
 */
import { parseArgs } from "node:util";
import { killPoints, runKill, usualTime } from "./kills";
import { NetworkScene } from "./scene";
import { type Results, runBatch, SEEDS } from "./schedules";

const options = {
  seeds: { type: "string", default: "950" },
  from: { type: "string", default: "0" },
  kills: { type: "string", default: "90" },
} as const;

async function runKills(count: number): Promise<Results> {
  const scene = await NetworkScene.start();
  const results: Results = { outcomes: [], failures: [] };
  try {
    const usual = await usualTime(scene);
    for (const [index, point] of killPoints(count).entries()) {
      const run = runKill(scene, `kill-${index}`, point, usual);
      await run.then(
        (outcome) => results.outcomes.push(outcome),
        (error: Error) => results.failures.push(`killed ${point.name}: ${error.message}`),
      );
    }
    return results;
  } finally {
    await scene.stop();
  }
}

function counts(what: string, { outcomes, failures }: Results) {
  for (const failure of failures) console.log(`${what}: ${failure}`);
  const of = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
  const total = outcomes.length + failures.length;
  return { what, total, applied: of("applied"), old: of("old"), new: of("new"), wrong: failures.length };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  const [seeds, from, kills] = [values.seeds, values.from, values.kills].map(Number) as [
    number,
    number,
    number,
  ];
  if (![seeds, from, kills].every((number) => Number.isSafeInteger(number) && number >= 0))
    throw new Error("--seeds, --from and --kills are whole numbers");
  const rows: ReturnType<typeof counts>[] = [];
  for (let first = from; first < from + seeds; ) {
    const batch = Math.floor(first / SEEDS);
    const end = Math.min(from + seeds, (batch + 1) * SEEDS);
    const chosen = Array.from({ length: end - first }, (_, index) => first + index);
    rows.push(counts(`seeds ${first} to ${end - 1}`, await runBatch(batch, chosen)));
    process.stderr.write(`${rows.at(-1)!.what} done\n`);
    first = end;
  }
  if (kills > 0) rows.push(counts("kill -9", await runKills(kills)));
  const wrong = rows.reduce((sum, row) => sum + row.wrong, 0);
  console.table(rows);
  console.log(wrong === 0 ? "everything is as it must be" : `${wrong} not as it must be`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
