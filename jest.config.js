/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  testEnvironment: "node",
  // Everything below starts real processes (Kratos, the Pulumi engine); 2 cores are the smallest machine supported.
  testTimeout: 120_000,
  maxWorkers: 2,
  modulePathIgnorePatterns: ["<rootDir>/bin/", "<rootDir>/.local/"],
};
