import { faultsByCall } from "../fake-network";
import { codeMfa, inputs, NetworkScene } from "./scene";

/** Replaces a value of the identity config. */
const edit = (path: string, value: unknown) => ({
  op: "replace" as const,
  path: `/services/identity/config${path}`,
  value,
});

describe("somebody else who writes between the reading and the write", () => {
  let scene: NetworkScene;
  beforeEach(async () => {
    scene = await NetworkScene.start();
  });
  afterEach(() => scene?.stop());

  /** Updates while `value` comes to `path`. */
  async function updateWhile(path: string, value: unknown) {
    await scene.preview(inputs(codeMfa(true)));
    scene.calls();
    scene.told();
    scene.network.setFaults(faultsByCall({ 2: [{ kind: "write", patch: [edit(path, value)] }] }));
    return scene.phase(inputs(codeMfa(true)), undefined, false);
  }

  it("is not undone, and does not stop an update that is about something else", async () => {
    await updateWhile("/session/lifespan", "99h0m0s");
    expect(scene.calls()).toEqual(["GET", "PATCH", "GET", "PATCH"]);
    expect(scene.live()).toMatchObject({
      session: { lifespan: "99h0m0s" },
      selfservice: { methods: { code: { mfa_enabled: true } } },
    });
    expect(scene.told().join("\n")).toMatch(
      /cannot write project shop: 409 .*request \S+; what is written stays the same, so it is written against the new one/,
    );
  });

  it("stops an update that is about the same, with both sides", async () => {
    await expect(updateWhile("/identity/default_schema_id", "preset://email")).rejects.toThrow(
      /409 .*somebody else has changed what this update is about.*\n {2}now \/identity\/default_schema_id: "preset:\/\/email" => "customer" \(was /s,
    );
    expect(scene.calls()).toEqual(["GET", "PATCH", "GET"]);
    expect(scene.live()).toMatchObject({ identity: { default_schema_id: "preset://email" } });
  });
});
