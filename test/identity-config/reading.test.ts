import { UNKNOWN } from "../../infra/identity-config/model";
import { elementsAt, readAt, shown } from "../../infra/identity-config/reading";

test("what stands below an unknown branch is unknown, not absent", () => {
  expect(readAt({ courier: UNKNOWN }, "/courier/smtp/from_name")).toEqual(UNKNOWN);
  expect(readAt({ courier: { smtp: {} } }, "/courier/smtp/from_name")).toBeUndefined();
});

test("what an object inherits is not in the document", () => {
  expect(readAt({}, "/constructor")).toBeUndefined();
  expect(readAt(JSON.parse('{"__proto__": {"a": 1}}'), "/a")).toBeUndefined();
});

test("elements are addressed by id, by position without one, and an unknown array is one unknown element", () => {
  const paths = (list: unknown) => elementsAt({ list }, "/list").map(({ path }) => path);
  expect(paths([{ id: "a/b" }, {}, null])).toEqual(["/list[id=a~1b]", "/list/1", "/list/2"]);
  expect(elementsAt({ list: UNKNOWN }, "/list")).toEqual([{ path: "/list", value: UNKNOWN }]);
  expect(paths("none")).toEqual([]);
});

test("values are shown short, and containers by kind", () => {
  expect([null, "aal2", [1], { a: 1 }].map(shown)).toEqual(["null", '"aal2"', "a list", "an object"]);
  expect(shown("x".repeat(100))).toHaveLength(61);
});
