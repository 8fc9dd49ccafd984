import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
const NO_WAY = 3;
/** Brings the linter, while tests are still being declared: whether they are skipped depends on it. */
const BRING = `
const { ensureTool, ToolchainError } = require("./toolchain/tools.ts");
ensureTool(require("./toolchain/actionlint.ts").actionlint).then(
  (binary) => process.stdout.write(binary),
  (error) => {
    if (!(error instanceof ToolchainError)) throw error;
    process.stdout.write(error.message);
    process.exitCode = ${NO_WAY};
  },
);`;

let binary: string;

/** `describe` where actionlint can be had, as tests with it want; else they are skipped, and the reason is printed. */
export function withActionlint(what: string): typeof describe {
  const { status, stdout } = spawnSync(process.execPath, ["--import", "tsx", "-e", BRING], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status === NO_WAY) {
    process.stderr.write(`skipped: ${what}, as ${stdout}\n`);
    return describe.skip;
  }
  if (status !== 0) throw new Error("actionlint could not be brought: see above");
  binary = stdout;
  return describe;
}

/** What actionlint finds in a workflow, one finding a line. Linters that it would call where they are on PATH are left out. */
export function lint(workflow: string): string {
  const options = ["-no-color", "-oneline", "-shellcheck=", "-pyflakes="];
  const done = spawnSync(binary, [...options, "-"], { input: workflow, encoding: "utf8" });
  // 1 is for findings.
  if (done.error || (done.status ?? 2) > 1) throw done.error ?? new Error(done.stderr);
  return done.stdout;
}
