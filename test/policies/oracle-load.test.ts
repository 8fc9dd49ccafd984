import gte from "semver/functions/gte";
import type { Document } from "../../infra/identity-config/model";
import { kratosConfig, overlaid } from "../kratos/config";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { LOAD_EXAMPLES } from "./load-examples";
import { LOAD_SCHEMA_EXAMPLES } from "./load-schema-examples";
import { LOAD_RULES, refusals } from "./load-verdict";
import { verdict } from "./verdict";

const EXAMPLES = [
  ...LOAD_EXAMPLES.map((example) => ({ ...example, reloads: false })),
  // A hot reload takes any identity schema: it says that it was successful, then that they are invalid.
  ...LOAD_SCHEMA_EXAMPLES.map((example) => ({ ...example, reloads: true })),
];

test("every rule about what Kratos loads has an example", () => {
  const shown = new Set(EXAMPLES.map(({ rule }) => rule));
  // Its own test has more of them.
  expect(LOAD_RULES.filter((rule) => !shown.has(rule))).toEqual(["schema-is-json"]);
});

describe.each(kratosBinaries())("what %s refuses", (binary) => {
  const version = kratosVersion(binary);
  let outbox: Outbox;
  let kratos: Kratos;
  const start = (config: Document) => startKratos({ binary, files: { "kratos.json": config }, yields: true });

  beforeAll(async () => {
    outbox = await startOutbox();
    kratos = await start(kratosConfig(outbox));
  });
  afterAll(async () => {
    await kratos?.stop();
    await outbox?.close();
  });

  test.each(EXAMPLES)("$rule: $fault", async ({ rule, bad, good, said, until, reloads }) => {
    const violating = overlaid(kratosConfig(outbox), bad);
    const repaired = overlaid(kratosConfig(outbox), good);
    if (until === undefined || !gte(version, until)) {
      expect(verdict(rule, violating, binary)).toBe("violated");
      expect(refusals(violating, version)).toHaveLength(1);
      await expect(start(violating)).rejects.toMatchObject({ code: 1, log: expect.stringMatching(said) });
      // A running server keeps what it has, which is how an outage hides until the next restart.
      if (!reloads) expect(await kratos.reload("kratos.json", violating)).toBe("refused");
    } else {
      expect(refusals(violating, version)).toEqual([]);
      expect(await kratos.reload("kratos.json", violating)).toBe("accepted");
    }
    expect(refusals(repaired, version)).toEqual([]);
    expect(await kratos.reload("kratos.json", repaired)).toBe("accepted");
  });
});
