import type { AnySchemaObject, ErrorObject } from "ajv";
import { closest, distance } from "fastest-levenshtein";
import { isBranch } from "./identity-config/model";
import { redactText } from "./identity-config/sensitive";
import { contradictions } from "./proof-contradictions";
import { SETTINGS } from "./settings-schema";
import { validator } from "./validator";

const validate = validator(SETTINGS);

/**
 * What is wrong with `settings`, a line each: path, value, what is allowed, and the nearest right key. A key that is
 * there with the value undefined counts as set, but is not looked into.
 */
export function problems(settings: Record<string, unknown>, prefix: string): string[] {
  if (validate(settings)) return contradictions(settings, prefix);
  const telling = withoutBranches(validate.errors!).filter(
    ({ keyword, params, instancePath }) =>
      // What an `if` says tells nothing that the schema which it chose does not.
      keyword !== "if" &&
      !(keyword === "required" && instancePath === "" && Object.hasOwn(settings, params.missingProperty)),
  );
  return [...new Set(telling.map((error) => problem(error, prefix)))];
}

const CHOICES = ["oneOf", "anyOf"];

/**
 * A choice is told in one line; what each of its branches lacks is not. Where an object stands, and one branch is an
 * object, that branch is meant, and its errors tell more than the choice.
 */
function withoutBranches(errors: ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(({ keyword }) => CHOICES.includes(keyword));
  const meant = choices.map(({ schema, schemaPath, data }) => {
    const branch = (schema as AnySchemaObject[]).findIndex(({ type }) => type === "object");
    return isBranch(data) && branch >= 0 ? `${schemaPath}/${branch}/` : undefined;
  });
  const told = errors.filter(
    ({ keyword, schemaPath }) =>
      !CHOICES.includes(keyword) &&
      (!/\/(oneOf|anyOf)\/\d/.test(schemaPath) ||
        meant.some((branch) => branch !== undefined && schemaPath.startsWith(branch))),
  );
  const explained = (choice: ErrorObject) =>
    told.some(
      ({ instancePath, keyword }) =>
        instancePath === choice.instancePath && ["type", "additionalProperties"].includes(keyword),
    );
  return [...told, ...choices.filter((choice, index) => meant[index] === undefined && !explained(choice))];
}

function problem({ instancePath, keyword, params, parentSchema, data }: ErrorObject, prefix: string): string {
  const { properties = {}, description } = parentSchema!;
  const at = prefix + instancePath.slice(1).split("/").map(unescaped).join(".");
  const is = `${at} is ${shown(data, mayHoldSecret(parentSchema))}`;
  switch (keyword) {
    case "additionalProperties": {
      const known = Object.keys(properties);
      const wrong = params.additionalProperty as string;
      return `${child(at, wrong)} is not a known key${suggestion(wrong, known)} allowed: ${known.join(", ")}`;
    }
    case "required": {
      const allowed = properties[params.missingProperty].description;
      return `${child(at, params.missingProperty)} is missing${allowed ? `; allowed: ${allowed}` : ""}`;
    }
    case "type":
      return `${is}; it must be ${kind(params.type, Object.keys(properties))}`;
    case "enum":
      return `${is}; allowed: ${params.allowedValues.join(", ")}`;
    case "minLength":
    case "minItems":
      return `${is}; it must not be empty`;
    default:
      return `${is}; allowed: ${description}`;
  }
}

function kind(type: string, keys: string[]): string {
  if (type === "object") return keys.length > 0 ? `an object; allowed keys: ${keys.join(", ")}` : "an object";
  return { string: "a text", boolean: "true or false", array: "a list" }[type]!;
}

const LONGEST = 100;

function shown(value: unknown, hide: boolean): string {
  if (Array.isArray(value)) return value.length > 0 ? "a list" : "an empty list";
  if (isBranch(value)) {
    const keys = Object.keys(value);
    return keys.length > 0
      ? `an object with ${keys.map((name) => redactText(name)).join(", ")}`
      : "an empty object";
  }
  if (value === null || value === "") return JSON.stringify(value);
  if (hide) return `a ${typeof value === "string" ? "text" : typeof value} (not shown: it may be a secret)`;
  if (typeof value !== "string") return JSON.stringify(value);
  const safe = value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1[secret]@").replace(/[?#].*$/s, "?…");
  return JSON.stringify(safe.length > LONGEST ? `${safe.slice(0, LONGEST)}…` : safe);
}

/** Whether a value at this place of the schema may be, or hold, a secret. */
const mayHoldSecret = (schema: unknown): boolean =>
  Array.isArray(schema)
    ? schema.some(mayHoldSecret)
    : isBranch(schema) && (schema.writeOnly === true || Object.values(schema).some(mayHoldSecret));

const unescaped = (segment: string): string => segment.replaceAll("~1", "/").replaceAll("~0", "~");

const child = (at: string, name: string): string => `${at}${at.endsWith(":") ? "" : "."}${redactText(name)}`;

function suggestion(wrong: string, known: string[]): string {
  const nearest = closest(wrong, known);
  return distance(wrong, nearest) <= Math.max(2, nearest.length / 3) ? `, did you mean "${nearest}"?` : ";";
}
