import { valueAt } from "../../identity-config/leaves";
import type { Document } from "../../identity-config/model";
import type { KratosSettings } from "./settings";

/** The Admin API of every replica; none where the server runs elsewhere and none is named. */
export function adminUrls(settings: KratosSettings, operator: Document): string[] {
  if (settings.adminUrls !== undefined) return settings.adminUrls;
  return settings.transport === "output" ? [] : [listenerUrl(operator, "admin", 4434)];
}

/** The Public API; undefined where the server runs elsewhere and none is named. */
export function publicUrl(settings: KratosSettings, operator: Document): string | undefined {
  if (settings.publicUrl !== undefined) return settings.publicUrl;
  return settings.transport === "output" ? undefined : listenerUrl(operator, "public", 4433);
}

/** Where a listener of the operator's file is reached from this machine. */
export function listenerUrl(operator: Document, name: "admin" | "public", defaultPort: number): string {
  const host = valueAt(operator, `/serve/${name}/host`);
  const port = valueAt(operator, `/serve/${name}/port`) ?? defaultPort;
  const reachable = typeof host === "string" && !["", "0.0.0.0", "::"].includes(host) ? host : "127.0.0.1";
  return `http://${reachable}:${port}/`;
}
