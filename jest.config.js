/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  testEnvironment: "node",
  setupFiles: ["<rootDir>/test/environment.ts"],
  // Real processes (Kratos, the Pulumi engine) on shared machines: the limit ends what hangs and judges no speed.
  testTimeout: 300_000,
  maxWorkers: 2,
  modulePathIgnorePatterns: ["<rootDir>/bin/", "<rootDir>/.local/"],
};
