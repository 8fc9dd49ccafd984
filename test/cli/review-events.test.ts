import { plannedIn } from "../../cli/review/events";
import { reviewed } from "../../cli/review/reviewed";

const URN = "urn:pulumi:prod::shop::ory:index:IdentityConfig::shop";
const REVIEW = {
  id: "kratos/shop",
  revision: "r1",
  target: "kratos",
  environment: "prod",
  declared: { session: { lifespan: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } },
  observed: { session: { lifespan: "24h" } },
  effective: { session: { lifespan: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } },
  changes: [
    {
      path: "/session/lifespan",
      before: "24h",
      after: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      effect: "unknown",
    },
  ],
};

const lines = (...events: object[]): string =>
  events.map((event, sequence) => JSON.stringify({ sequence, ...event })).join("\n");
const outputs = (op: string, review: unknown, more: object = {}) => ({
  resOutputsEvent: { metadata: { op, urn: URN, new: { id: "kratos/shop", outputs: { review, ...more } } } },
});
const said = (severity: string, message: string, urn?: string) => ({
  diagnosticEvent: { severity, message, urn },
});
const END = { summaryEvent: {} };

test("what is not known yet is shown as such", () => {
  const [plan] = plannedIn(lines(outputs("update", REVIEW), END));
  expect(plan).toMatchObject({
    id: "kratos/shop",
    revision: "r1",
    review: { effective: { session: { lifespan: { unknown: true } } } },
  });
});

test("a refused plan is found in what the provider has logged; counts and warnings are kept", () => {
  const refused = said("debug", `pulumi-ory review: ${JSON.stringify(REVIEW)}`, URN);
  const [plan] = plannedIn(
    lines(refused, said("info", "impact: 3 of 4 identities", URN), said("error", "refused", URN), END),
  );
  expect(plan).toMatchObject({ name: "kratos/shop", estimates: ["3 of 4 identities"] });
  const [warned] = plannedIn(
    lines(outputs("update", REVIEW, { warnings: ["restart it"], unmanaged: ["/x: now 1"] }), END),
  );
  expect(reviewed(warned!, undefined)).toMatchObject({ notices: ["restart it"], unmanaged: ["/x: now 1"] });
});

test("what is no longer managed is told", () => {
  const gone = { resOutputsEvent: { metadata: { op: "delete", urn: URN, old: { id: "kratos/shop" } } } };
  expect(reviewed(plannedIn(lines(gone, END))[0]!, undefined).verdict.text).toContain("managed no longer");
});

test.each([
  ["", "no events of the engine"],
  ["{}", "no events of the engine"],
  [JSON.stringify({ steps: [] }), "leaves the plan out; run PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true"],
  [lines(outputs("update", REVIEW)), "they end before the preview did"],
  [lines(END), "the events are about no ory:index:IdentityConfig"],
  [lines(said("error", "no such stack"), END), "a preview that failed: no such stack"],
  [lines(said("error", "Kratos would not start", URN), END), "a preview that failed: Kratos would not start"],
])("%j is no preview to review", (text, message) => {
  expect(() => plannedIn(text)).toThrow(message);
});
