import type { Running } from "../kratos-version";
import { isBranch } from "../model";
import { join } from "../path";
import { type Fault, faultsOf } from "./faults";
import { isReference, isRegex, isUri } from "./formats";
import type { Keys, Kind, OneOrMany, Scalar } from "./kind";
import { anything, choice, flag, keys, list, map, number, open, since, text, whole } from "./scalars";

/** A schema in a schema: an object, or `true` or `false`. */
const schema: Kind = { is: "same", as: () => SCHEMA };
const schemas = list(schema, { min: 1 });
const length = whole({ min: 0 });
const names = list(text(), { unique: true });
const regex: Scalar = text({
  test: isRegex,
  expected: "a regular expression of Go, which has no look-around",
});
const relative = text({ test: isReference, expected: "a URL, or a path" });
const simpleType = choice(["array", "boolean", "integer", "null", "number", "object", "string"]);
const oneOrMany = (one: Kind, many: Kind): OneOrMany => ({ is: "either", one, many });

/** The keywords of JSON Schema draft 7; any other may hold anything. */
const SCHEMA: Keys = open(
  {
    $id: relative,
    $schema: text({ test: isUri, expected: "a URL with a scheme" }),
    $ref: relative,
    $comment: text(),
    title: text(),
    description: text(),
    readOnly: flag(),
    examples: list(anything()),
    multipleOf: number({ above: 0 }),
    maximum: number(),
    exclusiveMaximum: number(),
    minimum: number(),
    exclusiveMinimum: number(),
    maxLength: length,
    minLength: length,
    pattern: regex,
    additionalItems: schema,
    items: oneOrMany(schema, schemas),
    maxItems: length,
    minItems: length,
    uniqueItems: flag(),
    contains: schema,
    maxProperties: length,
    minProperties: length,
    required: names,
    additionalProperties: schema,
    definitions: map(schema),
    properties: map(schema),
    patternProperties: map(schema, { names: regex }),
    dependencies: map(oneOrMany(schema, names)),
    propertyNames: schema,
    enum: list(anything(), { min: 1, unique: true }),
    type: oneOrMany(simpleType, list(simpleType, { min: 1, unique: true })),
    format: text(),
    contentMediaType: text(),
    contentEncoding: text(),
    if: schema,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: schema,
    else: schema,
    allOf: schemas,
    anyOf: schemas,
    oneOf: schemas,
    not: schema,
  },
  { loose: "boolean" },
);

const verified = choice(["email", "tel", "date", "time", "date-time", "no-validate"]);

/** What Kratos wants of an identity schema beside: traits, each an object. */
const IDENTITY: Keys = open(
  {
    properties: open(
      {
        traits: open(
          { type: choice(["object"]), properties: map(open({}), { min: 1 }) },
          { required: ["properties"] },
        ),
      },
      { required: ["traits"] },
    ),
  },
  { required: ["properties"] },
);

const EXTENSION_KEY = "ory.sh/kratos";
const via = () => choice(["email", "sms"]);

/** What `ory.sh/kratos` holds. */
const EXTENSION: Keys = keys({
  credentials: keys({
    password: keys({ identifier: flag() }),
    webauthn: keys({ identifier: flag() }),
    passkey: keys({ display_name: flag() }),
    totp: keys({ account_name: flag() }),
    code: keys({ identifier: flag(), via: via() }),
  }),
  verification: keys({ via: via() }),
  recovery: keys({ via: choice(["email"], { newer: { "25.4.0": ["sms"] }, foreign: "sms-recovery" }) }),
  organizations: since("25.4.0", keys({ matcher: choice(["email_domain"]) })),
});

/** What is wrong with an identity schema; paths are the schema's own. */
export interface SchemaFaults {
  /** With it as a schema, and with its traits. */
  schema: Fault[];
  /** With what its traits tell Kratos under `ory.sh/kratos`. */
  extension: Fault[];
}

/** Why Kratos would not load `schema`, the value of an identity schema's text. */
export function identitySchemaFaults(schema: unknown, running: Running): SchemaFaults {
  const found: SchemaFaults = {
    schema: [...faultsOf(schema, SCHEMA, running), ...faultsOf(schema, IDENTITY, running)],
    extension: [],
  };
  const root = isBranch(schema) && isBranch(schema.properties) ? schema.properties.traits : undefined;
  const traits = isBranch(root) && isBranch(root.properties) ? root.properties : {};
  for (const [name, trait] of Object.entries(traits)) {
    const path = join("/properties/traits/properties", name);
    if (!isBranch(trait)) continue;
    const extension = trait[EXTENSION_KEY];
    const isVerified = isBranch(extension) && Object.hasOwn(extension, "verification");
    if (isVerified && Object.hasOwn(trait, "format"))
      found.extension.push(...faultsOf(trait.format, verified, running, `${path}/format`));
    found.extension.push(...extensionFaults(trait, running, path));
  }
  return found;
}

/** Kratos looks for the extension in any object below a trait, whatever it is for, and not in lists. */
function extensionFaults(trait: Record<string, unknown>, running: Running, at: string): Fault[] {
  const found: Fault[] = [];
  // A worklist instead of recursion: a hostile schema may be nested deeper than the call stack.
  const open = [{ node: trait, path: at }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [name, value] of Object.entries(next.node)) {
      const path = join(next.path, name);
      if (name === EXTENSION_KEY) found.push(...faultsOf(value, EXTENSION, running, path));
      if (isBranch(value)) open.push({ node: value, path });
    }
  }
  return found;
}
