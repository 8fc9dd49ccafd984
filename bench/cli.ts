/** The command line, from the start of its process to the answer. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { Project } from "../test/e2e/project";
import { startFakeNetwork } from "../test/fake-network";
import { interleaved, median, type Row } from "./measurement";

const RUNS = 15;
/** What is promised of verbs that need no engine, in milliseconds. */
const BUDGET = 500;
const ROOT = join(__dirname, "..");
const REAL = join(ROOT, "test/fixtures/network-project/source.yml");

const [BEFORE, AFTER] = ["kratos.yml", "new.yml"].map((name) => join(ROOT, "test/fixtures/review", name)) as [
  string,
  string,
];
const PROJECT = "3f0c9a52-6d0b-4c1e-9c41-5d1f0e6f7a10";

/** Runs the compiled command. */
function pulumiOry(args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<void> {
  const env = { ...process.env, ...options.env };
  return new Promise((done, failed) => {
    execFile(
      process.execPath,
      [join(ROOT, "cli/pulumi-ory.js"), ...args],
      { ...options, env, maxBuffer: 100_000_000 },
      (error, _, stderr) => {
        // 2: there are findings.
        if (error === null || error.code === 2) done();
        else failed(new Error(`pulumi-ory ${args.join(" ")} ended with ${error.code}: ${stderr}`));
      },
    );
  });
}

export async function cliRows(): Promise<Row[]> {
  const network = await startFakeNetwork({ projects: [{ id: PROJECT, environment: "prod" }] });
  const project = await Project.create();
  try {
    const keys = { ORY_CONSOLE_URL: network.consoleUrl, ORY_WORKSPACE_API_KEY: network.workspaceKey };
    const stack = {
      PULUMI_BACKEND_URL: `file://${join(project.dir, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
    };
    const set = (path: string, value: string, ...how: string[]) =>
      project.pulumi(["config", "set", ...how, "--path", path, value]);
    await set("target.network.project", PROJECT);
    await set("target.network.environment", "prod");
    await set("secrets.key", "secret", "--secret");
    const live = (...args: string[]) => pulumiOry(args, { env: keys });
    const inProject = (...args: string[]) =>
      pulumiOry(args, { cwd: project.dir, env: { ...keys, ...stack } });
    const files = {
      "check of a real project's config": () => pulumiOry(["check", REAL]),
      "drift of two files": () => pulumiOry(["drift", REAL, "--live", REAL]),
      "review of two files": () => pulumiOry(["review", "--before", BEFORE, "--after", AFTER]),
      "explain of a rule": () => pulumiOry(["explain", "required-aal-enum"]),
      "doctor, outside of a project": () => pulumiOry(["doctor"], { cwd: "/" }),
      "import --help": () => pulumiOry(["import", "--help"]),
    };
    const requests = {
      "check of a live project": () => live("check", `network/${PROJECT}`),
      "drift of a live project": () => live("drift", BEFORE, "--live", `network/${PROJECT}`),
      "review of a live project": () => live("review", "--before", `network/${PROJECT}`, "--after", AFTER),
    };
    const pulumis = {
      "doctor of a stack": () => inProject("doctor", "--stack", "test"),
      "pulumi config --show-secrets, which that waits for": async () => {
        const { code, output } = await project.pulumi(["config", "--show-secrets", "--json"]);
        if (code !== 0) throw new Error(output);
      },
    };
    const times = await interleaved({ ...files, ...requests, ...pulumis }, RUNS);
    return Object.entries(times).map(([name, values]) => ({
      name: Object.hasOwn(pulumis, name) && !name.startsWith("doctor") ? name : `pulumi-ory ${name}`,
      value: median(values),
      unit: "ms",
      // What Pulumi's CLI takes is not ours to promise.
      ...(!Object.hasOwn(pulumis, name) && { budget: BUDGET }),
      runs: RUNS,
    }));
  } finally {
    await Promise.all([network.stop(), project.remove()]);
  }
}
