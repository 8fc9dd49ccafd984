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
