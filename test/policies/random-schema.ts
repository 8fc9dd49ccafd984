import fc from "fast-check";
import { type Document, isBranch, type Json } from "../../infra/identity-config/model";

type Tree = { [key: string]: Json };

/** Objects with some of these keys. @param rest What is laid over them. */
function of(keys: Record<string, fc.Arbitrary<unknown>>, rest?: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> {
  return fc.tuple(objectsOf(keys), rest ?? fc.constant({})).map(([one, more]) => ({ ...one, ...more }));
}

function objectsOf(keys: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Tree> {
  return fc.record(keys, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<Tree>;
}

const lists = (one: fc.Arbitrary<Tree>) => fc.array(one, { minLength: 1, maxLength: 2 });

const listOrOne = (one: fc.Arbitrary<Tree>) => fc.oneof(one, lists(one));

const flags = (...names: string[]) =>
  objectsOf(Object.fromEntries(names.map((name) => [name, fc.boolean()])));
const via = objectsOf({ via: fc.constantFrom("email", "sms") });

/** What `ory.sh/kratos` holds in every version. */
const known: fc.Arbitrary<Tree> = objectsOf({
  credentials: objectsOf({
    password: flags("identifier"),
    webauthn: flags("identifier"),
    passkey: flags("display_name"),
    totp: flags("account_name"),
    code: of({ identifier: fc.boolean() }, via),
  }),
  verification: via,
  recovery: objectsOf({ via: fc.constant("email") }),
});

/** What it holds in newer ones. */
const newer: fc.Arbitrary<Tree> = objectsOf({
  recovery: fc.constant({ via: "sms" }),
  organizations: fc.constant({ matcher: "email_domain" }),
});

const extension: fc.Arbitrary<Tree> = fc.oneof(
  { weight: 20, arbitrary: known },
  { weight: 1, arbitrary: of({ verification: via }, newer) },
);

/** What most traits tell Kratos. */
const kratos: fc.Arbitrary<Tree> = objectsOf({ "ory.sh/kratos": extension });

/** Formats that a verified trait may have, and others. */
const FORMATS = ["email", "email", "tel", "date", "time", "date-time", "no-validate", "uri", ""];

const text: fc.Arbitrary<Tree> = of(
  {
    type: fc.constantFrom<Json>("string", ["string", "null"]),
    format: fc.constantFrom(...FORMATS),
    minLength: fc.nat(9),
    maxLength: fc.nat(99),
    pattern: fc.constantFrom("^[a-z]+$", "^\\d{3}$", "^(?P<year>\\d+)$", "\\p{L}", "^a|b$"),
    enum: fc.constant(["a", "b"]),
    const: fc.constant("a"),
    examples: fc.constant(["a"]),
    title: fc.string(),
    $comment: fc.string(),
    readOnly: fc.boolean(),
  },
  kratos,
);

/**
 * Identity schemas with traits of all kinds, nested, in lists, referred to and combined, and with what they tell Kratos;
 * with up to two changes anywhere in them, of which most make Kratos refuse them.
 */
export const randomSchema: fc.Arbitrary<Document> = fc
  .tuple(
    fc.letrec<{ schema: Tree; trait: Tree; traits: Tree }>((tie) => ({
      trait: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        text,
        of(
          { type: fc.constantFrom("integer", "number"), minimum: fc.integer(), multipleOf: fc.constant(2) },
          kratos,
        ),
        of({ type: fc.constant("boolean"), default: fc.boolean() }, kratos),
        of({ type: fc.constant("array"), items: listOrOne(tie("trait")), minItems: fc.nat(3) }, kratos),
        of(
          { type: fc.constant("object"), properties: tie("traits"), required: fc.constant(["email"]) },
          kratos,
        ),
        of(
          { $ref: fc.constantFrom("#/definitions/a", "#/definitions/none", "#"), title: fc.string() },
          kratos,
        ),
        of({ allOf: lists(tie("trait")), anyOf: lists(tie("trait")), not: tie("trait") }, kratos),
        of({ if: tie("trait"), else: tie("trait"), dependencies: fc.constant({ email: ["a"] }) }, kratos),
        // Kratos looks there, too.
        of({ default: objectsOf({ "ory.sh/kratos": extension }), enum: fc.constant(["a", "b"]) }, kratos),
      ) as fc.Arbitrary<Tree>,
      traits: fc.dictionary(fc.constantFrom("email", "phone", "a", "ü", "ory.sh"), tie("trait"), {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }) as fc.Arbitrary<Tree>,
      schema: tie("traits").chain((properties) =>
        of(
          {
            $id: fc.constantFrom("https://shop.example/customer.schema.json", "customer", "#"),
            $schema: fc.constant("http://json-schema.org/draft-07/schema#"),
            type: fc.constant("object"),
            additionalProperties: fc.boolean(),
            definitions: fc.constant({ a: { type: "string" } }),
            // A trait's extension is none outside of the traits.
            "ory.sh/kratos": extension,
          },
          of({ type: fc.constant("object"), required: fc.constant(["email"]) }).map(
            (traits): Tree => ({ properties: { traits: { ...traits, properties } } }),
          ),
        ),
      ),
    })).schema,
    fc.array(fc.record({ at: fc.nat(), how: fc.nat(5), odd: fc.nat() }), { maxLength: 2 }),
  )
  .map(([schema, changes]) => changes.reduce(changed, schema) as Document);

/** What may come in the place of any value. */
const ODD: Json[] = [
  null,
  true,
  "text",
  "",
  "array",
  "email",
  "sms",
  -1,
  0,
  1.5,
  [],
  ["a", "a"],
  [{}],
  [true],
  {},
  { "": null },
  { type: "string" },
  { via: "fax" },
  { identifier: "yes" },
  "^(?!x)",
  "(",
  "%zz",
];
const NAMES = [
  "type",
  "properties",
  "ory.sh/kratos",
  "via",
  "identifier",
  "credentials",
  "verification",
  "format",
  "x",
];

/** `schema` with one change to one of its nodes. */
function changed(schema: Tree, { at, how, odd }: { at: number; how: number; odd: number }): Tree {
  const copy = copyOf(schema);
  const places = placesIn(copy);
  const { parent, key } = places[at % places.length]!;
  const value = copyOf(ODD[odd % ODD.length]!);
  const holder = parent as Record<string, Json>;
  if (how <= 1) holder[key] = value;
  else if (how === 2 && !Array.isArray(parent)) delete holder[key];
  else if (how === 3 && !Array.isArray(parent)) {
    const { [key]: moved, ...others } = holder;
    for (const name of Object.keys(holder)) delete holder[name];
    Object.assign(holder, others, { [odd % 2 ? `${key}s` : key.slice(0, -1)]: moved });
  } else if (isBranch(holder[key])) (holder[key] as Tree)[NAMES[odd % NAMES.length]!] = value;
  else holder[key] = [copyOf(holder[key]!)];
  return copy;
}

function placesIn(node: Json): { parent: Json; key: string }[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [{ parent: node, key }, ...placesIn(value as Json)]);
}

/** Under jest, `structuredClone` makes objects that `isBranch` does not know. */
const copyOf = <T extends Json>(value: T): T => JSON.parse(JSON.stringify(value));
