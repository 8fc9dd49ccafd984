import * as fc from "fast-check";
import { ancestors, isWithin, join, type Segment, segments } from "../../infra/identity-config/path";

const segment: fc.Arbitrary<Segment> = fc.oneof(
  fc.string(),
  fc.record({ key: fc.constantFrom("id", "provider"), value: fc.string() }),
);

describe("a path", () => {
  it("addresses array elements by their natural key", () => {
    expect(segments("/courier/channels[id=sms]/type")).toEqual([
      "courier",
      "channels",
      { key: "id", value: "sms" },
      "type",
    ]);
  });

  it("is read back as it was written, whatever the keys are", () => {
    fc.assert(
      fc.property(fc.array(segment), (steps) => {
        const path = steps.reduce<string>(join, "");
        expect(segments(path).map((step) => ({ step }))).toEqual(steps.map((step) => ({ step })));
      }),
    );
  });

  it("lies within each of its ancestors and within no sibling", () => {
    expect(ancestors("/a/b[id=c]/d")).toEqual(["/a", "/a/b", "/a/b[id=c]"]);
    expect(isWithin("/a/b[id=c]/d", "/a/b")).toBe(true);
    expect(isWithin("/a/bc", "/a/b")).toBe(false);
  });

  it("that is malformed is named in the error", () => {
    expect(() => segments("courier.channels")).toThrow('not a path: "courier.channels"');
  });
});
