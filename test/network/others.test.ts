import { faultsByCall } from "../fake-network";
import { codeMfa, inputs, NetworkScene, PROJECT } from "./scene";

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

  it("stops an update that would break sign-in with what has come", async () => {
    await expect(updateWhile("/selfservice/methods/code/passwordless_enabled", true)).rejects.toThrow(
      /409 .*somebody else has changed .*code-mfa-xor-passwordless: /s,
    );
    expect(scene.calls()).toEqual(["GET", "PATCH", "GET"]);
    expect(scene.live()).toMatchObject({
      selfservice: { methods: { code: { passwordless_enabled: true } } },
    });
    expect(scene.live()).not.toMatchObject({ selfservice: { methods: { code: { mfa_enabled: true } } } });
  });

  it("is given up on when it never ends", async () => {
    await scene.preview(inputs(codeMfa(true)));
    scene.calls();
    let number = 0;
    scene.network.setFaults(({ method }) =>
      method === "PATCH" ? [{ kind: "write", patch: [edit("/session/lifespan", `${++number}h0m0s`)] }] : [],
    );
    await expect(scene.phase(inputs(codeMfa(true)), undefined, false)).rejects.toThrow(
      /6 times in a row somebody else was faster/,
    );
    expect(scene.calls().filter((method) => method === "PATCH")).toHaveLength(6);
    expect(scene.live()).toMatchObject({ session: { lifespan: "6h0m0s" } });
  });

  it("stops an update that is about the same, with both sides", async () => {
    await expect(updateWhile("/identity/default_schema_id", "preset://email")).rejects.toThrow(
      /409 .*somebody else has changed what this update is about.*\n {2}now \/identity\/default_schema_id: "preset:\/\/email" => "customer" \(was /s,
    );
    expect(scene.calls()).toEqual(["GET", "PATCH", "GET"]);
    expect(scene.live()).toMatchObject({ identity: { default_schema_id: "preset://email" } });
  });
});

describe("what was reviewed", () => {
  it("is compared with ORY_EXPECTED_REVISION before anything is written", async () => {
    const scene = await NetworkScene.start({}, { ORY_EXPECTED_REVISION: `network/${PROJECT}=reviewed` });
    try {
      await expect(scene.up(inputs(codeMfa(true)))).rejects.toThrow(
        /network\/shop is at revision \S+, but ORY_EXPECTED_REVISION names reviewed; nothing was written/,
      );
      expect(scene.calls()).toEqual(["GET"]);
    } finally {
      await scene.stop();
    }
  });
});

describe("somebody else who changes what is not managed here", () => {
  it("is told of, and left alone", async () => {
    const scene = await NetworkScene.start();
    try {
      const state = await scene.up(inputs(codeMfa(true)));
      await scene.preview(inputs(codeMfa(true)), state);
      scene.told();
      await scene.network.writeAsOther(PROJECT, [
        edit("/session/lifespan", "99h0m0s"),
        { op: "add", path: "/services/identity/config/selfservice/methods/totp", value: { enabled: true } },
        { op: "replace", path: "/cors_public", value: { enabled: true, origins: ["https://shop.example"] } },
      ]);
      const preview = await scene.preview(inputs(codeMfa(false)), state);
      expect(preview.outputs.unmanaged).toEqual([
        "/project/cors_public/enabled: now true",
        '/project/cors_public/origins: now ["https://shop.example"]',
        "/selfservice/methods/totp/enabled: now true",
        '/session/lifespan: now "99h0m0s"',
      ]);
      expect(scene.told()).toEqual(
        expect.arrayContaining(['changed by others, and not managed here: /session/lifespan: now "99h0m0s"']),
      );
      const after = await scene.up(inputs(codeMfa(false)), state);
      expect(after.outputs.unmanaged).toEqual([]);
      expect(scene.live()).toMatchObject({ session: { lifespan: "99h0m0s" } });
      scene.told();
      await scene.preview(inputs(codeMfa(false)), after);
      expect(scene.told()).toEqual([]);
    } finally {
      await scene.stop();
    }
  });
});
