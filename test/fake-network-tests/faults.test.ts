import type { JsonPatch } from "@ory/client";
import { type Fault, faultsByCall, seededFaults } from "../fake-network";
import { CONFIG, failure, noAnswer, startConsole, stopAll } from "./console";

afterEach(stopAll);

const LIFESPAN = "/session/lifespan";

/** The lifespan after a write with this fault, as it is stored. */
async function afterFaulty(fault: Fault, write: (call: Promise<unknown>) => Promise<unknown>) {
  const { set, network, value } = await startConsole();
  network.setFaults(faultsByCall({ 1: [fault] }));
  const result = await write(set(LIFESPAN, "1h"));
  network.setFaults();
  return { result, lifespan: await value(LIFESPAN), calls: network.calls };
}

describe("a call that fails", () => {
  it.each([500, 502, 503, 504] as const)("with %i has no effect, or has it all the same", async (status) => {
    for (const effect of [false, true]) {
      const { result, lifespan } = await afterFaulty({ kind: "status", status, effect }, failure);
      expect(result).toMatchObject({ status, data: { error: { code: status } } });
      expect(lifespan).toBe(effect ? "1h0m0s" : "72h0m0s");
    }
  });

  it("with 429 has the headers that it is given", async () => {
    const headers = { "x-ratelimit-reset": "0" };
    const { result, lifespan } = await afterFaulty({ kind: "status", status: 429, headers }, failure);
    expect(result).toMatchObject({ status: 429, data: "", headers });
    expect(lifespan).toBe("72h0m0s");
  });
});

describe("a connection that is cut", () => {
  it.each([
    ["none", false],
    ["none", true],
    ["half", false],
    ["half", true],
  ] as const)("with answer %s, effect %s", async (answer, effect) => {
    const { result, lifespan, calls } = await afterFaulty({ kind: "cut", answer, effect }, noAnswer);
    expect(result).toBe(answer === "none" ? "ECONNRESET" : "ERR_BAD_RESPONSE");
    expect(lifespan).toBe(effect ? "1h0m0s" : "72h0m0s");
    expect(calls[0]).toMatchObject({ method: "PATCH", status: "cut" });
  });
});

it("a slow call is answered in the end", async () => {
  const { result, lifespan } = await afterFaulty({ kind: "slow", ms: 5 }, (call) => call);
  expect(result).toMatchObject({ warnings: [] });
  expect(lifespan).toBe("1h0m0s");
});

it("a stale read answers what was there before the last write", async () => {
  const { set, value, network } = await startConsole();
  await set(LIFESPAN, "1h");
  network.setFaults(faultsByCall({ 1: [{ kind: "stale" }] }));
  expect([await value(LIFESPAN), await value(LIFESPAN)]).toEqual(["72h0m0s", "1h0m0s"]);
});

it("another writer comes between a read and the write that follows", async () => {
  const { read, set, value, network, id } = await startConsole();
  const patch: JsonPatch[] = [{ op: "replace", path: `${CONFIG}/session/lifespan`, value: "2h" }];
  network.setFaults(faultsByCall({ 2: [{ kind: "write", patch }] }));
  await read();
  expect((await failure(set(LIFESPAN, "1h"))).status).toBe(409);
  expect(await value(LIFESPAN)).toBe("2h0m0s");
  const writers = [...network.projects.get(id)!.revisions.values()].map(({ writer }) => writer);
  expect(writers).toEqual(["seed", "other"]);
});

it("another writer has nothing to do with a call about no project", async () => {
  const { api, network, id } = await startConsole();
  const patch: JsonPatch[] = [{ op: "replace", path: "/name", value: "other" }];
  network.setFaults(() => [{ kind: "write", patch }]);
  expect((await api.listProjects()).status).toBe(200);
  expect((await failure(api.getProject({ projectId: "nobody" }))).status).toBe(404);
  expect(network.projects.get(id)!.revisions.size).toBe(1);
});

describe("seeded faults", () => {
  const drawn = (seed: number, options?: Parameters<typeof seededFaults>[1]) => {
    const schedule = seededFaults(seed, options);
    return Array.from({ length: 30 }, (_, index) =>
      schedule({ number: index + 1, method: "GET", path: "/" }),
    );
  };

  it("are the same for the same seed, and differ between seeds", () => {
    expect(drawn(7)).toEqual(drawn(7));
    expect(new Set(Array.from({ length: 50 }, (_, seed) => JSON.stringify(drawn(seed)))).size).toBe(50);
  });

  it("end after the calls that may go wrong", () => {
    for (let seed = 0; seed < 200; seed += 1)
      expect(drawn(seed, { calls: 5, share: 1 }).slice(5).flat()).toEqual([]);
  });

  it("are of every kind, or of those that are asked for", () => {
    const kinds = (options?: Parameters<typeof seededFaults>[1]) =>
      new Set(
        Array.from({ length: 100 }, (_, seed) => drawn(seed, options))
          .flat(2)
          .map(({ kind }) => kind),
      );
    expect([...kinds()].sort()).toEqual(["cut", "slow", "stale", "status", "write"]);
    expect([...kinds({ kinds: ["cut"] })]).toEqual(["cut"]);
    expect([...kinds({ share: 0 })]).toEqual([]);
  });
});
