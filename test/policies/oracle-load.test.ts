import { readFileSync } from "node:fs";
import coerce from "semver/functions/coerce";
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

/** Hosts that are what the Go that built Kratos makes of them: which of its versions refuses them, and our verdict. */
const HOSTS = [
  { url: "http://[a]/", refusedByGo: "1.25.2", ours: "refused" },
  { url: "http://a[b/", refusedByGo: "1.25.2", ours: "refused" },
  // Go 1.26 is strict where a program's go.mod says so, which that of 1.3.1 does not.
  { url: "http://a:b:80/", refusedByGo: "1.26.0", since: "25.4.0", ours: "accepted" },
  { url: "http://a::80/", refusedByGo: "1.26.0", since: "25.4.0", ours: "accepted" },
  { url: "http://a:1:2/", refusedByGo: "1.26.0", since: "25.4.0", ours: "accepted" },
  { url: "http://::1/", refusedByGo: "1.26.0", since: "25.4.0", ours: "accepted" },
];

/** The version of Go that an executable was built with, as its build information says. */
function goVersion(binary: string): string {
  const bytes = readFileSync(binary);
  const at = bytes.indexOf("Go buildinf:");
  return /go(\d+\.\d+(\.\d+)?)/.exec(bytes.toString("latin1", at, at + 100))![1]!;
}

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

  test.each(HOSTS)("or not, as its Go takes it: $url", async ({ url, refusedByGo, since, ours }) => {
    const config = overlaid(kratosConfig(outbox), { selfservice: { flows: { error: { ui_url: url } } } });
    const refuses = gte(coerce(goVersion(binary))!, refusedByGo) && gte(version, since ?? "0.0.0");
    expect(await kratos.reload("kratos.json", config)).toBe(refuses ? "refused" : "accepted");
    expect(refusals(config, version)).toHaveLength(ours === "refused" ? 1 : 0);
  });
});
