import type { Config } from "../../infra/identity-config/journeys/config";
import type { Document, Json } from "../../infra/identity-config/model";
import { measureImpact } from "../../infra/impact/impact";
import { ALL_METHODS, baseConfig } from "../journeys/people/configs";
import { create, enrol, letIn, newAddresses, type Someone, type Wanted } from "../journeys/people/someone";
import { type Seen, Walk } from "../journeys/people/walk";
import { overlaid } from "../kratos/config";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";

const PEOPLE: [number, Wanted][] = [
  [20, { schema: "default", has: ["email"] }],
  [8, { schema: "default", has: ["email", "phone"], unverified: true }],
  [8, { schema: "no-codes", has: ["email"] }],
  [2, { schema: "bare", has: ["email"] }],
  [4, { schema: "default", has: ["email"], enrols: ["totp"] }],
  [4, { schema: "no-codes", has: ["email"], enrols: ["totp"] }],
  [2, { schema: "no-codes", has: ["email"], enrols: ["totp", "lookup_secret"] }],
  [2, { schema: "no-codes", has: ["email"], enrols: ["webauthn"] }],
];
/** More than one page of people who only stand in the list. */
const OTHERS = 600;
const TOTP_AND_LOOKUP = { totp: { enabled: true }, lookup_secret: { enabled: true } };

describe.each(kratosBinaries())("what is counted on %s is what happens", (binary) => {
  let outbox: Outbox;
  let kratos: Kratos;
  let base: Document;
  const people: Someone[] = [];
  const under = (methods: Document): Document => overlaid(base, { selfservice: { methods } });

  beforeAll(async () => {
    outbox = await startOutbox();
    base = baseConfig(outbox);
    kratos = await startKratos({ binary, files: { "kratos.json": under(ALL_METHODS) }, args: ["--dev"] });
    for (const [count, wanted] of PEOPLE) {
      for (let index = 0; index < count; index++) {
        const someone = await create(kratos, `person ${people.length}`, wanted);
        const browser = wanted.enrols && (await letIn(kratos, someone));
        for (const method of wanted.enrols ?? []) await enrol(browser!, someone, method);
        people.push(someone);
      }
    }
  });
  afterAll(async () => {
    await kratos?.stop();
    await outbox?.close();
  });

  /** Signs everybody in under `methods`. */
  async function signedIn(methods: Document): Promise<Seen[]> {
    expect(await kratos.reload("kratos.json", under(methods))).toBe("accepted");
    const walk = new Walk(kratos);
    const seen: Seen[] = [];
    for (const someone of people) seen.push(await walk.signIn(someone));
    return seen;
  }

  test("for each of some fifty people", async () => {
    const now = TOTP_AND_LOOKUP;
    const then = { code: { mfa_enabled: true }, lookup_secret: { enabled: true } };
    const was = await signedIn(now);
    const is = await signedIn(then);
    const count = (name: keyof typeof HOLDS) => {
      const [a, b] = [was, is].map((seen) => seen.map(HOLDS[name]));
      const total = (held: boolean[]) => held.filter(Boolean).length;
      return {
        before: total(a!),
        after: total(b!),
        newly: b!.filter((held, index) => {
          const hadNone = name === "oneWayIn" && HOLDS.lockedOut(was[index]!);
          return held && !a![index] && !hadNone;
        }).length,
      };
    };

    const config = (methods: Document): Config => ({
      document: under(methods),
      target: "kratos",
      kratosVersion: kratosVersion(binary),
    });
    const options = { api: { adminUrl: kratos.adminUrl }, before: config(now), after: config(then) };
    const { identities, of } = await measureImpact(options);
    expect(identities).toBe(50);
    expect({ secondFactor: of.secondFactor, lockedOut: of.lockedOut, oneWayIn: of.oneWayIn }).toEqual({
      secondFactor: count("secondFactor"),
      lockedOut: count("lockedOut"),
      oneWayIn: count("oneWayIn"),
    });
    expect(of.lockedOut.newly).toBeGreaterThan(0);
    expect(of.methodOff.newly).toBe(10);
    // The phones, which no code went to before.
    expect(of.unverified.newly).toBe(8);
  });

  test("over pages, none of them twice and none left out", async () => {
    const identities = Array.from({ length: OTHERS }, () => ({
      create: { schema_id: "default", traits: { email: newAddresses().email } },
    }));
    const response = await fetch(`${kratos.adminUrl}/admin/identities`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ identities } as Json),
    });
    expect(response.status).toBe(200);
    const config: Config = { document: base, target: "kratos", kratosVersion: kratosVersion(binary) };
    const totals: (number | undefined)[] = [];
    const impact = await measureImpact({
      api: { adminUrl: kratos.adminUrl },
      before: config,
      after: config,
      onProgress: ({ total }) => totals.push(total),
    });
    expect(impact.identities).toBe(50 + OTHERS);
    expect(totals).toEqual([50 + OTHERS]);
  });
});

const reached = ({ paths }: Seen) => paths.filter(({ end }) => "reached" in end);

/** What is counted, read off what was seen. */
const HOLDS = {
  secondFactor: (seen: Seen) =>
    reached(seen).length > 0 && reached(seen).every(({ second }) => second !== undefined),
  lockedOut: (seen: Seen) => reached(seen).length === 0,
  oneWayIn: (seen: Seen) =>
    reached(seen).reduce((sum, { second }) => sum + (second === undefined ? 1 : second.length), 0) === 1,
};
