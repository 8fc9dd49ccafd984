import { randomUUID } from "node:crypto";
import { type IdentitySchema, type JsonSchema, resolveReference, type TraitPath } from "./identity-schema";
import { throwAwayEmail, throwAwayName, throwAwayPhone } from "./throw-away-address";

export type Traits = Record<string, unknown>;

/**
 * Makes up traits that satisfy the schema: `wanted` ones, what the schema requires, and nothing else.
 *
 * A value comes from the trait's `const`, `enum`, `examples` or `default`, else from its type and format. A `pattern`
 * is not solved: such a trait needs an example, or Kratos refuses the identity.
 */
export function throwAwayTraits({ schema }: IdentitySchema, wanted: TraitPath[]): Traits {
  const traits = schema.properties?.traits ?? {};
  return (fill(schema, traits, wanted) ?? {}) as Traits;
}

/** The value of one trait. */
export function traitAt(traits: unknown, path: TraitPath): unknown {
  return path.reduce<unknown>((at, name) => {
    const key = name === "[]" ? "0" : name;
    return (at as Record<string, unknown> | undefined)?.[key];
  }, traits);
}

function fill(root: JsonSchema, node: JsonSchema, wanted: TraitPath[]): unknown {
  const schema = resolveReference(root, node);
  if (schema.properties) {
    const entries = Object.entries(schema.properties)
      .map(([name, child]) => ({ name, child, inside: stepInto(wanted, name) }))
      .filter(({ name, inside }) => inside.length > 0 || schema.required?.includes(name))
      .map(({ name, child, inside }) => [name, fill(root, child, inside)]);
    return Object.fromEntries(entries);
  }
  if (schema.items) {
    const inside = stepInto(wanted, "[]");
    const length = Math.max(schema.minItems ?? 0, inside.length > 0 ? 1 : 0);
    return Array.from({ length }, () => fill(root, schema.items ?? {}, inside));
  }
  return makeUp(schema);
}

function stepInto(wanted: TraitPath[], name: string): TraitPath[] {
  return wanted.filter((path) => path[0] === name).map((path) => path.slice(1));
}

function makeUp(schema: JsonSchema): unknown {
  const extension = schema["ory.sh/kratos"];
  const via = extension?.credentials?.code?.via ?? extension?.verification?.via ?? extension?.recovery?.via;
  if (via === "email" || schema.format === "email") return throwAwayEmail();
  if (via === "sms" || schema.format === "tel") return throwAwayPhone();
  // An example of an identifier is somebody's; it is better made up, unless only an example fits the pattern.
  const identifies = extension?.credentials?.password?.identifier === true && schema.pattern === undefined;
  const given =
    schema.const ?? schema.enum?.[0] ?? (identifies ? undefined : (schema.examples?.[0] ?? schema.default));
  if (given !== undefined) return given;
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "boolean":
      return true;
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "null":
      return null;
    case "array":
      return [];
    case "object":
      return {};
    default:
      return makeUpText(schema);
  }
}

function makeUpText({ format, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: JsonSchema): string {
  switch (format) {
    case "uri":
      return "https://example.com/";
    case "date":
      return "2000-01-01";
    case "time":
      return "12:00:00Z";
    case "date-time":
      return "2000-01-01T12:00:00Z";
    case "uuid":
      return randomUUID();
    default:
      return throwAwayName().padEnd(minLength, "x").slice(0, maxLength);
  }
}
