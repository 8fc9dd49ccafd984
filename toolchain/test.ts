/**
 * `npm test [-- jest arguments]`: Biome, the type checker and the tests, on the tools of the toolchain. The last line is
 * `N passed, N failed`, counted from jest's own report. Exits non-zero when anything failed or no test ran.
 */
import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureTools, ToolchainError, type Tools } from "./tools";

const ROOT = join(__dirname, "..");
const REPORT = join(ROOT, ".local", "jest.json");

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

function runNode(script: string, args: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, "node_modules", script), ...args], {
      cwd: ROOT,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0));
  });
}

async function readCounts(): Promise<Counts> {
  const report = await readFile(REPORT, "utf8").then(JSON.parse, () => undefined);
  return {
    passed: report?.numPassedTests ?? 0,
    // A file that does not load has no failed test in it.
    failed: (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0),
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}

function testEnvironment(tools: Tools): NodeJS.ProcessEnv {
  return { PULUMI_ORY_KRATOS_BINARIES: tools.kratos, ...process.env, ...tools.env };
}

async function main(): Promise<void> {
  const env = testEnvironment(await ensureTools());
  await rm(REPORT, { force: true });
  const checks = [
    { name: "biome check", script: "@biomejs/biome/bin/biome", args: ["check"] },
    { name: "tsc", script: "typescript/bin/tsc", args: ["--noEmit"] },
    {
      name: "jest",
      script: "jest/bin/jest.js",
      args: ["--json", "--outputFile", REPORT, ...process.argv.slice(2)],
    },
  ];
  const broken: string[] = [];
  for (const { name, script, args } of checks) {
    if (!(await runNode(script, args, env))) {
      broken.push(name);
    }
  }
  const { passed, failed, skipped } = await readCounts();
  if (broken.length > 0) {
    console.log(`failed: ${broken.join(", ")}`);
  }
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = broken.length > 0 || failed > 0 || passed === 0 ? 1 : 0;
}

main().catch((error) => {
  console.error(`error: ${error instanceof ToolchainError ? error.message : error.stack}`);
  console.log("0 passed, 0 failed");
  process.exitCode = 1;
});
