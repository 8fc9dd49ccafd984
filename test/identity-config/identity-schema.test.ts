import { traitExtensions, traitName } from "../../infra/identity-config/identity-schema";

const sms = { "ory.sh/kratos": { verification: { via: "sms" } } };

test("finds extensions in nested objects, arrays, combinators and definitions, in their order", () => {
  const schema = {
    definitions: { number: sms },
    properties: {
      traits: {
        properties: {
          phone: sms,
          contact: { properties: { phone: sms } },
          phones: { items: sms },
          either: { allOf: [{ anyOf: [sms] }] },
        },
      },
    },
  };
  expect(traitExtensions(schema).map(({ path }) => path)).toEqual([
    "/definitions/number",
    "/properties/traits/properties/phone",
    "/properties/traits/properties/contact/properties/phone",
    "/properties/traits/properties/phones/items",
    "/properties/traits/properties/either/allOf/0/anyOf/0",
  ]);
});

test("does not take examples, defaults or a trait's name for a schema", () => {
  const schema = { default: sms, examples: [sms], enum: [sms], properties: { default: sms } };
  expect(traitExtensions(schema).map(({ path }) => path)).toEqual(["/properties/default"]);
});

test("yields nothing for what is no schema, and survives any depth", () => {
  for (const odd of [null, 1, "text", [], { properties: [] }, { properties: null }]) {
    expect(traitExtensions(odd)).toEqual([]);
  }
  let deep: unknown = sms;
  for (let level = 0; level < 20_000; level++) deep = { items: deep };
  expect(traitExtensions(deep)).toHaveLength(1);
});

test("names a trait as its path below the traits", () => {
  expect(traitName("/properties/traits/properties/phone")).toBe("phone");
  expect(traitName("/properties/traits/properties/contact/properties/phone")).toBe("contact.phone");
  expect(traitName("/properties/traits")).toBe("identity");
});
