import type { Project } from "@ory/client";
import {
  copy,
  identityConfig,
  matches,
  put,
  rewrittenDocument,
  valueAt,
  withIdentityConfig,
} from "./document";
import { SECRETS } from "./known-paths";
import type { Quirks } from "./quirks";

/** What stands in the place of a secret that is masked. */
export const MASK = "********";

/** A project as it is answered. */
export function shown(project: Project, { secrets, hidesUndelivered }: Quirks): Project {
  let config = copy(identityConfig(project));
  if (hidesUndelivered) {
    if (valueAt(config, "/courier/smtp/connection_uri") === undefined)
      put(config, "/courier/smtp", undefined);
    if (valueAt(config, "/courier/delivery_strategy") !== "http") put(config, "/courier/http", undefined);
  }
  if (secrets !== "shown") {
    config = rewrittenDocument(config, (pointer, value) => {
      if (!matches(pointer, SECRETS)) return value;
      return secrets === "masked" ? MASK : undefined;
    });
  }
  return withIdentityConfig(project, config);
}
