import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Asset, textFile } from "./asset";
import { type Fields, Part } from "./part";
import { objectKeywords, type Trait } from "./traits";

/** Arguments of IdentitySchema: a JSON file, or traits. */
export type IdentitySchemaArgs = {
  /** Whether new identities get this schema (`identity.default_schema_id`). Default: false. */
  default?: boolean;
  /** Whether one may choose it by `identity_schema` when signing up. From v25.4.0; ignored before. Default: false. */
  selfServiceSelectable?: boolean;
} & (
  | {
      /** Path of a JSON schema file, relative to Pulumi.yaml's folder. */
      file: string;
      traits?: undefined;
      title?: undefined;
      keywords?: undefined;
    }
  | {
      /** The traits by name, made with `email`, `phone`, `text`, … The user interface shows them in this order. */
      traits: Record<string, Trait>;
      /** Title of the schema. Default: the part's name. */
      title?: string;
      /** Any further keywords of JSON schema for the traits as a whole, such as `allOf` or `if`; they win. */
      keywords?: Record<string, unknown>;
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
    super("IdentitySchema", name, schemaFields(name, url, args), opts);
  }
}

/** What an identity schema with the text `url` declares. */
export function schemaFields(
  name: string,
  url: Asset,
  args: Pick<IdentitySchemaArgs, "default" | "selfServiceSelectable">,
): Fields {
  const listed = { id: name, url, selfservice_selectable: args.selfServiceSelectable };
  return { identity: { schemas: [listed], default_schema_id: args.default ? name : undefined } };
}

type Traits = { traits: Record<string, Trait>; title?: string; keywords?: Record<string, unknown> };

function schemaText(name: string, { traits, title, keywords }: Traits): string {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: title ?? name,
    type: "object",
    properties: { traits: { type: "object", ...objectKeywords(traits), ...keywords } },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
