import { isIPv6 } from "node:net";
import { valueAt } from "../../identity-config/leaves";
import type { Document } from "../../identity-config/model";
import type { KratosSettings } from "./settings";

/** The Admin API of every replica; none where nothing is known of the server and none is named. */
export function adminUrls(settings: KratosSettings, operator: Document): string[] {
  if (settings.adminUrls !== undefined) return settings.adminUrls;
  return settings.transport === "output" ? [] : [listenerUrl(operator, "admin", 4434)];
}

/** Both APIs as they are reached from this machine; undefined where the server runs elsewhere and none is named. */
export function endpointsFromHere(
  settings: KratosSettings,
  operator: Document,
): { publicUrl: string | undefined; adminUrl: string | undefined } {
  const isHere = settings.transport === undefined || settings.transport === "file";
  const listener = (name: "admin" | "public", port: number) =>
    isHere ? listenerUrl(operator, name, port) : undefined;
  return {
    publicUrl: settings.publicUrl ?? listener("public", 4433),
    adminUrl: settings.adminUrls?.[0] ?? listener("admin", 4434),
  };
}

/** Where a listener of the operator's file is reached from the machine that it runs on. */
export function listenerUrl(operator: Document, name: "admin" | "public", defaultPort: number): string {
  const host = valueAt(operator, `/serve/${name}/host`);
  const port = valueAt(operator, `/serve/${name}/port`) ?? defaultPort;
  const reachable = typeof host === "string" && !["", "0.0.0.0", "::"].includes(host) ? host : "127.0.0.1";
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}/`;
}
