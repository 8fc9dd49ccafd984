import { EngineReport } from "../../local/engine-report";

const URN = "urn:pulumi:dev::shop::ory:index:IdentityConfig::shop";

function reported(events: unknown[]): { told: string[]; report: EngineReport } {
  const told: string[] = [];
  const report = new EngineReport((subject, text) => told.push(`${subject}: ${text}`));
  for (const event of events) report.read(typeof event === "string" ? event : JSON.stringify(event));
  return { told, report };
}

const diagnostic = (severity: string, message: string, urn?: string) => ({
  diagnosticEvent: { severity, message: `${message}\n`, urn },
});

test("what the preview and the update both say is told once", () => {
  const change = diagnostic("info", "/a: 1 => 2", URN);
  const { told, report } = reported([change, { summaryEvent: { isPreview: true } }, change]);
  expect(told).toEqual(["change: /a: 1 => 2"]);
  expect(report.changes).toBe(1);
});

test("steps of the proof, warnings, policies and other output are told apart, and noise is not told", () => {
  const { told } = reported([
    diagnostic("debug", "Registering resource"),
    { diagnosticEvent: { severity: "info", message: "1 of 2", ephemeral: true } },
    { resourcePreEvent: {} },
    diagnostic("info", "step", URN.replace("IdentityConfig", "SignInProof")),
    diagnostic("warning", "careful", URN),
    diagnostic("info#err", "from the program"),
    { policyEvent: { policyName: "mfa", enforcementLevel: "mandatory", message: "no\n" } },
    { policyAnalyzeStackSummaryEvent: { policyPackName: "ory", passed: ["a", "b"] } },
    "no json",
  ]);
  expect(told).toEqual([
    "proof: step",
    "warning: careful",
    "output: from the program",
    "policy: mfa (mandatory): no",
    "policy: ory: 2 policies passed",
    "output: no json",
  ]);
});

test("of a program with wrong syntax, the stack of its loader is not kept", () => {
  const lines = [
    "failed with an unhandled exception:",
    "Error: Transform failed with 1 error:",
    "/main.ts:3:0: ERROR",
  ];
  const stack =
    "\n    at fail (/esbuild/main.js:1:2)\n\u001b[90m    at emit (node:events:1:2)\u001b[39m {\n  name: 'T'\n}";
  expect(reported([diagnostic("error", lines.join("\n") + stack)]).report.errors).toEqual([lines.join("\n")]);
  const other = `Error: boom${stack}`;
  expect(reported([diagnostic("error", other)]).report.errors).toEqual([other]);
});

test("errors are kept, not told", () => {
  const { told, report } = reported([diagnostic("error", "boom"), diagnostic("error", "boom")]);
  expect(told).toEqual([]);
  expect(report.errors).toEqual(["boom"]);
});
