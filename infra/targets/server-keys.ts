const OF_ANY = [
  "/dsn",
  "/serve",
  "/log",
  "/secrets",
  "/tracing",
  "/profiling",
  "/version",
  "/dev",
  "/sqa-opt-out",
  "/revision",
];

/** Beside it on Ory Network, which ignores these. */
const OF_ITS_OPERATOR = ["/ciphers", "/hashers"];

/** What belongs to the server and not to the identity config: nobody wants it in a program. */
export const ofTheServer = (target: "kratos" | "network"): readonly string[] =>
  target === "network" ? [...OF_ANY, ...OF_ITS_OPERATOR] : OF_ANY;
