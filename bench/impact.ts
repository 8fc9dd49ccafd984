/** Counting what a change means for 1,000,000 identities, on a server here that makes them up. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { changedJourneys } from "../infra/identity-config/journeys/compare";
import type { Config } from "../infra/identity-config/journeys/config";
import { mermaid } from "../infra/identity-config/journeys/mermaid";
import { changeText } from "../infra/identity-config/journeys/words";
import type { Document } from "../infra/identity-config/model";
import { startManyIdentities } from "../test/impact/many-identities";
import { emailTrait, overlaid, PHONE, schemaUrl } from "../test/kratos/config";
import { median, type Row, timed } from "./measurement";

const COUNT = 1_000_000;
const RUNS = 101;

const BEFORE: Document = {
  identity: {
    schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }), phone: PHONE }) }],
  },
  courier: { smtp: { connection_uri: "smtps://mail.shop.example" }, channels: [{ id: "sms" }] },
  selfservice: {
    flows: { recovery: { enabled: true }, verification: { enabled: true } },
    methods: { totp: { enabled: true }, lookup_secret: { enabled: true } },
  },
};
const AFTER = overlaid(BEFORE, {
  selfservice: { methods: { code: { mfa_enabled: true }, totp: { enabled: false } } },
});

interface Counted {
  identities: number;
  marks: { milliseconds: number; megabytes: number }[];
  peak: number;
}

export async function impactRows(): Promise<Row[]> {
  const server = await startManyIdentities(COUNT);
  try {
    const counter = join(__dirname, "impact-counter.ts");
    const documents = [BEFORE, AFTER].map((document) => JSON.stringify(document));
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--import",
      "tsx",
      counter,
      server.url,
      ...documents,
    ]);
    const { identities, marks, peak } = JSON.parse(stdout) as Counted;
    if (identities !== COUNT) throw new Error(`counted ${identities} identities of ${COUNT}`);
    const first = marks[0]!.megabytes;
    const last = marks[marks.length - 1]!.megabytes;
    return [
      ...(await journeyRows()),
      {
        name: "impact, each 100,000 identities of 1,000,000",
        value: median(marks.map(({ milliseconds }) => milliseconds)),
        unit: "ms",
        calls: server.calls.length,
        runs: marks.length,
      },
      { name: "impact, memory after 100,000 identities", value: first, unit: "MB", runs: 1 },
      {
        name: "impact, most memory over 1,000,000 identities",
        value: peak,
        unit: "MB",
        budget: 250,
        runs: 1,
      },
      {
        name: "impact, memory after 1,000,000 over that after 100,000",
        value: last / first,
        unit: "x",
        budget: 1.3,
        runs: 1,
      },
    ];
  } finally {
    await server.close();
  }
}

/** What a preview does for the lines about journeys, and a review for its diagram. */
async function journeyRows(): Promise<Row[]> {
  const config = (document: Document): Config => ({ document, target: "kratos", kratosVersion: "1.3.1" });
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    times.push(
      await timed(() => {
        const { changes } = changedJourneys(config(BEFORE), config(AFTER));
        return [changes.map(changeText), mermaid(changes)];
      }),
    );
  }
  return [
    {
      name: "journeys of all kinds of users, before and after, text and diagram",
      value: median(times),
      unit: "ms",
      budget: 5,
      runs: RUNS,
    },
  ];
}
