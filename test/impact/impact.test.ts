import type { Config } from "../../infra/identity-config/journeys/config";
import type { Document } from "../../infra/identity-config/model";
import { Counter } from "../../infra/impact/counts";
import { measureImpact, type Progress } from "../../infra/impact/impact";
import { emailTrait, overlaid, PHONE, schemaUrl } from "../kratos/config";
import { identityAt, type ManyIdentities, startManyIdentities } from "./many-identities";

const BASE: Document = {
  identity: {
    schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }), phone: PHONE }) }],
  },
  courier: { smtp: { connection_uri: "smtps://user:very-secret-word@mail.shop.example" } },
  selfservice: { methods: { totp: { enabled: true } } },
};
const under = (change: Document): Config => ({
  document: overlaid(BASE, change),
  target: "kratos",
  kratosVersion: "1.3.1",
});
const before = under({});
/** Codes become a second factor, TOTP goes; there is no channel for SMS. */
const after = under({ selfservice: { methods: { code: { mfa_enabled: true }, totp: { enabled: false } } } });
const COUNT = 20_000;

describe("counting identities", () => {
  let server: ManyIdentities;
  afterEach(() => server?.close());

  test("says how many a change befalls, page by page, and how far it is", async () => {
    server = await startManyIdentities(COUNT);
    const progress: Progress[] = [];
    const impact = await measureImpact({
      api: { adminUrl: server.url },
      before,
      after,
      onProgress: (one) => progress.push(one),
    });
    const active = Array.from({ length: COUNT }, (_, index) => index).filter((index) => index % 100 !== 0);
    const many = (holds: (index: number) => boolean) => active.filter(holds).length;
    expect(impact).toEqual({
      identities: COUNT,
      inactive: COUNT / 100,
      of: {
        secondFactor: {
          before: many((i) => i % 10 === 0),
          after: active.length,
          newly: many((i) => i % 10 !== 0),
        },
        lockedOut: { before: 0, after: 0, newly: 0 },
        oneWayIn: { before: active.length, after: active.length, newly: 0 },
        unreachable: { before: 0, after: many((i) => i % 7 === 0), newly: many((i) => i % 7 === 0) },
        unverified: { before: 0, after: many((i) => i % 4 === 0), newly: many((i) => i % 4 === 0) },
        methodOff: { before: 0, after: many((i) => i % 10 === 0), newly: many((i) => i % 10 === 0) },
        unclear: { before: 0, after: 0, newly: 0 },
      },
    });
    expect(progress.map(({ identities }) => identities)).toEqual(
      Array.from({ length: COUNT / 500 - 1 }, (_, page) => (page + 1) * 500),
    );
    expect(progress[0]).toMatchObject({ total: COUNT });
    expect(server.calls[1]).toBe(
      "/admin/identities?page_size=500&include_credential=code&include_credential=webauthn",
    );
  });

  test("keeps numbers and kinds of users, whatever the number of identities", () => {
    const counter = new Counter(before, after);
    for (let index = 0; index < COUNT; index++) counter.add(identityAt(index));
    expect(counter.counts.identities).toBe(COUNT);
    // With or without TOTP, with or without a phone, verified or not.
    expect(counter.kinds).toBeLessThanOrEqual(8);
  });

  test("goes on where it was stopped, and what it notes for that tells of nobody", async () => {
    server = await startManyIdentities(2_000);
    const stop = new AbortController();
    let noted = "";
    const interrupted = measureImpact({
      api: { adminUrl: server.url },
      before,
      after,
      signal: stop.signal,
      onProgress: ({ identities, resume }) => {
        noted = resume;
        if (identities === 1_000) stop.abort(new Error("enough"));
      },
    });
    await expect(interrupted).rejects.toThrow("enough");
    expect(noted).not.toMatch(/person-|\+49|very-secret/);
    const api = { adminUrl: server.url };
    const resumed = await measureImpact({ api, before, after, resume: noted });
    expect(resumed).toEqual(await measureImpact({ api, before, after }));
    await expect(measureImpact({ api, before, after: before, resume: noted })).rejects.toThrow(
      "another change",
    );
    await expect(measureImpact({ api, before, after, resume: "{}" })).rejects.toThrow("damaged");
  });

  test("asks again where the server has too much to do, and fails by name where it does not answer", async () => {
    let calls = 0;
    server = await startManyIdentities(1_500, (_, response) => {
      calls += 1;
      if (calls % 3 !== 0) return false;
      response.writeHead(calls % 2 === 0 ? 429 : 503).end();
      return true;
    });
    const impact = await measureImpact({ api: { adminUrl: server.url }, before, after });
    expect(impact.identities).toBe(1_500);
  });

  test("says which key it needs, and shows none", async () => {
    server = await startManyIdentities(1, (_, response) => {
      response.writeHead(403).end("{}");
      return true;
    });
    const api = {
      adminUrl: server.url.replace("http://", "http://user:pass-word@"),
      apiKey: "ory_wak_very-secret-key",
    };
    const failed = await measureImpact({ api, before, after }).catch((error: Error) => error);
    expect(String(failed)).toMatch(/answers 403, give a project API key/);
    expect(String(failed)).not.toMatch(/very-secret-key|pass-word/);
    await expect(measureImpact({ api: { adminUrl: "nowhere" }, before, after })).rejects.toThrow("is no URL");
  });

  test("estimates from a sample, and says so", async () => {
    server = await startManyIdentities(COUNT);
    const sample = { identities: 1_000, milliseconds: 60_000 };
    const impact = await measureImpact({ api: { adminUrl: server.url }, before, after, sample });
    expect(impact.sample).toEqual({ identities: 1_000, of: COUNT });
    expect(impact.of.methodOff.newly).toBe(90);
    const inNoTime = await measureImpact({
      api: { adminUrl: server.url },
      before,
      after,
      sample: { ...sample, milliseconds: 0 },
    });
    expect(inNoTime.sample).toEqual({ identities: 500, of: COUNT });
  });
});
