import type { Acknowledgement } from "../identity-config/acknowledgement";
import { acknowledgementSchema } from "../identity-config/acknowledgement-schema";
import { ownedPaths } from "../identity-config/change-set";
import { type Document, isUnknown } from "../identity-config/model";
import type { Promotion } from "../identity-config/promotion/gate";
import { type Dangling, resolveReferences, secretNames } from "../identity-config/references";
import { object } from "../targets/json-schema";
import type { TargetSettings } from "../targets/open";
import { targetSchema } from "../targets/settings-schema";
import { validator } from "../validator";
import { inputProblems } from "./input-problems";
import type { Failure } from "./lifecycle";
import type { Properties } from "./wire";

/**
 * Inputs of `ory:index:IdentityConfig`, checked. Leaves of `config`, `assets` and `secrets` may be unknown. No interface,
 * which would be no Properties.
 */
export type IdentityConfigInputs = {
  target: TargetSettings;
  /** The declared document; `asset:<name>` and `secret:<name>` refer to the texts beside it. */
  config: Document;
  assets: Record<string, unknown>;
  secrets: Record<string, unknown>;
  /** Paths that are let go as they stand when they leave `config`. */
  release: string[];
  /** Steps that rules refuse and that the user consents to. */
  acknowledge?: Acknowledgement[];
  /** Which stage proves this config before it comes here. */
  promotion?: Promotion;
  /** Paths that `config` declares; computed. */
  owned: string[];
};

// No path, name or URL has a control character; the operating system refuses it in words that show the value.
const text = {
  type: "string",
  pattern: "^[^\\p{Cc}]+$",
  description: "a text of one line that is not empty",
};
const url = {
  type: "string",
  pattern: "^https?://[^/?#@\\s]+([/?#]\\S*)?$",
  description: "a URL that starts with http:// or https://, without user and password",
};
const path = {
  type: "string",
  pattern: "^(/[^/\\[\\]]*|\\[[^=\\[\\]/]*=[^\\[\\]/]*\\])+$",
  description: "a path such as /session/lifespan or /courier/channels[id=sms]",
};
const texts = { type: "array", items: text };
const env = {
  type: "object",
  propertyNames: { pattern: "^[^=\\p{Cc}]+$" },
  additionalProperties: {
    type: "string",
    pattern: "^[^\\p{Cc}]*$",
    description: "a text of one line",
    writeOnly: true,
  },
};

/** JSON schema of the inputs; the package schema documents the same. */
export const INPUTS = object(
  {
    target: targetSchema({ text, url, env }),
    config: { type: "object" },
    assets: { type: "object" },
    secrets: { type: "object" },
    release: { type: "array", items: path },
    acknowledge: { type: "array", items: acknowledgementSchema({ text, path }) },
    promotion: object(
      { from: text, keep: { type: "array", items: path }, digest: text, proven: { type: "object" } },
      ["from"],
    ),
    owned: texts,
  },
  ["target", "config"],
);

const validate = validator(INPUTS);

/** Checks the shape of `news` and fills in what is computed. `inputs` is for use only where nothing failed. */
export function checkedInputs(news: Properties): { inputs: IdentityConfigInputs; failures: Failure[] } {
  const given = Object.fromEntries(Object.entries(news).filter(([name]) => !name.startsWith("__")));
  if (!validate(given)) {
    const failures = inputProblems(validate.errors!).map((reason) => ({ property: "", reason }));
    return { inputs: given as IdentityConfigInputs, failures };
  }
  const config = given.config as Document;
  const inputs = {
    ...(given as { target: TargetSettings }),
    config,
    assets: (given.assets ?? {}) as Record<string, unknown>,
    secrets: (given.secrets ?? {}) as Record<string, unknown>,
    release: (given.release ?? []) as string[],
    ...(given.acknowledge !== undefined && { acknowledge: given.acknowledge as Acknowledgement[] }),
    ...(given.promotion !== undefined && { promotion: given.promotion as Promotion }),
    owned: ownedPaths(config),
  };
  return { inputs, failures: resolved(inputs).dangling.map(danglingFailure) };
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
    // Without a property: the engine would print its whole value.
    property: "",
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
export function resolved({
  config,
  assets,
  secrets,
}: Pick<IdentityConfigInputs, "config" | "assets" | "secrets">): Resolved {
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
