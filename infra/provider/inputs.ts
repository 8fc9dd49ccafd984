import Ajv, { type ErrorObject } from "ajv";
import { ownedPaths } from "../identity-config/change-set";
import { type Document, isUnknown } from "../identity-config/model";
import { type Dangling, resolveReferences, secretNames } from "../identity-config/references";
import type { TargetSettings } from "../targets/open";
import type { Failure } from "./lifecycle";
import type { Properties } from "./wire";

/** Inputs of `ory:index:IdentityConfig`, checked. Leaves of `config`, `assets` and `secrets` may be unknown. */
export interface IdentityConfigInputs {
  target: TargetSettings;
  /** The declared document; `asset:<name>` and `secret:<name>` refer to the texts beside it. */
  config: Document;
  assets: Record<string, unknown>;
  secrets: Record<string, unknown>;
  /** Paths that are let go as they stand when they leave `config`. */
  release: string[];
  /** Paths that `config` declares; computed. */
  owned: string[];
}

const text = { type: "string", minLength: 1 };
const texts = { type: "array", items: text };
const object = (properties: object, required: string[]) => ({
  type: "object",
  required,
  additionalProperties: false,
  properties,
});

const server = {
  name: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" },
  transport: { type: "string", enum: ["file", "output"] },
  config: text,
  binary: text,
  adminUrls: { ...texts, minItems: 1 },
  publicUrl: text,
  env: { type: "object", additionalProperties: { type: "string" } },
};
const kratos = {
  type: "object",
  if: { type: "object", properties: { transport: { const: "output" } }, required: ["transport"] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: object(
    { ...server, version: { type: "string", pattern: "^v?\\d+\\.\\d+\\.\\d+" }, plain: { type: "boolean" } },
    ["name", "transport"],
  ),
  else: object({ ...server, dir: text }, ["name", "dir"]),
};

/** JSON schema of the inputs; the package schema documents the same. */
const SCHEMA = {
  type: "object",
  required: ["target", "config"],
  additionalProperties: false,
  properties: {
    target: object({ kratos }, ["kratos"]),
    config: { type: "object" },
    assets: { type: "object" },
    secrets: { type: "object" },
    release: texts,
    owned: texts,
  },
};

const validate = new Ajv({ allErrors: true, strict: true }).compile(SCHEMA);

/** Checks the shape of `news` and fills in what is computed. `inputs` is for use only where nothing failed. */
export function checkedInputs(news: Properties): { inputs: IdentityConfigInputs; failures: Failure[] } {
  const given = Object.fromEntries(Object.entries(news).filter(([name]) => !name.startsWith("__")));
  if (!validate(given)) {
    // What a choice of a schema says tells nothing that the schema which it chose does not.
    const telling = validate.errors!.filter(({ keyword }) => keyword !== "if");
    return { inputs: given as never, failures: telling.map(failure) };
  }
  const config = given.config as Document;
  const inputs = {
    ...(given as { target: TargetSettings }),
    config,
    assets: (given.assets ?? {}) as Record<string, unknown>,
    secrets: (given.secrets ?? {}) as Record<string, unknown>,
    release: (given.release ?? []) as string[],
    owned: ownedPaths(config),
  };
  return { inputs, failures: resolved(inputs).dangling.map(danglingFailure) };
}

function failure({ instancePath, params, message }: ErrorObject): Failure {
  const extra = (params as { additionalProperty?: string }).additionalProperty;
  const path = [...instancePath.split("/").slice(1), ...(extra === undefined ? [] : [extra])].join(".");
  return {
    property: "",
    reason: `${path || "the inputs"} ${extra === undefined ? message : "is not a known key"}`,
  };
}

function danglingFailure({ path, reference }: Dangling): Failure {
  const [kind, name] = [
    reference.slice(0, reference.indexOf(":")),
    reference.slice(reference.indexOf(":") + 1),
  ];
  const remedy =
    kind === "secret"
      ? `set it with \`pulumi config set --secret --path 'secrets.${name}'\``
      : "pass the text with textFile() or as an asset";
  return {
    property: "config",
    reason: `${path} refers to ${kind} "${name}", which does not exist; ${remedy}`,
  };
}

/** The declared document with its references replaced, and the texts of its secrets. */
export interface Resolved {
  declared: Document;
  secrets: string[];
  dangling: Dangling[];
}

/** Replaces the references in `inputs.config`. */
export function resolved({ config, assets, secrets }: IdentityConfigInputs): Resolved {
  const { document, dangling } = resolveReferences(config, assets, secrets);
  const known = secretNames(config).map((name) => secrets[name]);
  return {
    declared: document,
    secrets: known.filter((secret): secret is string => typeof secret === "string"),
    dangling,
  };
}

/** Whether any leaf of a document is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasUnknown);
}
