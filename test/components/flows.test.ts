import { Recovery, RequiredAal, Verification } from "../../infra/index";
import { declared } from "./declared";
import { MockEngine } from "./engine";

beforeEach(() => new MockEngine().start());

describe("RequiredAal", () => {
  it("declares where which assurance is demanded", () => {
    expect(declared(new RequiredAal("aal", { session: "aal1", settings: "highest_available" }))).toEqual({
      session: { whoami: { required_aal: "aal1" } },
      selfservice: { flows: { settings: { required_aal: "highest_available" } } },
    });
  });

  it("declares nothing where nothing is given, so that Kratos's own default holds", () => {
    expect(declared(new RequiredAal("aal", {}))).toEqual({});
    expect(declared(new RequiredAal("aal", { session: undefined, settings: "aal1" }))).toEqual({
      selfservice: { flows: { settings: { required_aal: "aal1" } } },
    });
  });
});

describe.each([
  ["recovery", Recovery],
  ["verification", Verification],
] as const)("the flow %s", (flow, Flow) => {
  it("is on and uses codes, whose method is on, too", () => {
    expect(declared(new Flow(flow))).toEqual({
      selfservice: {
        flows: { [flow]: { enabled: true, use: "code" } },
        methods: { code: { enabled: true } },
      },
    });
  });

  it("uses links where asked to, and declares how long it lasts and whom it answers", () => {
    expect(declared(new Flow(flow, { use: "link", lifespan: "30m", notifyUnknownRecipients: true }))).toEqual(
      {
        selfservice: {
          flows: { [flow]: { enabled: true, use: "link", lifespan: "30m", notify_unknown_recipients: true } },
          methods: { link: { enabled: true } },
        },
      },
    );
  });

  it("switches no method on where it is off", () => {
    expect(declared(new Flow(flow, { enabled: false }))).toEqual({
      selfservice: { flows: { [flow]: { enabled: false, use: "code" } } },
    });
  });
});
