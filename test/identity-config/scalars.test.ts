import * as fc from "fast-check";
import { UNKNOWN } from "../../infra/identity-config/model";
import { mapScalars, scalarsOf } from "../../infra/identity-config/scalars";
import { documents } from "./documents";

describe("the scalars of a document", () => {
  it("come with their paths, from inside of arrays too", () => {
    const document = { a: { "b/c": [1, { d: null }] }, e: UNKNOWN, f: {}, g: [] };
    expect(scalarsOf(document, "/x")).toEqual([
      ["/x/a/b~1c/0", 1],
      ["/x/a/b~1c/1/d", null],
      ["/x/e", UNKNOWN],
    ]);
  });

  it("leave the document as it is where they are mapped to themselves", () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(mapScalars("", document, (_path, scalar) => scalar)).toEqual(document);
      }),
    );
  });
});
