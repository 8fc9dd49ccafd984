import { THROTTLE } from "../../infra/targets/network/behavior";
import { Resource } from "../provider/resource";
import { codeMfa, inputs, NetworkScene } from "./scene";

const PROJECTS = 200;

describe("200 projects at once, 100 ms away and with a limit of 30 requests a second", () => {
  let scene: NetworkScene;
  beforeAll(async () => {
    const projects = Array.from({ length: PROJECTS }, (_, index) => ({ id: `p${index}` }));
    scene = await NetworkScene.start({ projects, quirks: { latencyMs: 100, rateLimit: { perSecond: 30 } } });
  });
  afterAll(() => scene?.stop());

  it("are each read once and written once, whatever was refused for its number is repeated", async () => {
    let most = 0;
    scene.network.setFaults(() => {
      const atOnce = scene.network.calls.filter(({ status }) => status === undefined).length;
      most = Math.max(most, atOnce);
      return [];
    });
    const create = async (project: string) => {
      const resource = new Resource(
        scene.plugin,
        `urn:pulumi:test::shop::ory:index:IdentityConfig::${project}`,
      );
      const target = { network: { project, environment: "dev" } };
      const { inputs: news } = await resource.check(inputs(codeMfa(true), { target }));
      return resource.create(news);
    };
    const states = await Promise.all([...scene.network.projects.keys()].map(create));
    expect(states).toHaveLength(PROJECTS);
    expect(most).toBeLessThanOrEqual(THROTTLE.maxConcurrent);

    const calls = scene.network.calls.filter(({ api }) => api === "console");
    // All were answered, and the limit was in force.
    expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200, 429]));
    for (const project of scene.network.projects.keys()) {
      const made = calls.filter(({ path }) => path.split("/")[2] === project);
      const answered = made.filter(({ status }) => status === 200).map(({ method }) => method);
      expect(answered).toEqual(["GET", "PATCH"]);
      expect(scene.live(project)).toMatchObject({
        selfservice: { methods: { code: { mfa_enabled: true } } },
      });
    }
  });
});
