import { MASK } from "../fake-network";
import { at, configOf, failure, startConsole, stopAll } from "./console";

afterEach(stopAll);

const URI = "/courier/smtp/connection_uri";
const VALUE = "/courier/channels/0/request_config/auth/config/value";
const LIFESPAN = "/session/lifespan";

const smtp = { connection_uri: "smtps://user:hunter2@mail.example:465", from_name: "Shop" };
const auth = { type: "api_key", config: { in: "header", name: "X-Api-Key", value: "hunter2" } };
const channels = [
  { id: "sms", type: "http", request_config: { url: "https://sms.example", method: "POST", auth } },
];

describe("secrets", () => {
  it.each([
    ["omitted", undefined],
    ["masked", MASK],
  ] as const)("are %s, in the answer to the write as well", async (secrets, shown) => {
    const { write, value, network, id } = await startConsole({ quirks: { secrets } });
    const { project } = await write(
      { op: "add", path: "/courier/smtp", value: smtp },
      { op: "add", path: "/courier/channels", value: channels },
    );
    expect([at(configOf(project), URI), at(configOf(project), VALUE)]).toEqual([shown, shown]);
    expect([await value(URI), await value(VALUE)]).toEqual([shown, shown]);
    expect(await value("/courier/smtp/from_name")).toBe("Shop");
    expect(await value("/courier/channels/0/request_config/auth/config/name")).toBe("X-Api-Key");
    expect(at(configOf(network.projects.get(id)!.project), URI)).toBe(smtp.connection_uri);
  });

  it("are lost when their mask is written back", async () => {
    const { set, value, network, id } = await startConsole({ quirks: { secrets: "masked" } });
    await set("/courier/smtp", smtp);
    await set("/courier/smtp", await value("/courier/smtp"));
    expect(at(configOf(network.projects.get(id)!.project), URI)).toBe(MASK);
  });

  it("are shown without the quirk", async () => {
    const { set, value } = await startConsole({ quirks: { secrets: "shown" } });
    await set("/courier/smtp", smtp);
    expect(await value(URI)).toBe(smtp.connection_uri);
  });
});

describe("delivery", () => {
  const http = { request_config: { url: "https://mail.example", method: "POST" } };

  it("is hidden until it is set up", async () => {
    const { set, value } = await startConsole();
    await set("/courier/smtp/from_name", "Shop");
    await set("/courier/http", http);
    expect([await value("/courier/smtp"), await value("/courier/http")]).toEqual([undefined, undefined]);
    await set(URI, smtp.connection_uri);
    await set("/courier/delivery_strategy", "http");
    expect(await value("/courier/smtp/from_name")).toBe("Shop");
    expect(await value("/courier/http")).toEqual(http);
  });

  it("is shown without the quirk", async () => {
    const { set, value } = await startConsole({ quirks: { hidesUndelivered: false } });
    await set("/courier/smtp/from_name", "Shop");
    expect(await value("/courier/smtp/from_name")).toBe("Shop");
  });
});

describe("reads after a write", () => {
  it("are stale as often as is asked for, and a write on a stale revision conflicts", async () => {
    const { read, set, value } = await startConsole({ quirks: { staleReads: 2 } });
    const before = await read();
    const { project } = await set(LIFESPAN, "1h");
    expect((await read()).revision_id).toBe(before.revision_id);
    expect(at(configOf(project), LIFESPAN)).toBe("1h0m0s");
    expect((await failure(set(LIFESPAN, "2h"))).status).toBe(409);
    expect(await value(LIFESPAN)).toBe("72h0m0s");
    expect((await read()).revision_id).toBe(project.revision_id);
  });

  it("are fresh without the quirk", async () => {
    const { read, set } = await startConsole();
    const { project } = await set(LIFESPAN, "1h");
    expect((await read()).revision_id).toBe(project.revision_id);
  });
});

describe("limits of requests", () => {
  const clock = () => {
    let time = 0;
    return { now: () => time, pass: (ms: number) => (time += ms) };
  };

  it("answer 429 with an empty body and, for the limit of a second, reset 0", async () => {
    const { now, pass } = clock();
    const { read, api, id } = await startConsole({ quirks: { rateLimit: { perSecond: 2 } }, now });
    const { headers } = await api.getProject({ projectId: id });
    expect(headers).toMatchObject({
      "x-ratelimit-limit": "2",
      "x-ratelimit-remaining": "1",
      "x-ratelimit-reset": "0",
    });
    await read();
    const refused = await failure(read());
    expect([refused.status, refused.data]).toEqual([429, ""]);
    expect(refused.headers).toMatchObject({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" });
    pass(1_000);
    await read();
  });

  it("tell the seconds until the end of a minute", async () => {
    const { now, pass } = clock();
    const { read } = await startConsole({ quirks: { rateLimit: { perSecond: 5, perMinute: 1 } }, now });
    await read();
    pass(20_000);
    expect((await failure(read())).headers).toMatchObject({
      "x-ratelimit-limit": "1",
      "x-ratelimit-reset": "39",
    });
    pass(40_000);
    await read();
  });

  it("are not there without the quirk", async () => {
    const { api, id } = await startConsole();
    const { headers } = await api.getProject({ projectId: id });
    expect(Object.keys(headers).filter((name) => name.startsWith("x-ratelimit"))).toEqual([]);
  });
});

describe("latency", () => {
  it("delays each answer", async () => {
    const { read, network } = await startConsole({ quirks: { latencyMs: 60 } });
    const start = performance.now();
    await read();
    // A timer may fire a fraction of a millisecond early.
    expect(performance.now() - start).toBeGreaterThan(59);
    await network.setQuirks({ latencyMs: 0 });
    await read();
    expect(network.calls.map(({ status }) => status)).toEqual([200, 200]);
  });
});
