import { IdentityConfig, RequiredAal, SignInProof } from "../../infra/index";
import { MockEngine, UNKNOWN } from "./engine";

const engine = new MockEngine();

const target = { kratos: { name: "shop", dir: "/etc/kratos" } };
const proofOf = (of: IdentityConfig, outbox?: { url: string }) =>
  new SignInProof("sign-in", { of, as: ["password+email"], outbox });
const identity = () =>
  new IdentityConfig("shop", { target, parts: [new RequiredAal("aal", { session: "aal1" })] });

describe("SignInProof", () => {
  it("is sent the target that is declared, digest and revision of the config that it proves, and the journeys", async () => {
    await engine.start();
    await expect(engine.sent("sign-in", proofOf(identity()))).resolves.toEqual({
      type: "ory:index:SignInProof",
      inputs: {
        target,
        digest: "d1",
        revision: "r1",
        as: ["password+email"],
      },
    });
  });

  it("is sent the outbox where one is given", async () => {
    await engine.start();
    const outbox = { url: "http://127.0.0.1:4437" };
    const { inputs } = await engine.sent("sign-in", proofOf(identity(), outbox));
    expect(inputs.outbox).toEqual(outbox);
  });

  it("is not known to be needed before the config is written", async () => {
    await engine.start({ preview: true, computed: {} });
    const { inputs } = await engine.sent("sign-in", proofOf(identity()));
    expect(inputs).toEqual({
      target,
      digest: UNKNOWN,
      revision: UNKNOWN,
      promotable: UNKNOWN,
      as: ["password+email"],
    });
  });
});
