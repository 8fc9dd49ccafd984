import Ajv, { type ErrorObject } from "ajv";
import { closest, distance } from "fastest-levenshtein";
import { redact, redactText } from "./identity-config/sensitive";

const text = { type: "string", minLength: 1 };
const bool = { type: "boolean" };
const object = (properties: object, required: string[] = []) => ({
  type: "object",
  additionalProperties: false,
  properties,
  required,
});

const aal = { type: "string", enum: ["aal1", "highest_available"] };
const texts = { type: "object", additionalProperties: text };
const auth = {
  ...object({ header: text, cookie: text, value: text, user: text, password: text }),
  oneOf: [
    { required: ["header", "value"] },
    { required: ["cookie", "value"] },
    { required: ["user", "password"] },
  ],
  description: "either header and value, or cookie and value, or user and password",
};
const request = { url: { ...text, pattern: "^https?://" }, method: text, headers: texts, auth };
const rp = object(
  {
    rp: object({ id: text, displayName: text, origins: { type: "array", items: text } }, [
      "id",
      "displayName",
    ]),
  },
  ["rp"],
);
const key = { anyOf: [{ const: false }, rp], description: "false, or rp with id and displayName" };

const kratos = object(
  {
    name: { ...text, pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" },
    dir: text,
    config: text,
    binary: text,
    adminUrls: { type: "array", minItems: 1, items: request.url },
    publicUrl: request.url,
    env: { type: "object", additionalProperties: { type: "string" } },
  },
  ["name", "dir"],
);

const smtp = object(
  {
    connectionUri: { ...text, pattern: "^(smtps?://|secret:)" },
    fromAddress: text,
    fromName: text,
    headers: texts,
  },
  ["connectionUri"],
);

const journey = { type: "string", enum: ["password+email", "password+sms"] };

/** JSON schema of a stack's configuration without `secrets`, by key below the project's name. */
export const SETTINGS = object(
  {
    target: object({ kratos }, ["kratos"]),
    email: {
      ...object({ smtp, http: object(request, ["url"]) }),
      oneOf: [{ required: ["smtp"] }, { required: ["http"] }],
      description: "either smtp or http",
    },
    sms: {
      ...object(request),
      anyOf: [{ maxProperties: 0 }, { required: ["url"] }],
      description: "url, and optionally method, headers and auth",
    },
    secondFactor: object({
      code: bool,
      totp: {
        anyOf: [bool, object({ issuer: text }, ["issuer"])],
        description: "true, false, or an object with issuer",
      },
      lookupSecret: bool,
      webauthn: key,
    }),
    passwordless: object({ code: bool, passkey: key, webauthn: key }),
    requiredAal: object({ session: aal, settings: aal }),
    proof: object({
      as: { type: "array", minItems: 1, items: journey },
      outbox: object({ url: request.url }, ["url"]),
    }),
    raw: { type: "object" },
  },
  ["target", "email"],
);

const validate = new Ajv({
  allErrors: true,
  verbose: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
}).compile(SETTINGS);

/** What is wrong with `settings`, a line each: path, value, what is allowed, and the nearest right key. */
export function problems(settings: unknown, prefix: string): string[] {
  if (validate(settings)) return [];
  const errors = validate.errors!;
  // A choice is told in one line; what each of its branches lacks is not.
  const choices = errors.filter(({ keyword }) => keyword === "oneOf" || keyword === "anyOf");
  const inBranch = ({ schemaPath }: ErrorObject) => /\/(oneOf|anyOf)\/\d/.test(schemaPath);
  const rest = errors.filter(
    (error) => !choices.includes(error) && !inBranch(error) && error.keyword !== "if",
  );
  return [...new Set([...rest, ...choices].map((error) => problem(error, prefix)))];
}

function problem(
  { instancePath, keyword, params, parentSchema, data, schema }: ErrorObject,
  prefix: string,
): string {
  const at = prefix + instancePath.slice(1).replaceAll("/", ".");
  const value = JSON.stringify(
    redact(instancePath, typeof data === "string" ? redactText(data) : data),
  )?.slice(0, 100);
  switch (keyword) {
    case "additionalProperties": {
      const known = Object.keys(parentSchema?.properties ?? {});
      const wrong = params.additionalProperty as string;
      return `${child(at, wrong)} is not a known key${suggestion(wrong, known)} allowed: ${known.join(", ")}`;
    }
    case "required":
      return `${child(at, params.missingProperty)} is missing`;
    case "enum":
      return `${at} is ${value}; allowed: ${(schema as string[]).join(", ")}`;
    case "type":
      return `${at} is ${value}; it must be of type ${params.type}`;
    case "pattern":
      return `${at} is ${value}; it must match ${params.pattern}`;
    default:
      return `${at} is ${value}; allowed: ${parentSchema?.description ?? validate.errors![0]?.message}`;
  }
}

const child = (at: string, name: string): string => (at.endsWith(":") ? at + name : `${at}.${name}`);

function suggestion(wrong: string, known: string[]): string {
  if (known.length === 0) return ";";
  const nearest = closest(wrong, known);
  return distance(wrong, nearest) <= Math.max(2, nearest.length / 3) ? `, did you mean "${nearest}"?` : ";";
}
