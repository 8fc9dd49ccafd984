import * as fc from "fast-check";
import { canonical, canonicalDuration, canonicalLeaves } from "../../infra/identity-config/canonical";
import { documentOf, leavesOf, valueAt } from "../../infra/identity-config/leaves";
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
    ["500ms", "500ms"],
    ["7ns", "7ns"],
    ["0h", "0s"],
    ["soon", "soon"],
  ])("writes the duration %s as Go prints it: %s", (text, expected) => {
    expect(canonicalDuration(text)).toBe(expected);
  });

  it.each([
    ["3661500ms", "1h1m1s500ms"],
    ["1500us", "1ms500us"],
    ["1s7ns", "1s7ns"],
  ])("writes the duration %s in whole units, since Kratos refuses fractions: %s", (text, expected) => {
    expect(canonicalDuration(text)).toBe(expected);
  });

  it("writes any duration as one that Kratos takes, of the same length", () => {
    const unit = fc.constantFrom("ns", "us", "ms", "s", "m", "h");
    const duration = fc
      .array(fc.tuple(fc.nat(5_000), unit), { minLength: 1, maxLength: 5 })
      .map((terms) => terms.map(([count, name]) => `${count}${name}`).join(""));
    const NANOSECONDS = {
      ns: 1n,
      us: 1_000n,
      ms: 10n ** 6n,
      s: 10n ** 9n,
      m: 6n * 10n ** 10n,
      h: 36n * 10n ** 11n,
    };
    const length = (text: string) =>
      [...text.matchAll(/(\d+)([a-z]+)/g)].reduce(
        (sum, [, count, name]) => sum + BigInt(count!) * NANOSECONDS[name as "s"],
        0n,
      );
    fc.assert(
      fc.property(duration, (text) => {
        const spelled = canonicalDuration(text);
        expect(spelled).toMatch(/^([0-9]+(ns|us|ms|s|m|h))+$/);
        expect(length(spelled)).toBe(length(text));
      }),
    );
  });

  it("leaves alone what Kratos takes in one unit only", () => {
    const database = { cleanup: { older_than: "36h", sleep: { tables: "90s" } } };
    expect(canonical({ database })).toEqual({ database });
  });

  it("reaches into arrays whose elements have no key of their own", () => {
    const spelled = (body: string, config: object) =>
      canonical({ hooks: [{ hook: "web_hook", config, body }] });
    const text = "function(ctx) {}";
    const padded = inlineUri(text);
    expect(padded).toMatch(/=$/);
    expect(JSON.stringify(spelled(padded, { url: "u", method: "POST" }))).toBe(
      JSON.stringify(spelled(padded.replace(/=+$/, ""), { method: "POST", url: "u" })),
    );
  });

  it("takes durations where Kratos does and leaves other texts alone", () => {
    expect(canonical({ session: { lifespan: "90s" }, courier: { smtp: { from_name: "90s" } } })).toEqual({
      courier: { smtp: { from_name: "90s" } },
      session: { lifespan: "1m30s" },
    });
  });

  it("ignores white space in inlined JSON and keeps the order of its keys", () => {
    const url = inlineUri('{ "b": 1,\n "a": 2 }');
    const document = canonical({ identity: { schemas: [{ id: "x", url }] } });
    expect(inlineText(valueAt(document, "/identity/schemas[id=x]/url"))).toBe('{"b":1,"a":2}');
  });
});
