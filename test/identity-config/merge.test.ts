import * as fc from "fast-check";
import { leavesOf } from "../../infra/identity-config/leaves";
import { ConflictError, type Fragment, merge } from "../../infra/identity-config/merge";
import { documents } from "./documents";

const fragments = fc
  .array(documents, { maxLength: 4 })
  .map((all) => all.map((document, index): Fragment => ({ part: `Part "${index}"`, document })));

const outcome = (parts: Fragment[]): unknown => {
  try {
    return merge(parts);
  } catch (error) {
    return (error as Error).message;
  }
};

describe("merging fragments", () => {
  it("gives the same document, or the same conflict, in any order", () => {
    fc.assert(
      fc.property(
        fragments.chain((parts) =>
          fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length })),
        ),
        ([parts, shuffled]) => {
          expect(outcome(shuffled)).toEqual(outcome(parts));
        },
      ),
    );
  });

  it("of one document is that document, and merging it twice changes nothing", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const once = merge([{ part: "a", document }]);
        expect(leavesOf(once)).toEqual(leavesOf(document));
        expect(
          merge([
            { part: "a", document },
            { part: "b", document },
          ]),
        ).toEqual(once);
      }),
    );
  });

  it("joins elements of keyed arrays by their key", () => {
    const schema = (id: string) => ({ identity: { schemas: [{ id, url: `https://shop.example/${id}` }] } });
    expect(
      merge([
        { part: "b", document: schema("b") },
        { part: "a", document: schema("a") },
      ]),
    ).toEqual({
      identity: {
        schemas: [
          { id: "a", url: "https://shop.example/a" },
          { id: "b", url: "https://shop.example/b" },
        ],
      },
    });
  });

  it("names both parts, the path and the values where they disagree", () => {
    const code = (mfa_enabled: boolean) => ({ selfservice: { methods: { code: { mfa_enabled } } } });
    const parts = [
      { part: 'MultiFactor "second-factor"', document: code(true) },
      { part: "raw", document: code(false) },
    ];
    expect(() => merge(parts)).toThrow(ConflictError);
    expect(() => merge(parts)).toThrow(
      '/selfservice/methods/code/mfa_enabled is declared twice: by MultiFactor "second-factor" to true and by raw to false; keep one of them',
    );
  });

  it("refuses a value where another part declares something below it", () => {
    const parts = [
      { part: "a", document: { session: "x" } },
      { part: "b", document: { session: { lifespan: "1h" } } },
    ];
    expect(() => merge(parts)).toThrow("/session is declared twice: by a to");
  });

  it("shows no secret in a conflict", () => {
    const smtp = (connection_uri: string) => ({ courier: { smtp: { connection_uri } } });
    const parts = ["smtp://me:canary-1@mail", "smtp://me:canary-2@mail"].map((uri, index) => ({
      part: `p${index}`,
      document: smtp(uri),
    }));
    expect(outcome(parts)).toContain("declared twice");
    expect(outcome(parts)).not.toContain("canary");
  });

  it("never looks into an engine value", () => {
    class EngineValue {
      get secret(): string {
        throw new Error("looked into");
      }
    }
    const url = new EngineValue();
    expect(merge([{ part: "a", document: { courier: { url } } }])).toEqual({ courier: { url } });
    expect(() =>
      merge([
        { part: "a", document: { courier: { url } } },
        { part: "b", document: { courier: { url: new EngineValue() } } },
      ]),
    ).toThrow("by a to an output and by b to an output");
  });
});
