import { isDeepStrictEqual } from "node:util";
import { traitExtensions, traitName } from "./identity-schema";
import { isBranch } from "./model";
import { join } from "./path";
import { readAt, shown } from "./reading";

/** What a new text of an identity schema means for an identity that was made under the old one. */
export interface SchemaChange {
  /**
   * `rejects`: its traits may no longer validate. `forgets`: a trait's value goes when its owner saves the profile.
   * `loses`: it no longer signs in by a trait. `gains`: it could sign in by a trait, once it is written again. `unclear`:
   * the comparison does not understand what differs.
   */
  kind: "rejects" | "forgets" | "loses" | "gains" | "unclear";
  /** In words, with the trait's name. */
  message: string;
  /** The credential that is lost or gained. */
  credential?: string;
}

type Schema = Record<string, unknown>;

/** Compares two texts of one identity schema, parsed. */
export function schemaChanges(before: unknown, after: unknown): SchemaChange[] {
  if (!isBranch(before) || !isBranch(after)) return [];
  return [...constraints(before, after, ""), ...identifiers(before, after)];
}

const nameOf = (path: string): string => {
  const name = traitName(path);
  return name === "identity" ? "the identity" : name;
};

/** Where the new schema accepts less. */
function constraints(before: Schema, after: Schema, path: string): SchemaChange[] {
  const name = nameOf(path);
  const rejects = (message: string): SchemaChange => ({ kind: "rejects", message });
  const found = [
    ...typeChange(before, after).map((one) => rejects(`${name} must be ${one}`)),
    ...limits(before, after).map((one) => rejects(`${name}: ${one}`)),
    ...newlyRequired(before, after).map((key) => rejects(`${nameOf(below(path, key))} is required`)),
  ];
  const unclear = COMBINED.filter((key) => !isDeepStrictEqual(before[key], after[key])).map(
    (key): SchemaChange => ({ kind: "unclear", message: `${key} of ${name} is another one` }),
  );
  return [...found, ...unclear, ...children(before, after, path)];
}

/** Keywords whose differences are not understood. */
const COMBINED = [
  "$ref",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "dependencies",
  "patternProperties",
  "propertyNames",
  "contains",
];

const below = (path: string, key: string): string => join(join(path, "properties"), key);

function children(before: Schema, after: Schema, path: string): SchemaChange[] {
  const [had, has] = [properties(before), properties(after)];
  const closed = after.additionalProperties === false;
  const gone = Object.keys(had)
    .filter((key) => !Object.hasOwn(has, key))
    .map((key): SchemaChange => {
      const trait = nameOf(below(path, key));
      return closed
        ? { kind: "rejects", message: `${trait} is gone, and traits that are not listed are refused` }
        : { kind: "forgets", message: `${trait} is gone: its value is lost when somebody saves the profile` };
    });
  const closing: SchemaChange[] =
    closed && before.additionalProperties !== false
      ? [{ kind: "rejects", message: `${nameOf(path)} may not hold anything that is not listed any more` }]
      : [];
  const kept = Object.keys(had).flatMap((key) => {
    const [old, value] = [had[key], has[key]];
    return isBranch(old) && isBranch(value) ? constraints(old, value, below(path, key)) : [];
  });
  const items =
    isBranch(before.items) && isBranch(after.items)
      ? constraints(before.items, after.items, join(path, "items"))
      : [];
  return [...gone, ...closing, ...kept, ...items];
}

const properties = (schema: Schema): Schema => (isBranch(schema.properties) ? schema.properties : {});

function typeChange(before: Schema, after: Schema): string[] {
  const [old, value] = [typesOf(before), typesOf(after)];
  if (value.length === 0) return [];
  const accepted = (type: unknown) =>
    value.includes(type) || (type === "integer" && value.includes("number"));
  return old.length > 0 && old.every(accepted)
    ? []
    : [`of type ${value.map((one) => shown(one)).join(" or ")}`];
}

const typesOf = ({ type }: Schema): unknown[] =>
  Array.isArray(type) ? type : type === undefined ? [] : [type];

const ATLEAST = ["minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"];
const ATMOST = ["maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"];
const EXACT = ["pattern", "format", "const", "multipleOf"];

function limits(before: Schema, after: Schema): string[] {
  const tighter = (key: string, more: (a: number, b: number) => boolean) =>
    typeof after[key] === "number" &&
    (typeof before[key] !== "number" || more(after[key], before[key] as number));
  const said = (key: string) => `${key} is ${shown(after[key])}`;
  return [
    ...ATLEAST.filter((key) => tighter(key, (a, b) => a > b)).map(said),
    ...ATMOST.filter((key) => tighter(key, (a, b) => a < b)).map(said),
    ...EXACT.filter((key) => after[key] !== undefined && !isDeepStrictEqual(after[key], before[key])).map(
      said,
    ),
    ...(after.uniqueItems === true && before.uniqueItems !== true ? ["its elements must differ"] : []),
    ...enumChange(before.enum, after.enum),
  ];
}

function enumChange(before: unknown, after: unknown): string[] {
  if (!Array.isArray(after)) return [];
  if (!Array.isArray(before)) return ["only listed values are accepted"];
  const gone = before.filter((one) => !after.some((other) => isDeepStrictEqual(one, other)));
  return gone.length === 0 ? [] : [`${gone.map((one) => shown(one)).join(", ")} is no longer accepted`];
}

const listed = (schema: Schema): unknown[] => (Array.isArray(schema.required) ? schema.required : []);

const newlyRequired = (before: Schema, after: Schema): string[] =>
  listed(after).filter((key): key is string => typeof key === "string" && !listed(before).includes(key));

const CREDENTIALS = ["password", "code", "webauthn"];

/** Traits that people sign in by. */
function identifiers(before: Schema, after: Schema): SchemaChange[] {
  const [had, has] = [extensions(before), extensions(after)];
  return [...new Set([...had.keys(), ...has.keys()])].flatMap((path) =>
    CREDENTIALS.flatMap((credential): SchemaChange[] => {
      const is = (of: Map<string, Schema>) =>
        readAt(of.get(path), `/credentials/${credential}/identifier`) === true;
      if (is(had) === is(has)) return [];
      const trait = nameOf(path);
      if (is(had))
        return [{ kind: "loses", credential, message: `${trait} no longer signs in by ${credential}` }];
      // Nobody has a value of a trait that is new.
      if (!exists(before, path)) return [];
      return [{ kind: "gains", credential, message: `${trait} signs in by ${credential}` }];
    }),
  );
}

const exists = (schema: Schema, path: string): boolean => readAt(schema, path) !== undefined;

const extensions = (schema: Schema): Map<string, Schema> =>
  new Map(traitExtensions(schema).map(({ path, extension }) => [path, extension]));
