/** The command line, from the start of its process to the answer. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { interleaved, median, type Row } from "./measurement";

const RUNS = 15;
const ROOT = join(__dirname, "..");
const REAL = join(ROOT, "test/fixtures/network-project/source.yml");

const [BEFORE, AFTER] = ["kratos.yml", "new.yml"].map((name) => join(ROOT, "test/fixtures/review", name)) as [
  string,
  string,
];

/** Runs the compiled command. */
function pulumiOry(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "cli/pulumi-ory.js"), ...args], {
    encoding: "utf8",
  });
  // 2: there are findings.
  if (status !== 0 && status !== 2)
    throw new Error(`pulumi-ory ${args.join(" ")} ended with ${status}: ${stderr}`);
}

export async function cliRows(): Promise<Row[]> {
  const verbs = {
    "check of a real project's config": () => pulumiOry("check", REAL),
    "drift of two files": () => pulumiOry("drift", REAL, "--live", REAL),
    "review of two files": () => pulumiOry("review", "--before", BEFORE, "--after", AFTER),
    doctor: () => pulumiOry("doctor"),
    "explain of a rule": () => pulumiOry("explain", "required-aal-enum"),
  };
  const times = await interleaved(verbs, RUNS);
  return Object.entries(times).map(([name, values]) => ({
    name: `pulumi-ory ${name}`,
    value: median(values),
    unit: "ms",
    budget: 500,
    runs: RUNS,
  }));
}
