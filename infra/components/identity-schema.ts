import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Asset, textFile } from "./asset";
import { Part } from "./part";
import type { Trait } from "./traits";

/** Arguments of IdentitySchema: a JSON file, or traits. */
export type IdentitySchemaArgs = {
  /** Whether new identities get this schema (`identity.default_schema_id`). Default: false. */
  default?: boolean;
} & (
  | {
      /** Path of a JSON schema file, relative to Pulumi.yaml's folder. */
      file: string;
      traits?: undefined;
      title?: undefined;
    }
  | {
      /** The traits by name, made with `email`, `phone` and `text`. The user interface shows them in this order. */
      traits: Record<string, Trait>;
      /** Title of the schema. Default: the part's name. */
      title?: string;
      file?: undefined;
    }
);

/**
 * An identity schema; its name is its id, and identities keep it.
 * @example
 * ```ts
 * new IdentitySchema("customer", {
 *   default: true,
 *   traits: {
 *     email: email({ required: true, identifies: ["password", "code"], verify: true, recover: true }),
 *     phone: phone({ identifies: ["code"], verify: true }),
 *   },
 * });
 * ```
 */
export class IdentitySchema extends Part {
  constructor(name: string, args: IdentitySchemaArgs, opts?: ComponentResourceOptions) {
    const url =
      args.file !== undefined
        ? textFile(args.file)
        : new Asset(`schemas/${name}.json`, schemaText(name, args));
    const identity = { schemas: [{ id: name, url }], default_schema_id: args.default ? name : undefined };
    super("IdentitySchema", name, { identity }, opts);
  }
}

function schemaText(
  name: string,
  { traits, title }: { traits: Record<string, Trait>; title?: string },
): string {
  const entries = Object.entries(traits);
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: title ?? name,
    type: "object",
    properties: {
      traits: {
        type: "object",
        properties: Object.fromEntries(entries.map(([trait, { schema }]) => [trait, schema])),
        required: entries.filter(([, { required }]) => required).map(([trait]) => trait),
        additionalProperties: false,
      },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
