import {
  identitySchemas,
  type ListedSchema,
  type TraitExtension,
} from "../../infra/identity-config/identity-schema";
import { isUnknown } from "../../infra/identity-config/model";
import { readAt } from "../../infra/identity-config/reading";
import type { Condition } from "./condition";

/** Whether a trait is of a kind. */
export type Kind = (trait: TraitExtension) => boolean;

/** How messages reach an address. */
export type Via = "email" | "sms";

/** Traits that codes are sent to. */
export const receivesCodes =
  (via?: Via): Kind =>
  ({ extension }) => {
    const code = readAt(extension, "/credentials/code");
    return readAt(code, "/identifier") === true && reaches(readAt(code, "/via"), via);
  };

/** Traits that are verified. */
export const isVerified =
  (via?: Via): Kind =>
  ({ extension }) =>
    reaches(readAt(extension, "/verification/via"), via) && readAt(extension, "/verification") !== undefined;

/** Traits that accounts are recovered through. */
export const recovers =
  (via?: Via): Kind =>
  ({ extension }) =>
    reaches(readAt(extension, "/recovery/via"), via) && readAt(extension, "/recovery") !== undefined;

/** Traits of all the kinds at once. */
export const isEach =
  (...kinds: Kind[]): Kind =>
  (trait) =>
    kinds.every((kind) => kind(trait));

const reaches = (found: unknown, via: Via | undefined): boolean => via === undefined || found === via;

/** Whether a trait of any listed schema is of the kind. */
export function someTrait(document: unknown, kind: Kind): Condition {
  const schemas = identitySchemas(document);
  const owner = schemas.find(({ extensions }) => extensions.some(kind));
  if (owner) return { holds: true, path: owner.path };
  const unreadable = schemas.find((schema) => schema.unreadable);
  if (unreadable) return { holds: undefined, path: unreadable.path, because: unreadable.unreadable };
  return { holds: false, path: schemas[0]?.path ?? "/identity/schemas" };
}

/** Whether schemas are listed, and none has a trait of the kind. Kratos itself refuses a config without any schema. */
export function noTrait(document: unknown, kind: Kind): Condition {
  const some = someTrait(document, kind);
  if (some.holds === undefined) return some;
  return { ...some, holds: !some.holds && identitySchemas(document).length > 0 };
}

/** Whether the default schema has a trait of the kind. A default that is not listed is not blamed here: it has neither. */
export function defaultHas(document: unknown, kind: Kind): Condition {
  return ofDefault(document, (schema) => schema.extensions.some(kind));
}

/** Whether the default schema has no trait of the kind. */
export function defaultLacks(document: unknown, kind: Kind): Condition {
  return ofDefault(document, (schema) => !schema.extensions.some(kind));
}

function ofDefault(document: unknown, holds: (schema: ListedSchema) => boolean): Condition {
  const idPath = "/identity/default_schema_id";
  const id = readAt(document, idPath) ?? "default";
  if (isUnknown(id)) return { holds: undefined, path: idPath };
  const listed = identitySchemas(document);
  const schema = listed.find((one) => one.id === id) ?? listed.find((one) => isUnknown(one.id));
  if (schema === undefined) return { holds: false, path: idPath };
  if (isUnknown(schema.id)) return { holds: undefined, path: schema.path };
  if (schema.unreadable) return { holds: undefined, path: schema.path, because: schema.unreadable };
  return { holds: holds(schema), path: schema.path };
}
