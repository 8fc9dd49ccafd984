import fc from "fast-check";
import { type Document, inlineUri } from "../../infra/identity-config/model";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { refusals } from "./load-verdict";
import { randomSchema } from "./random-schema";
import { whole } from "./review";

/** `LOAD_SCHEMAS=5000 LOAD_SEED=7` for more of them, and others. */
const SCHEMAS = Number(process.env.LOAD_SCHEMAS ?? 300);
const SEED = Number(process.env.LOAD_SEED ?? 20260301);

/** Ends what hangs; each takes some 60 ms. */
const LIMIT = 300_000 + SCHEMAS * 400;

const FILE = "kratos.json";
const INVALID = /identity schema configuration is invalid[\s\S]*?service_name=/;
const listing = (...texts: string[]): Document =>
  whole({
    identity: {
      schemas: texts.map((text, at) => ({ id: at === 0 ? "default" : "last", url: inlineUri(text) })),
    },
  });

/** An identity schema that no Kratos loads, and names when it refuses it. */
const sentinel = (name: string): string =>
  JSON.stringify({
    properties: { traits: { type: "object", properties: { email: { "ory.sh/kratos": { [name]: true } } } } },
  });

describe.each(kratosBinaries())("which identity schemas %s loads", (binary) => {
  const version = kratosVersion(binary);
  let kratos: Kratos;
  let count = 0;

  beforeAll(async () => {
    kratos = await startKratos({ binary, files: { [FILE]: whole({}) } });
  });
  afterAll(() => kratos?.stop());

  /**
   * A hot reload logs success, and some time later that an identity schema is invalid, or nothing. So another one is
   * listed behind it that is invalid in any case: of all, Kratos names the first.
   */
  async function judged(text: string): Promise<"accepted" | "refused"> {
    const name = `sentinel-${count++}`;
    const seen = kratos.log().length;
    expect(await kratos.reload(FILE, listing(text, sentinel(name)))).toBe("accepted");
    const said = await waitFor(
      "what Kratos says of the identity schemas",
      async () => INVALID.exec(kratos.log().slice(seen))?.[0],
    );
    return said.includes(name) ? "accepted" : "refused";
  }

  test(
    `is what the rules let through, for ${SCHEMAS} random ones`,
    async () => {
      const counts = { accepted: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(randomSchema, async (schema) => {
          const text = JSON.stringify(schema);
          const ours = refusals(listing(text), version);
          const theirs = await judged(text);
          counts[theirs]++;
          expect({ theirs, ours }).toEqual({ theirs: ours.length > 0 ? "refused" : "accepted", ours });
        }),
        { numRuns: SCHEMAS, seed: SEED },
      );
      console.log(`${SCHEMAS} identity schemas, seed ${SEED}, kratos ${version}: ${JSON.stringify(counts)}`);
      expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(SCHEMAS / 5);
    },
    LIMIT,
  );
});
