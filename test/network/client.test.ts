import { setTimeout as delay } from "node:timers/promises";
import { NetworkClient } from "../../infra/targets/network/client";
import { StaleRevision } from "../../infra/targets/network/problem";
import { type FakeNetwork, faultsByCall, startFakeNetwork } from "../fake-network";

const never = new AbortController().signal;
const RENAME = [{ op: "replace" as const, path: "/name", value: "Renamed" }];

describe("calls of the Console API", () => {
  let network: FakeNetwork;
  let client: NetworkClient;
  let revision: string;
  beforeEach(async () => {
    network = await startFakeNetwork({ projects: [{ id: "shop" }] });
    client = clientWith(network.workspaceKey);
    revision = network.projects.get("shop")!.project.revision_id;
  });
  afterEach(() => network?.stop());

  const clientWith = (workspaceApiKey: string, project = "shop") =>
    new NetworkClient(project, { workspaceApiKey, consoleUrl: `${network.consoleUrl}/` });
  const methods = () => network.calls.map(({ method, status }) => `${method} ${status}`);
  const read = () => client.getProject(never);
  const write = (signal = never, secrets: string[] = []) =>
    client.patchProject(revision, RENAME, secrets, signal);

  it("repeats a read until the server is well again", async () => {
    network.setFaults(
      faultsByCall({
        1: [{ kind: "status", status: 503 }],
        2: [{ kind: "cut", effect: false, answer: "none" }],
        3: [{ kind: "cut", effect: false, answer: "half" }],
      }),
    );
    expect(await read()).toMatchObject({ id: "shop" });
    expect(methods()).toEqual(["GET 503", "GET cut", "GET cut", "GET 200"]);
  });

  it.each<Record<string, string>>([{}, { "x-ratelimit-reset": "0" }, { "x-ratelimit-reset": "1" }])(
    "repeats a write that was refused for its number, with the headers %j",
    async (headers) => {
      network.setFaults(faultsByCall({ 1: [{ kind: "status", status: 429, headers }] }));
      const began = Date.now();
      await write();
      expect(methods()).toEqual(["PATCH 429", "PATCH 200"]);
      if ("x-ratelimit-reset" in headers)
        expect(Date.now() - began).toBeGreaterThanOrEqual(Number(headers["x-ratelimit-reset"]) * 1_000);
    },
  );

  it.each([
    [
      "502 after it took effect",
      [{ kind: "status", status: 502, effect: true }],
      /cannot write project shop: 502 .*request \S+$/,
    ],
    [
      "a cut",
      [{ kind: "cut", effect: false, answer: "none" }],
      /cannot write project shop: no answer from 127.0.0.1:\d+ \(ECONN\w+\)/,
    ],
    [
      "half an answer",
      [{ kind: "cut", effect: true, answer: "half" }],
      /cannot write project shop: no answer from/,
    ],
  ] as const)("never repeats a write whose answer is lost, as with %s", async (_what, faults, told) => {
    network.setFaults(faultsByCall({ 1: faults }));
    await expect(write()).rejects.toThrow(told);
    expect(methods()).toHaveLength(1);
  });

  it("tells a write against another revision apart", async () => {
    await network.writeAsOther("shop", RENAME);
    await expect(write()).rejects.toBeInstanceOf(StaleRevision);
    expect(methods()).toEqual(["PATCH 409"]);
  });

  it("tells which key is needed", async () => {
    client = clientWith("ory_wak_revoked");
    await expect(read()).rejects.toThrow(
      /cannot read project shop: 401 .*request \S+; the key is not valid any more: set ORY_WORKSPACE_API_KEY to a workspace API key \(ory_wak_…\)/,
    );
    expect(methods()).toEqual(["GET 401"]);
  });

  it("tells of a project that is not there", async () => {
    client = clientWith(network.workspaceKey, "another");
    await expect(read()).rejects.toThrow(/cannot read project another: 404 .*check target.network.project/);
  });

  it("ends at once when it is cancelled, in an answer or in a pause", async () => {
    const hanging = [{ kind: "slow" as const, ms: 60_000 }];
    network.setFaults(
      faultsByCall({
        1: hanging,
        2: [{ kind: "status", status: 429, headers: { "x-ratelimit-reset": "50" } }],
      }),
    );
    for (const call of [
      () => write(AbortSignal.timeout(100)),
      () => client.getProject(AbortSignal.timeout(300)),
    ]) {
      const outcome = await Promise.race([
        call().catch(() => "cancelled"),
        delay(20_000, "hangs", { ref: false }),
      ]);
      expect(outcome).toBe("cancelled");
    }
    expect(network.projects.get("shop")!.project.name).not.toBe("Renamed");
  });

  it("shows no secret that a reason repeats", async () => {
    const patch = [{ op: "add" as const, path: "/services/identity/config/canary-secret/x", value: 1 }];
    network.setQuirks({ strictPatch: true });
    const failed = client.patchProject(revision, patch, ["canary-secret"], never);
    await expect(failed).rejects.toThrow(/cannot write project shop: 400/);
    await expect(failed).rejects.not.toThrow(/canary-secret/);
  });
});
