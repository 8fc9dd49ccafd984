import { isDeepStrictEqual } from "node:util";
import type { Project, Warning } from "@ory/client";
import type { Document, Json } from "../../infra/identity-config/model";
import { ApiError, badRequest } from "./api-error";
import {
  copy,
  identityConfig,
  isObject,
  matches,
  put,
  rewritten,
  rewrittenDocument,
  valueAt,
  withIdentityConfig,
} from "./document";
import { goDuration } from "./durations";
import { withEmpties } from "./empties";
import { ASSETS, DURATIONS, MOVED } from "./known-paths";
import type { Quirks } from "./quirks";
import type { Storage } from "./storage";

export interface Written {
  project: Project;
  warnings: Warning[];
}

/**
 * What Ory Network keeps of `after`, a project that somebody wants in the place of `before`.
 * @throws ApiError where it refuses
 */
export function written(before: Project, after: Project, quirks: Quirks, storage: Storage): Written {
  const was = identityConfig(before);
  let config = copy(identityConfig(after));
  refuseIncomplete(config);
  refuseGated(was, config, quirks.planGates);
  if (quirks.refusesForeignUris) refuseForeignUris(config, storage);
  config = dropped(was, config, quirks.drops);
  const warnings = ignoreKeys(was, config, quirks.ignoredKeys);
  if (quirks.movesKeys) moveKeys(config);
  if (quirks.storesAssets) config = stored(config, storage);
  if (quirks.rewritesDurations) config = withGoDurations(config);
  if (quirks.prunesEmpty) config = pruned(config);
  if (quirks.fillsDefaults) fillDefaults(config, after.name);
  if (quirks.fillsEmpty) config = withEmpties(config);
  return { project: withIdentityConfig(after, config), warnings };
}

function refuseIncomplete(config: Document): void {
  const missing = ["identity", "selfservice"].filter((key) => !isObject(config[key]));
  if (missing.length > 0) throw badRequest(`missing properties: ${missing.join(", ")}`);
}

function refuseGated(was: Document, config: Document, gates: Quirks["planGates"]): void {
  for (const [pointer, feature] of Object.entries(gates)) {
    if (isDeepStrictEqual(valueAt(was, pointer), valueAt(config, pointer))) continue;
    throw new ApiError(403, "The requested feature is not available on your plan.", {
      id: "feature_not_available",
      reason: `Your plan does not include the feature "${feature}".`,
      details: { feature },
    });
  }
}

const assetAt = (pointer: string) => ASSETS.find((asset) => matches(pointer, [asset.pointer]));

function refuseForeignUris(config: Document, storage: Storage): void {
  rewrittenDocument(config, (pointer, value) => {
    if (typeof value !== "string" || value === "" || !assetAt(pointer)) return value;
    if (value.startsWith("preset://") || storage.resolve(value) !== undefined) return value;
    throw badRequest(`${pointer}: must be a base64:// URI, anything else is not allowed here`);
  });
}

/** Both documents at once: a dropped value is what it was before, where it was. */
function dropped(was: Document, config: Document, pointers: readonly string[]): Document {
  if (pointers.length === 0) return config;
  const result = rewrittenDocument(config, (pointer, value) =>
    matches(pointer, pointers) ? valueAt(was, pointer) : value,
  );
  rewritten(was, (pointer, value) => {
    if (matches(pointer, pointers)) put(result, pointer, value);
    return value;
  });
  return result;
}

function ignoreKeys(was: Document, config: Document, keys: readonly string[]): Warning[] {
  return keys.flatMap((key) => {
    if (isDeepStrictEqual(was[key], config[key])) return [];
    put(config, `/${key}`, was[key]);
    return [
      { code: 200, message: `The configuration key "${key}" can not be set on Ory Network and was ignored.` },
    ];
  });
}

function moveKeys(config: Document): void {
  for (const { from, to } of MOVED) {
    const value = valueAt(config, from);
    if (value === undefined) continue;
    put(config, to, value);
    put(config, from, undefined);
  }
}

function stored(config: Document, storage: Storage): Document {
  return rewrittenDocument(config, (pointer, value) => {
    const asset = assetAt(pointer);
    if (!asset || typeof value !== "string" || !value.startsWith("base64://")) return value;
    return storage.keep(storage.resolve(value)!, asset.extension);
  });
}

/** The same config with the ids of schemas that stored contents have. */
export function withSchemaHashes(config: Document): Document {
  const result = copy(config);
  const identity = result.identity as Document;
  const ids = new Map<Json, Json>();
  for (const schema of (identity.schemas ?? []) as Document[]) {
    const hash = /([0-9a-f]{128})\.schema\.json$/.exec(String(schema.url))?.[1];
    if (hash === undefined) continue;
    ids.set(schema.id!, hash);
    schema.id = hash;
  }
  const declared = identity.default_schema_id;
  if (declared !== undefined) identity.default_schema_id = ids.get(declared) ?? declared;
  return result;
}

function withGoDurations(config: Document): Document {
  return rewrittenDocument(config, (pointer, value) =>
    typeof value === "string" && matches(pointer, DURATIONS) ? (goDuration(value) ?? value) : value,
  );
}

function pruned(config: Document): Document {
  const isEmpty = (value: Json): boolean =>
    value === null ||
    value === "" ||
    value === 0 ||
    (typeof value === "object" && Object.keys(value).length === 0);
  return rewrittenDocument(config, (_, value) => (isEmpty(value) ? undefined : value));
}

function fillDefaults(config: Document, name: string): void {
  for (const method of ["webauthn", "passkey"]) {
    const rp = `/selfservice/methods/${method}/config/rp`;
    const id = valueAt(config, `${rp}/id`);
    const origins = valueAt(config, `${rp}/origins`) ?? valueAt(config, `${rp}/origin`);
    if (typeof id === "string" && origins === undefined) put(config, `${rp}/origins`, [`https://${id}`]);
  }
  const totp = "/selfservice/methods/totp";
  if (valueAt(config, `${totp}/enabled`) === true && valueAt(config, `${totp}/config/issuer`) === undefined) {
    put(config, `${totp}/config/issuer`, name);
  }
}
