import fc from "fast-check";
import { inBrief } from "../../infra/identity-config/journeys/brief";
import { changedJourneys, type JourneyChanges } from "../../infra/identity-config/journeys/compare";
import type { Config } from "../../infra/identity-config/journeys/config";
import { label, mermaid } from "../../infra/identity-config/journeys/mermaid";
import { journeysOf } from "../../infra/identity-config/journeys/predict";
import { kindOf } from "../../infra/identity-config/journeys/stored-identity";
import { changeText, journeyText } from "../../infra/identity-config/journeys/words";
import { type Document, UNKNOWN } from "../../infra/identity-config/model";
import { emailTrait, overlaid, PHONE, schemaUrl } from "../kratos/config";

const BASE: Document = {
  identity: {
    schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }), phone: PHONE }) }],
  },
  courier: { smtp: { connection_uri: "smtps://mail.shop.example" }, channels: [{ id: "sms" }] },
  selfservice: { flows: { recovery: { enabled: true } } },
};
const under = (changes: Document = {}, kratosVersion = "1.3.1"): Config => ({
  document: overlaid(BASE, changes),
  target: "kratos",
  kratosVersion,
});
const code = (method: Document): Document => ({ selfservice: { methods: { code: method } } });
const lines = ({ changes }: JourneyChanges): string[] => changes.map(changeText);

describe("what a change set makes of journeys", () => {
  test("nothing, where nothing that people meet changes", () => {
    expect(changedJourneys(under(), under({ session: { lifespan: "1h" } }))).toEqual({ changes: [] });
  });

  test("codes as second factor are demanded of all, at once from 26.2 on", () => {
    const [before, after] = [under(), under(code({ mfa_enabled: true }))];
    expect(lines(changedJourneys(before, after))).toMatchSnapshot("1.3.1");
    const changed = changedJourneys(under({}, "26.2.0"), under(code({ mfa_enabled: true }), "26.2.0"));
    expect(lines(changed)).toMatchSnapshot("26.2.0");
  });

  test("switched off, they leave sessions behind that nothing raises", () => {
    const before = under(code({ mfa_enabled: true }));
    const session = changedJourneys(before, under()).changes.find(({ after }) => after.journey === "session");
    expect(session?.after.paths).toEqual([
      { second: [], end: { stopped: "nothing-offered", because: expect.any(String) } },
    ]);
  });

  test("a method that people are enrolled in is switched off", () => {
    const totp = under({ selfservice: { methods: { totp: { enabled: true } } } });
    const texts = lines(changedJourneys(totp, under()));
    expect(texts[0]).toBe(
      "settings, e-mail only / e-mail and phone: settings open, to change password, profile, totp  becomes  " +
        "settings open, to change password, profile",
    );
    expect(texts[1]).toBe(
      "sign-in, TOTP enrolled: password → TOTP code → signed in (aal2)  becomes  " +
        "password → no way on: kratos demands a second factor and offers none",
    );
  });

  test("in brief, what follows from signing in is left out", () => {
    const brief = ({ changes }: JourneyChanges) => inBrief(changes).map(changeText);
    expect(brief(changedJourneys(under(), under(code({ mfa_enabled: true }))))).toEqual([
      "sign-in, e-mail only: password → signed in  becomes  password → code by e-mail → signed in (aal2)",
      "sign-in, e-mail and phone: password → signed in  becomes  password → code by e-mail or code by SMS → signed in (aal2)",
    ]);
    const stuck = "no way on: kratos demands a second factor and offers none";
    expect(brief(changedJourneys(under(code({ mfa_enabled: true })), under()))).toEqual([
      expect.stringMatching(/^sign-in, e-mail only: /),
      `existing session of aal1, e-mail only: code by e-mail → goes on (aal2)  becomes  ${stuck}`,
      expect.stringMatching(/^sign-in, e-mail and phone: /),
      expect.stringMatching(/^existing session of aal1, e-mail and phone: /),
    ]);
    expect(
      brief(changedJourneys(under(), under({ selfservice: { methods: { profile: { enabled: false } } } }))),
    ).toEqual([]);
  });

  test("what is not known is said where it matters, and nowhere else", () => {
    const unknown = under(code({ mfa_enabled: UNKNOWN }));
    const email = { credentials: ["password" as const], addresses: [], namedByEmail: true };
    const [signIn, , recovery] = journeysOf(unknown, email);
    const path = "/selfservice/methods/code/mfa_enabled";
    expect(signIn!.paths).toEqual([
      { first: "password", end: { unclear: path, because: `${path} is not known yet` } },
    ]);
    expect(recovery!.paths).toEqual([{ end: { stopped: "no-address", because: expect.any(String) } }]);
    expect(journeyText(signIn!)).toBe(`password → cannot tell: ${path} is not known yet`);
  });

  test("of a schema that only the target reads, nothing is said about people who exist", () => {
    const remote = { identity: { schemas: [{ id: "default", url: "https://shop.example/customer.json" }] } };
    const { changes, unclear } = changedJourneys(
      under(remote),
      under(overlaid(remote, code({ mfa_enabled: true }))),
    );
    expect(unclear).toBe(
      "the identity schema at /identity/schemas[id=default]/url is read by the target only",
    );
    expect(changes).toEqual([]);
  });

  test("never throws, whatever documents it is given", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.constantFrom("1.3.1", "26.2.0", undefined),
        (a, b, version) => {
          const config = (document: unknown): Config => ({
            document,
            target: "kratos",
            ...(version && { kratosVersion: version }),
          });
          mermaid(changedJourneys(config(a), config(b)).changes);
          mermaid(changedJourneys(under(), config(overlaid(BASE, (b as Document) ?? {}))).changes);
        },
      ),
    );
  });
});

describe("the diagram", () => {
  const LINE =
    /^(flowchart TB| {2}end| {4}end| {6}direction LR| {2,4}subgraph c\w+\["[^"]*"\]| {4}c\d+b ~~~ c\d+a| {6}(\w+\[+"[^"]*"\]+ --> )*\w+\(\["[^"]*"\]\))$/;

  test("holds each change, before beside after", () => {
    const { changes } = changedJourneys(under(), under(code({ mfa_enabled: true })));
    expect(mermaid(changes)).toMatchSnapshot();
  });

  test("cannot be written into by a config", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        '"] --> x["',
        "end\nsubgraph",
        "%%{init: {}}%%",
        "`**",
        "#quot;",
        "<script>",
        "click a",
      ),
    );
    fc.assert(
      fc.property(hostile, (use) => {
        const recovery = { selfservice: { flows: { recovery: { use } } } };
        const { changes } = changedJourneys(under(), under(recovery));
        const drawn = mermaid(changes).trimEnd().split("\n");
        expect(drawn.filter((line) => !LINE.test(line))).toEqual([]);
      }),
    );
    expect(label('a"b')).toBe('"a#34;b"');
  });
});

describe("what kind of user an identity is", () => {
  test("is read off what the Admin API lists, and takes no address or name along", () => {
    const identity = {
      id: "6f1c",
      schema_id: "default",
      traits: { email: "anna@shop.example" },
      credentials: {
        password: { identifiers: ["anna@shop.example"] },
        code: { config: { addresses: [{ channel: "email", address: "anna@shop.example" }] } },
        webauthn: { config: { credentials: [{ is_passwordless: true }] } },
        lookup_secret: {},
      },
      verifiable_addresses: [{ via: "email", value: "anna@shop.example", verified: true }],
      recovery_addresses: [{ via: "email", value: "anna@shop.example" }],
    };
    expect(kindOf(identity)).toEqual({
      credentials: ["password", "lookup_secret", "webauthn-passwordless"],
      addresses: [{ via: "email", code: true, verified: true, recovery: true }],
      namedByEmail: true,
      schema: "default",
    });
    expect(JSON.stringify(kindOf(identity))).not.toMatch(/anna|6f1c/);
  });

  test("never throws, whatever is listed", () => {
    fc.assert(fc.property(fc.jsonValue(), (identity) => void kindOf(identity)));
  });
});
