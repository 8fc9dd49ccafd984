import { isAtLeast, type Running } from "./kratos-version";

/** Paths that Kratos reads at its start only, though hot reload logs success for them (1.3.1 and 26.2.0). */
const READ_AT_START = [
  /^\/dsn$/,
  /^\/serve\/(public|admin)\/(host|port|socket|tls)(\/|$)/,
  /^\/(log|tracing|profiling)(\/|$)/,
  /^\/(sqa-opt-out|dev)$/,
  // Made once, when first needed.
  /^\/(hashers|ciphers)\/algorithm$/,
];

/** What a courier before 25.4 keeps as it was when it was started (seen on 1.3.1). */
const KEPT_BY_COURIER = /^\/courier\/(channels|delivery_strategy|smtp|http)(\/|\[|$)/;

/** What must be restarted before a change of `path` takes effect; undefined where hot reload applies it. */
export function restartNeeded(path: string, running: Running): "kratos" | "the courier" | undefined {
  if (running.target === "network") return undefined;
  if (READ_AT_START.some((pattern) => pattern.test(path))) return "kratos";
  return KEPT_BY_COURIER.test(path) && !isAtLeast(running, "25.4.0") ? "the courier" : undefined;
}
