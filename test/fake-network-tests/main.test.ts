import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { Configuration, ProjectApi } from "@ory/client";
import { QUIRKS } from "../fake-network";

const root = resolve(__dirname, "../..");
const args = (...given: string[]) => ["--import", "tsx", "test/fake-network/main.ts", ...given];

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill("SIGKILL");
});

/** What the command prints until it has told the keys. */
async function started(...given: string[]): Promise<string> {
  child = spawn(process.execPath, args(...given), { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const text of child.stdout!.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    output += text;
    if (output.includes("ORY_PROJECT_API_KEY=")) return output;
  }
  throw new Error(`the command ended:\n${output}`);
}

const failed = (...given: string[]) =>
  promisify(execFile)(process.execPath, args(...given), { cwd: root }).then(
    () => ({ code: 0, stderr: "" }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );

it("prints a URL, projects and a key that work, and ends on a signal", async () => {
  const output = await started(
    "--port",
    "0",
    "--project",
    "shop",
    "--project",
    "store",
    "--quirk",
    "staleReads=1",
  );
  const [, basePath] = /ORY_CONSOLE_URL=(\S+)/.exec(output)!;
  const [, accessToken] = /ORY_WORKSPACE_API_KEY=(\S+)/.exec(output)!;
  const api = new ProjectApi(new Configuration({ basePath, accessToken }));
  const { data } = await api.listProjects();
  expect(data.map(({ slug }) => slug)).toEqual(["shop", "store"]);
  for (const { id, slug } of data) expect(output).toContain(`${slug}  ${id}  ${basePath}/project/${slug}`);

  const { data: before } = await api.getProject({ projectId: data[0]!.id });
  await api.patchProjectWithRevision({ projectId: before.id, revisionId: before.revision_id, jsonPatch: [] });
  expect((await api.getProject({ projectId: before.id })).data.revision_id).toBe(before.revision_id);

  child!.kill("SIGTERM");
  expect(await once(child!, "exit")).toEqual([0, null]);
});

it.each([
  [["--port", "9x"], "error: --port 9x: give a number up to 65535\n"],
  [["--quirk", "slow=1"], 'error: there is no quirk "slow": choose one of drops, '],
  [["--quirk", "staleReads=many"], "error: --quirk staleReads=many: give a value like 0, its default\n"],
  [["--quirk", "secrets=mask"], "error: --quirk secrets=mask: choose one of shown, masked, omitted\n"],
  [["--quirk", "drops={}"], "error: --quirk drops={}: give a value like [], its default\n"],
  [["--prot", "1"], "error: Unknown option '--prot'"],
])("says what is wrong with %j", async (given, message) => {
  const { code, stderr } = await failed(...given);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("    at ");
});

it("lists all quirks with their sources", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, args("--quirks"), { cwd: root });
  for (const [name, { does, source }] of Object.entries(QUIRKS)) {
    expect(stdout).toContain(`${name} (default `);
    expect(stdout).toContain(`  ${does}\n  from ${source}\n`);
  }
});

it("is what the package exports as pulumi-ory/fake-network, compiled", async () => {
  const program = [
    'const { startFakeNetwork } = require("pulumi-ory/fake-network");',
    "startFakeNetwork().then(async (network) => {",
    "  console.log(network.projects.size);",
    "  await network.stop();",
    "});",
  ].join("\n");
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { cwd: root });
  expect(stdout).toBe("1\n");
});
