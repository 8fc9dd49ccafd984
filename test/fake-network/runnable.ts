import type { Document, Json } from "../../infra/identity-config/model";
import { isObject, matches, rewrittenDocument } from "./document";
import { ASSETS } from "./known-paths";
import type { Storage } from "./storage";

/** What a self-hosted Kratos does not know and would refuse to start with, and the names of Ory Network's hosts. */
const NETWORK_ONLY: readonly string[] = [
  "/serve",
  "/cookies/domain",
  "/session/cookie/domain",
  "/selfservice/methods/link/config/base_url",
  "/preview",
  "/feature_flags/password_profile_registration_node_group",
  "/selfservice/methods/b2b",
  "/selfservice/methods/captcha",
  "/selfservice/methods/saml",
  "/selfservice/flows/*/after/saml",
  // Kratos knows it from v25.4 on.
  "/selfservice/flows/registration/style",
];

const NETWORK_HOOKS = ["organization"];

/** An identity config of Ory Network as a self-hosted Kratos can load it: contents inlined, and nothing that is empty. */
export function runnable(config: Document, storage: Storage): Document {
  return rewrittenDocument(config, (pointer, value) => {
    if (matches(pointer, NETWORK_ONLY)) return undefined;
    const isAsset = typeof value === "string" && ASSETS.some((asset) => matches(pointer, [asset.pointer]));
    if (isAsset) return storage.inlined(value);
    const isHooks = Array.isArray(value) && pointer.endsWith("/hooks");
    const kept = isHooks ? value.filter((item) => !isNetworkHook(item)) : value;
    return typeof kept === "object" && kept !== null && Object.keys(kept).length === 0 ? undefined : kept;
  });
}

const isNetworkHook = (item: Json): boolean => isObject(item) && NETWORK_HOOKS.includes(String(item.hook));
