import type { Channel, Factor } from "../identity-config/journeys/journey";
import { JourneyError } from "./journey-error";
import type { KratosApi } from "./kratos-api";
import { type Flow, unexpected } from "./kratos-reply";

/** As much of a JSON schema as is needed to fill in traits. */
export type JsonSchema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  minItems?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  "ory.sh/kratos"?: {
    credentials?: { password?: { identifier?: boolean }; code?: { identifier?: boolean; via?: Channel } };
    verification?: { via?: Channel };
    recovery?: { via?: Channel };
  };
};

/** An identity schema of the running server. */
export type IdentitySchema = { id: string; schema: JsonSchema };

/** The names on the way to a trait; `[]` steps into the first element of an array. */
export type TraitPath = string[];

/** A trait that messages are sent to. */
export type AddressTrait = { path: TraitPath; via: Channel };

/** What somebody is called for a password, and where messages reach them; often the same trait. */
export type PersonTraits = { identifier: TraitPath; addresses: AddressTrait[] };

/**
 * The schema that new identities get: the one called `id`, else the only one, else the one called "default".
 * Kratos does not say over its API which of several is its `identity.default_schema_id`.
 *
 * @throws JourneyError `SchemaUnclear`
 */
export async function readIdentitySchema(api: KratosApi, id?: string): Promise<IdentitySchema> {
  const reply = await api.public<IdentitySchema[]>("/schemas");
  if (!Array.isArray(reply.body)) {
    throw unexpected(
      "UnexpectedReply",
      "the identity schemas at /schemas",
      reply as { status: number; body: Flow },
    );
  }
  const schemas = reply.body;
  const found =
    id === undefined && schemas.length === 1
      ? schemas[0]
      : schemas.find((each) => each.id === (id ?? "default"));
  if (found) return found;
  const offered = schemas.map((each) => JSON.stringify(each.id)).join(", ") || "none";
  throw new JourneyError(
    "SchemaUnclear",
    id === undefined
      ? `the server has the identity schemas ${offered}, name the default one as schema`
      : `the server has no identity schema ${JSON.stringify(id)} but ${offered}, correct schema`,
  );
}

/** The schema that `node` stands for, with a reference inside the same document followed. */
export function resolveReference(root: JsonSchema, node: JsonSchema): JsonSchema {
  if (!node.$ref?.startsWith("#/")) return node;
  const keys = node.$ref.slice(2).split("/");
  const target = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], root);
  return (target as JsonSchema | undefined) ?? node;
}

type Leaf = { path: TraitPath; required: boolean; schema: JsonSchema };

function leaves(root: JsonSchema, node: JsonSchema, path: TraitPath, required: boolean): Leaf[] {
  const schema = resolveReference(root, node);
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, child]) =>
      leaves(root, child, [...path, name], required && (schema.required?.includes(name) ?? false)),
    );
  }
  if (schema.items) return leaves(root, schema.items, [...path, "[]"], required);
  return [{ path, required, schema }];
}

/** The traits of a schema, required ones first. */
const traitsIn = (schema: JsonSchema): Leaf[] =>
  leaves(schema, schema.properties?.traits ?? {}, [], true).sort(
    (a, b) => Number(b.required) - Number(a.required),
  );

/**
 * The traits of somebody who signs in with `factors`. For a code, an address with `credentials.code.via` its channel;
 * for a password, what it goes with. Of several the required one is taken, then the first; the address itself is the
 * best identifier. Whoever has to enrol first gets an address for codes, too, where there is one, as they may be asked
 * for a code before.
 *
 * @throws JourneyError `NoSuchAddress`
 */
export function traitsFor({ id, schema }: IdentitySchema, factors: readonly Factor[]): PersonTraits {
  const found = traitsIn(schema);
  const names = found.filter(({ schema: trait }) => isName(trait));
  const codes = found.flatMap((leaf) => {
    const code = leaf.schema["ory.sh/kratos"]?.credentials?.code;
    return code?.identifier === true && code.via !== undefined ? [{ leaf, via: code.via }] : [];
  });
  const channels = factors.flatMap((factor) =>
    factor.startsWith("code:") ? [factor.slice(5) as Channel] : [],
  );
  const addresses = channels.map((channel) => {
    const address = codes.find(({ via }) => via === channel);
    if (address !== undefined) return address;
    throw missing(id, `credentials.code { identifier: true, via: ${channel} }`, "the code could go nowhere");
  });
  const asked = codes.find(({ leaf }) => names.includes(leaf)) ?? codes[0];
  if (addresses.length === 0 && factors.length > 1 && asked !== undefined) addresses.push(asked);
  const own = addresses.map(({ leaf }) => leaf);
  const identifier = factors.includes("password")
    ? (names.find((leaf) => own.includes(leaf)) ?? names[0])
    : own[0];
  if (identifier === undefined)
    throw missing(id, "credentials.password { identifier: true }", "nobody could sign in with a password");
  return {
    identifier: identifier.path,
    addresses: addresses.map(({ leaf: { path }, via }) => ({ path, via })),
  };
}

/**
 * What somebody with every address that the schema has would have: how they are called for a password, and where
 * messages reach them, one address a channel, those that receive codes first.
 *
 * @throws JourneyError `NoSuchAddress`
 */
export function allTraits({ id, schema }: IdentitySchema): PersonTraits {
  const found = traitsIn(schema);
  const reached = found.flatMap(({ path, schema: trait }) => {
    const extension = trait["ory.sh/kratos"];
    const { code } = extension?.credentials ?? {};
    const via =
      (code?.identifier ? code.via : undefined) ?? extension?.verification?.via ?? extension?.recovery?.via;
    return via === undefined
      ? []
      : [{ path, via, codes: code?.identifier === true, password: isName(trait) }];
  });
  reached.sort((a, b) => Number(b.codes) - Number(a.codes));
  const addresses = (["email", "sms"] as const).flatMap(
    (via) => reached.find((one) => one.via === via) ?? [],
  );
  const name =
    addresses.find(({ password }) => password) ?? found.find((leaf) => isName(leaf.schema)) ?? addresses[0];
  if (name === undefined)
    throw missing(id, "credentials.password { identifier: true } or an address", "nobody could sign in");
  return { identifier: name.path, addresses: addresses.map(({ path, via }) => ({ path, via })) };
}

const isName = (trait: JsonSchema): boolean =>
  trait["ory.sh/kratos"]?.credentials?.password?.identifier === true;

function missing(id: string, extension: string, consequence: string): JourneyError {
  return new JourneyError(
    "NoSuchAddress",
    `identity schema ${JSON.stringify(id)} has no trait with ${extension}, so ${consequence}; add it to a trait or leave this journey out`,
  );
}
