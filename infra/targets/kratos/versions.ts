import gte from "semver/functions/gte";
import type { Evidence } from "../target";

/** How a running Kratos shows which configuration it has loaded. */
export type RevisionMarker = Evidence["kind"];

/**
 * From v25.4.0 the top-level key `revision` is legal and `GET /admin/health/config` answers it; before, the key is
 * refused and only `$comment` in a delivered identity schema can carry a marker.
 */
export function revisionMarker(version: string): RevisionMarker {
  return gte(version, "25.4.0") ? "revision-key" : "schema-comment";
}

/** Paths that Kratos reads at its start only, though hot reload logs success for them (seen on 1.3.1). */
const READ_AT_START = [
  /^\/dsn$/,
  /^\/serve\/(public|admin)\/(host|port|socket|tls)(\/|$)/,
  /^\/(log|tracing|profiling|secrets)(\/|$)/,
  /^\/(sqa-opt-out|dev)$/,
  // Made once, when first needed (also on 26.2.0).
  /^\/(hashers|ciphers)\/algorithm$/,
];

/**
 * What must be restarted before a change of `path` takes effect; undefined where hot reload applies it. A courier
 * before v25.4.0 keeps the channels and the e-mail delivery that it was started with (seen on 1.3.1).
 */
export function restartNeeded(path: string, version: string): string | undefined {
  if (READ_AT_START.some((pattern) => pattern.test(path))) return "Kratos";
  const delivery = /^\/courier\/(channels|delivery_strategy|smtp|http)(\/|\[|$)/.test(path);
  return delivery && !gte(version, "25.4.0") ? "the courier" : undefined;
}
