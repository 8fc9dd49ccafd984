import type { ErrorObject } from "ajv";
import { isUnknown } from "../identity-config/model";
import { REDACTED, redactText } from "../identity-config/sensitive";

/** What is wrong with a resource's inputs, a line each: path, value, what is allowed. No secret is in it. */
export function inputProblems(errors: ErrorObject[]): string[] {
  // A name that does not fit is reported by its pattern, and by the object that has it; a choice by what it chose, too.
  const telling = errors.filter(
    ({ keyword, schemaPath }) => keyword !== "if" && !schemaPath.includes("/propertyNames/"),
  );
  return telling.map(problem);
}

function problem({ instancePath, keyword, params, parentSchema, data }: ErrorObject): string {
  const at = instancePath.split("/").slice(1).map(unescaped);
  const { properties = {}, description, writeOnly } = parentSchema as Expected;
  const path = at.join(".");
  const is = `${path} is ${shown(data, writeOnly === true)}`;
  switch (keyword) {
    case "additionalProperties": {
      const allowed = Object.keys(properties).join(", ");
      return `${[...at, params.additionalProperty].join(".")} is not a known key; allowed: ${allowed}`;
    }
    case "required":
      return `${[...at, params.missingProperty].join(".")} is missing`;
    case "propertyNames":
      return `${path} has the name ${JSON.stringify(params.propertyName)}; a variable's name has no "=" and no control characters`;
    case "type":
      return `${is}; it must be ${KINDS[params.type as string]}`;
    case "enum":
      return `${is}; allowed: ${params.allowedValues.join(", ")}`;
    case "minItems":
      return `${path} is an empty list; name at least one, or leave it out`;
    default:
      return `${is}; allowed: ${description}`;
  }
}

interface Expected {
  properties?: object;
  description?: string;
  writeOnly?: boolean;
}

const KINDS: Record<string, string> = {
  string: "a text",
  object: "an object",
  array: "a list",
  boolean: "true or false",
};

const unescaped = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");

function shown(value: unknown, hide: boolean): string {
  if (isUnknown(value)) return "not known yet";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (hide) return `a ${typeof value === "string" ? "text" : typeof value} (not shown: it may be a secret)`;
  if (typeof value !== "string") return String(value);
  return JSON.stringify(redactText(value).replace(/\/\/[^/]*@/, `//${REDACTED}@`));
}
