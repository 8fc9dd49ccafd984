import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Fault, faultsByCall } from "../fake-network";
import { waitFor } from "../kratos/wait";
import { Resource } from "../provider/resource";
import { Crossing } from "./crossing";
import { inputs, NetworkScene } from "./scene";
import { Schedules } from "./schedules";

const HANGS: Fault = { kind: "slow", ms: 600_000 };
const PLEASE_WAIT: Fault = { kind: "status", status: 429, headers: { "x-ratelimit-reset": "50" } };

describe("Ctrl-C", () => {
  let scene: NetworkScene;
  beforeEach(async () => {
    scene = await NetworkScene.start();
  });
  afterEach(() => scene?.stop());

  const cancel = () => scene.plugin.call("cancel", new Empty());
  const calls = (api = "console") => scene.network.calls.filter((call) => call.api === api);

  const laterAnswers = async () => {
    for (let answers = 0; answers < 20; answers++) await scene.plugin.call("getPluginInfo", new Empty());
  };

  // Without it, each would take longer than the limit of a test.
  it.each([
    ["a read hangs", 2, { 2: [HANGS] }],
    ["a write hangs", 3, { 3: [HANGS] }],
    ["a read waits for its turn after a 429", 2, { 2: [PLEASE_WAIT] }],
    ["a write waits for its turn after a 429", 3, { 3: [PLEASE_WAIT] }],
  ])("ends an update in which %s, with the old config in force", async (_what, reached, faults) => {
    const crossing = await Crossing.begin(scene, "cancelled");
    const schedules = new Schedules(scene);
    schedules.set("cancelled", faultsByCall(faults));
    const before = calls().length;
    const updated = crossing.up(crossing.before);
    const refused = expect(updated).rejects.toThrow(/^cancelled$/);
    await waitFor("the call", () => (calls().length === before + reached ? true : undefined));
    await cancel();
    await refused;
    expect(calls()).toHaveLength(before + reached);
    expect(crossing.side()).toBe("old");
    // The same provider goes on with what comes later.
    schedules.clear("cancelled");
    await crossing.converge(crossing.before);
  });

  it("ends the pause before a write that failed is tried again", async () => {
    const crossing = await Crossing.begin(scene, "cancelled");
    const before = calls().length;
    new Schedules(scene).set("cancelled", ({ method }) =>
      method === "PATCH" ? [{ kind: "status", status: 503 }] : [],
    );
    let ended = false;
    void crossing.up(crossing.before).catch(() => {
      ended = true;
    });
    // A read in the preview; then reads and writes in turn.
    await waitFor("the fourth write", () => (calls()[before + 8]?.status === 503 ? true : undefined), 60_000);
    await cancel();
    await laterAnswers();
    expect(ended).toBe(true);
    expect(crossing.side()).toBe("old");
  });

  it("ends at once what waits behind other calls, and calls nothing for it", async () => {
    scene.network.setFaults(() => [HANGS]);
    let cancelled = 0;
    for (let index = 0; index < 200; index++) {
      const project = `p${index}`;
      scene.network.addProject({ id: project });
      const resource = new Resource(
        scene.plugin,
        `urn:pulumi:test::shop::ory:index:IdentityConfig::${project}`,
      );
      const news = inputs({}, { target: { network: { project, environment: "dev" } } });
      void resource.create(news, true).catch(({ message }: Error) => {
        if (message === "cancelled") cancelled += 1;
      });
    }
    await waitFor("the calls", () => (calls().length === 8 ? true : undefined));
    await cancel();
    // The throttle alone would take four seconds to get through them.
    await laterAnswers();
    expect(cancelled).toBe(200);
    expect(calls()).toHaveLength(8);
  });
});
