import { CANARY, codeMfa, inputs, NetworkScene } from "./scene";

describe("a project on Ory Network", () => {
  let scene: NetworkScene;
  beforeEach(async () => {
    scene = await NetworkScene.start();
  });
  afterEach(() => scene?.stop());

  it("is read once in a preview, and read once and written once in an update", async () => {
    await scene.preview(inputs(codeMfa(true)));
    expect(scene.calls()).toEqual(["GET"]);
    const state = await scene.phase(inputs(codeMfa(true)), undefined, false);
    expect(scene.calls()).toEqual(["GET", "PATCH"]);
    expect(scene.live()).toMatchObject({ selfservice: { methods: { code: { mfa_enabled: true } } } });
    expect(JSON.stringify(scene.live())).toContain(CANARY);

    await scene.preview(inputs(codeMfa(true)), state);
    expect(scene.calls()).toEqual(["GET"]);
    scene.told();
    const same = await scene.up(inputs(codeMfa(true)), state);
    expect(scene.calls()).toEqual(["GET", "GET"]);
    expect(scene.told()).toEqual([]);

    await scene.up(inputs(codeMfa(false)), same);
    expect(scene.calls()).toEqual(["GET", "GET", "PATCH"]);
    expect(scene.told()).toContain(
      "/selfservice/methods/code/mfa_enabled: true => false (weakening: sessions without a code as second factor become valid)",
    );
  });

  it("asks for each stored text once, however often the project is looked at", async () => {
    const state = await scene.up(inputs(codeMfa(true)));
    await scene.preview(inputs(codeMfa(false)), state);
    const stored = scene.network.calls.filter(({ api }) => api === "storage").map(({ path }) => path);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored).toEqual([...new Set(stored)]);
  });
});
