import * as fc from "fast-check";
import { canonical, canonicalDuration, canonicalLeaves } from "../../infra/identity-config/canonical";
import { documentOf, leavesOf } from "../../infra/identity-config/leaves";
import { inlineText, inlineUri } from "../../infra/identity-config/model";
import { documents } from "./documents";

describe("the canonical form", () => {
  it("is its own canonical form", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const once = canonical(document);
        expect(canonical(once)).toEqual(once);
        expect(JSON.stringify(canonical(once))).toBe(JSON.stringify(once));
      }),
    );
  });

  it("does not depend on the order of keys and of keyed elements", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value))
        return value.every((item) => typeof item === "object") ? value.map(reversed).reverse() : value;
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([key, item]) => [key, reversed(item)])
          .reverse(),
      );
    };
    fc.assert(
      fc.property(documents, (document) => {
        expect(JSON.stringify(canonical(reversed(document)))).toBe(JSON.stringify(canonical(document)));
      }),
    );
  });

  it("keeps every leaf of the document", () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect([...canonicalLeaves(document).keys()]).toEqual([...leavesOf(document).keys()].sort());
        expect(leavesOf(documentOf(leavesOf(document)))).toEqual(leavesOf(document));
      }),
    );
  });

  it.each([
    ["15m", "15m0s"],
    ["90s", "1m30s"],
    ["720h", "720h0m0s"],
    ["1h1m1s500ms", "1h1m1.5s"],
    ["1500us", "1.5ms"],
    ["7ns", "7ns"],
    ["0h", "0s"],
    ["soon", "soon"],
  ])("writes the duration %s as Go prints it: %s", (text, expected) => {
    expect(canonicalDuration(text)).toBe(expected);
  });

  it("takes durations where Kratos does and leaves other texts alone", () => {
    expect(canonical({ session: { lifespan: "90s" }, courier: { smtp: { from_name: "90s" } } })).toEqual({
      courier: { smtp: { from_name: "90s" } },
      session: { lifespan: "1m30s" },
    });
  });

  it("ignores white space in inlined JSON and keeps the order of its keys", () => {
    const url = inlineUri('{ "b": 1,\n "a": 2 }');
    const { schemas } = canonical({ identity: { schemas: [{ id: "x", url }] } }).identity as never;
    expect(inlineText((schemas as { url: string }[])[0]!.url)).toBe('{"b":1,"a":2}');
  });
});
