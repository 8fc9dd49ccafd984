/** Planning a document of 1 MB, by how many paths change. */
import { plan } from "../infra/identity-config/change-set";
import { type Document, inlineUri } from "../infra/identity-config/model";
import { interleaved, median, type Row, ratio } from "./measurement";

const SIZE = 1_000_000;
const RUNS = 31;
/** How many paths change in the document that is planned. */
const CHANGES = [1, 1_000, 2_000, 4_000] as const;

/**
 * About 1 MB of what makes configurations large: identity schemas as texts, channels, and single values.
 * @param changed How many of the single values are other ones.
 */
function largeDocument(changed: number): Document {
  const traits = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`trait${index}`, { type: "string", title: `Trait ${index}` }]),
  );
  const schema = (title: string) =>
    inlineUri(JSON.stringify({ title, properties: { traits: { properties: traits } } }));
  const values: Record<string, string> = {};
  const document: Document = {
    identity: {
      schemas: Array.from({ length: 100 }, (_, index) => ({
        id: `schema-${index}`,
        url: schema(`Schema ${index}`),
      })),
    },
    courier: {
      channels: Array.from({ length: 500 }, (_, index) => ({
        id: `channel-${index}`,
        type: "http",
        request_config: {
          method: "POST",
          url: `https://channel-${index}.shop.example/send`,
          body: "base64://e30=",
        },
      })),
    },
    values,
  };
  for (let index = 0, size = JSON.stringify(document).length; size < SIZE; index++) {
    values[`value-${index}`] = index < changed ? "another value of this kind" : "the value that is there";
    size += 45;
  }
  return document;
}

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
