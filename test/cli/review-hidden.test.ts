import * as fc from "fast-check";
import { comparable } from "../../cli/review/hidden";
import { documentOf, leavesOf } from "../../infra/identity-config/leaves";
import { type Document, UNKNOWN } from "../../infra/identity-config/model";
import { mapScalars, scalarsOf } from "../../infra/identity-config/scalars";
import { documents } from "../identity-config/documents";

const shown = (effective: Document, target: "kratos" | "network" = "kratos") => ({ effective, target });
const asLeaves = (document: Document) => documentOf(leavesOf(document));

test("two configs that hide nothing are compared as they are", () => {
  fc.assert(
    fc.property(documents, documents, (one, other) => {
      expect(comparable(shown(one), shown(other))).toEqual({
        old: asLeaves(one),
        wanted: asLeaves(other),
        hidden: [],
      });
    }),
  );
});

test("what one of two configs hides is neither a change nor left unsaid", () => {
  fc.assert(
    fc.property(documents, fc.nat(), fc.boolean(), (document, pick, isOld) => {
      const places = scalarsOf(document).flatMap(([path]) => (path.endsWith("/id") ? [] : path));
      fc.pre(places.length > 0);
      const place = places[pick % places.length];
      const hiding = mapScalars("", document, (path, scalar) => (path === place ? UNKNOWN : scalar));
      const sides = [shown(hiding as Document), shown(document)] as const;
      const { old, wanted, hidden } = isOld ? comparable(...sides) : comparable(sides[1], sides[0]);
      expect(old).toEqual(asLeaves(document));
      expect(wanted).toEqual(old);
      expect(hidden).toHaveLength(1);
    }),
  );
});

test("a mask of Ory Network hides a secret; a word of a file is a word", () => {
  const smtp = (connection_uri: string, from_name: string) => ({
    courier: { smtp: { connection_uri, from_name } },
  });
  const [one, other] = [smtp("****", "hidden"), smtp("smtp://a", "Shop")];
  expect(comparable(shown(one, "network"), shown(other, "network"))).toEqual({
    old: smtp("smtp://a", "hidden"),
    wanted: other,
    hidden: ["/courier/smtp/connection_uri"],
  });
  expect(comparable(shown(one), shown(other))).toEqual({ old: one, wanted: other, hidden: [] });
});
