import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { folder, removeFolders, script } from "./fake-tool";

const TOOLCHAIN = join(__dirname, "..", "..", "toolchain");

afterEach(removeFolders);

/** A clone with an npm of its own that writes down what it is asked and makes what `npm ci` would make. */
async function clone(...npm: string[]): Promise<string> {
  const root = await folder();
  for (const directory of ["toolchain", "local", "infra", "npm"]) {
    await mkdir(join(root, directory));
  }
  await copyFile(join(TOOLCHAIN, "bootstrap.js"), join(root, "toolchain", "bootstrap.js"));
  await copyFile(join(TOOLCHAIN, "bootstrap-lock.js"), join(root, "toolchain", "bootstrap-lock.js"));
  await writeFile(join(root, "package-lock.json"), "{}");
  await writeFile(join(root, "infra", "main.ts"), "");
  await writeFile(join(root, "local", "start.js"), `console.log("started", ...process.argv.slice(2));`);
  const tsx = join(root, "node_modules", "tsx");
  const loader = [
    `mkdir -p ${tsx}`,
    `echo '{"main":"index.js"}' > ${tsx}/package.json`,
    `: > ${tsx}/index.js`,
  ];
  await script(
    join(root, "npm"),
    "npm",
    `echo "$@" >> ${root}/asked`,
    "echo npm speaks",
    "sleep 0.3",
    ...loader,
    ...npm,
  );
  return root;
}

function start(root: string, args: string[], node: string[] = []): ChildProcess {
  const env = { ...process.env, PATH: `${join(root, "npm")}${delimiter}${process.env.PATH}` };
  return spawn(process.execPath, [...node, join(root, "toolchain", "bootstrap.js"), ...args], {
    env,
    cwd: root,
  });
}

async function ending(child: ChildProcess) {
  const out = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => {
    out.stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    out.stderr += chunk;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { ...out, code };
}

function bootstrap(root: string, args = ["local/start.js"], node: string[] = []) {
  return ending(start(root, args, node));
}

async function asked(root: string): Promise<string[]> {
  return (await readFile(join(root, "asked"), "utf8")).trim().split("\n");
}

const CI = "ci --include=dev --ignore-scripts --loglevel=error";
const BUILD = "run --silent build";

describe("bootstrap", () => {
  it("installs, builds and runs the script; stdout is the script's", async () => {
    const root = await clone();
    const first = await bootstrap(root, ["local/start.js", "--port", "1"]);
    expect(first).toMatchObject({ code: 0, stdout: "started --port 1\n" });
    expect(first.stderr).toContain("installing npm packages\nnpm speaks\nbuilding\n");
    expect(await asked(root)).toEqual([CI, BUILD]);

    expect(await bootstrap(root)).toEqual({ code: 0, stdout: "started\n", stderr: "" });
    expect(await asked(root)).toHaveLength(2);
  });

  it("installs again for another lock file, builds again for other sources", async () => {
    const root = await clone();
    await bootstrap(root);
    await writeFile(join(root, "infra", "more.ts"), "");
    await bootstrap(root);
    expect(await asked(root)).toEqual([CI, BUILD, BUILD]);
    await writeFile(join(root, "package-lock.json"), "{ }");
    await bootstrap(root);
    expect(await asked(root)).toEqual([CI, BUILD, BUILD, CI, BUILD]);
  });

  it("prepares once when two run at once", async () => {
    const root = await clone();
    const both = await Promise.all([bootstrap(root), bootstrap(root)]);
    expect(both.map(({ stdout }) => stdout)).toEqual(["started\n", "started\n"]);
    expect(await asked(root)).toEqual([CI, BUILD]);
    expect(both.map(({ stderr }) => stderr).join("")).toMatch(
      /waiting for process \d+, which is preparing this clone/,
    );
  });

  it("takes over from a run that was killed", async () => {
    const root = await clone();
    const victim = start(root, ["local/start.js"]);
    await new Promise((resolve) => victim.stderr?.once("data", resolve));
    victim.kill("SIGKILL");
    await new Promise((resolve) => victim.once("exit", resolve));
    expect(await readFile(join(root, ".local", "bootstrap.lock"), "utf8")).toBe(String(victim.pid));
    expect(await bootstrap(root)).toMatchObject({ code: 0, stdout: "started\n" });
  });

  it("says what failed without a stack trace, and tries again next time", async () => {
    const root = await clone(`[ -e ${"$"}(dirname "$0")/fixed ] || exit 9`);
    const failed = await bootstrap(root);
    expect(failed).toMatchObject({ code: 1, stdout: "" });
    expect(failed.stderr.trim().split("\n").at(-1)).toBe(
      "error: npm ci --include=dev --ignore-scripts --loglevel=error failed with code 9: see above",
    );
    await writeFile(join(root, "npm", "fixed"), "");
    expect(await bootstrap(root)).toMatchObject({ code: 0, stdout: "started\n" });
  });

  it("refuses an old Node", async () => {
    const root = await clone();
    const old = join(root, "old.js");
    await writeFile(old, `Object.defineProperty(process, "versions", { value: { node: "20.18.1" } });`);
    expect(await bootstrap(root, ["local/start.js"], ["--require", old])).toMatchObject({
      code: 1,
      stderr: "error: this is Node 20.18.1: use Node 20.19 or newer, for example 22\n",
    });
  });

  it("ends as the script ends", async () => {
    const root = await clone();
    await writeFile(join(root, "local", "start.js"), "process.exit(5)");
    expect((await bootstrap(root)).code).toBe(5);
    await writeFile(join(root, "local", "start.js"), `process.kill(process.pid, "SIGKILL")`);
    expect((await bootstrap(root)).code).toBe(137);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("passes %s on once and waits", async (signal) => {
    const root = await clone();
    await writeFile(
      join(root, "local", "start.js"),
      `process.on("${signal}", () => { console.log("asked to end"); setTimeout(() => process.exit(6), 300); });
       console.log("up"); setInterval(() => {}, 1000);`,
    );
    const child = start(root, ["local/start.js"]);
    child.stdout?.once("data", () => child.kill(signal));
    expect(await ending(child)).toMatchObject({ code: 6, stdout: "up\nasked to end\n" });
  });
});
