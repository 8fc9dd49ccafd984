/** Planning a document of 1 MB, by how many paths change. */
import { plan } from "../infra/identity-config/change-set";
import { largeDocument } from "./large-document";
import { interleaved, median, type Row, ratio } from "./measurement";

const RUNS = 31;
/** How many paths change in the document that is planned. */
const CHANGES = [1, 1_000, 2_000, 4_000] as const;

export async function planRows(): Promise<Row[]> {
  const effective = largeDocument(0);
  const baseline = { effective, defaults: {}, managed: [] };
  const works = CHANGES.map((changed) => {
    const declared = largeDocument(changed);
    const work = () => plan(baseline, { declared, owned: [], release: [], secrets: [] });
    if (work().changes.length !== changed)
      throw new Error(`the plan has another number of changes than ${changed}`);
    return [String(changed), work] as const;
  });
  const times = await interleaved(Object.fromEntries(works), RUNS);
  const rows = CHANGES.map(
    (changed): Row => ({
      name: `plan of ${(JSON.stringify(effective).length / 1e6).toFixed(2)} MB, ${changed} changed`,
      value: median(times[changed]!),
      unit: "ms",
      ...(changed === 1 && { budget: 30 }),
      runs: RUNS,
    }),
  );
  return [
    ...rows,
    {
      name: "plan, 4000 changed over 2000 changed (linear: 2)",
      value: ratio(times[4_000]!, times[2_000]!),
      unit: "x",
      budget: 2.2,
      runs: RUNS,
    },
  ];
}
