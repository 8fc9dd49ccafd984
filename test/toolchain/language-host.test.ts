import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  GenerateProgramRequest,
  GetRequiredPackagesRequest,
  type GetRequiredPackagesResponse,
  LanguageHandshakeRequest,
  ProgramInfo,
  RunPluginRequest,
  type RunPluginResponse,
  RunRequest,
  type RunResponse,
} from "@pulumi/pulumi/proto/language_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PULUMI_VERSION } from "../../toolchain/versions";
import { folder, removeFolders } from "./fake-tool";

const ROOT = join(__dirname, "..", "..");
const HOST = ["--import", "tsx", join(ROOT, "toolchain", "language-host.ts"), "127.0.0.1:1"];

let host: ChildProcess;
let client: LanguageRuntimeClient;

async function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.stdout!.once("data", (chunk) => resolve(String(chunk).trim())));
}

function end(stream: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => stream.once("close", resolve));
}

function call<A>(ask: (done: (error: Error | null, answer: A) => void) => unknown): Promise<A> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

/** A program folder whose Pulumi SDK has runners that do what `source` says. */
async function program(runner: string, source: string): Promise<string> {
  const directory = await folder();
  const at = join(directory, "node_modules", "@pulumi", "pulumi", "cmd", runner);
  await mkdir(at, { recursive: true });
  await writeFile(join(at, "index.js"), source);
  return directory;
}

function info(directory: string, options: Record<string, string | boolean> = {}): ProgramInfo {
  return new ProgramInfo()
    .setRootDirectory(directory)
    .setProgramDirectory(directory)
    .setEntryPoint("main.ts")
    .setOptions(Struct.fromJavaScript(options));
}

async function run(
  source: string,
  options?: Record<string, string | boolean>,
): Promise<[RunResponse, string]> {
  const directory = await program("run", source);
  const request = new RunRequest()
    .setInfo(info(directory, options))
    .setMonitorAddress("127.0.0.1:2")
    .setProject("shop")
    .setStack("dev")
    .setDryrun(true)
    .setParallel(4)
    .setConfigsecretkeysList(["shop:key"]);
  request.getConfigMap().set("shop:key", "value");
  return [await call<RunResponse>((done) => client.run(request, done)), directory];
}

beforeAll(async () => {
  host = spawn(process.execPath, HOST, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  client = new LanguageRuntimeClient(`127.0.0.1:${await firstLine(host)}`, credentials.createInsecure());
});

afterAll(async () => {
  client.close();
  const ended = end(host);
  host.kill("SIGTERM");
  await ended;
  await removeFolders();
});

describe("what the engine asks first", () => {
  it("is answered", async () => {
    const handshake = new LanguageHandshakeRequest().setEngineAddress("127.0.0.1:3");
    await call((done) => client.handshake(handshake, done));
    const plugin = await call<PluginInfo>((done) => client.getPluginInfo(new Empty(), done));
    expect(plugin.getVersion()).toBe(PULUMI_VERSION);
    const packages = await call<GetRequiredPackagesResponse>((done) =>
      client.getRequiredPackages(new GetRequiredPackagesRequest(), done),
    );
    expect(packages.getPackagesList()).toEqual([]);
  });

  it("is refused for code, which it cannot generate, with the flag of pulumi import that does without", async () => {
    const request = new GenerateProgramRequest();
    await expect(call((done) => client.generateProgram(request, done))).rejects.toThrow(
      "in the state nevertheless: declare it in your program (see README.md, Import), and import with --generate-code=false",
    );
  });
});

describe("Run", () => {
  const REPORT = `require("fs").writeFileSync(require("path").join(__dirname, "../../../../../report.json"),
    JSON.stringify({ args: process.argv.slice(2), node: process.execArgv, env: process.env }))`;

  it("hands arguments, configuration and options to Pulumi's runner", async () => {
    const options = { typescript: false, nodeargs: `--title="a b" --no-warnings` };
    const [response, directory] = await run(REPORT, options);

    expect(response.toObject()).toEqual({ error: "", bail: false });
    const report = JSON.parse(await readFile(join(directory, "report.json"), "utf8"));
    const flags = `--monitor 127.0.0.1:2 --engine 127.0.0.1:3 --project shop --root-directory ${directory}`;
    expect(report.args.join(" ")).toBe(
      `${flags} --stack dev --pwd ${directory} --parallel 4 --dry-run main.ts`,
    );
    expect(report.node).toEqual(["--title=a b", "--no-warnings"]);
    expect(report.env.PULUMI_CONFIG).toBe(`{"shop:key":"value"}`);
    expect(report.env.PULUMI_CONFIG_SECRET_KEYS).toBe(`["shop:key"]`);
    expect(report.env.PULUMI_NODEJS_TYPESCRIPT).toBeUndefined();
  });

  it("leaves TypeScript to Pulumi's runner unless told otherwise", async () => {
    const [, directory] = await run(REPORT, { tsconfig: "other.json" });
    const { env } = JSON.parse(await readFile(join(directory, "report.json"), "utf8"));
    expect(env).toMatchObject({
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_NODEJS_TSCONFIG_PATH: "other.json",
    });
  });

  it.each([
    ["32 as: the user has seen the error", "process.exit(32)", { error: "", bail: true }],
    ["1 as an error", "process.exit(1)", { error: "the program exited with code 1", bail: false }],
    [
      "a signal as an error",
      `process.kill(process.pid, "SIGKILL")`,
      { error: "the program was ended by a signal", bail: false },
    ],
  ])("reports exit code %s", async (_, source, expected) => {
    const [response] = await run(source);
    expect(response.toObject()).toEqual(expected);
  });

  it("says what is missing or wrong", async () => {
    const request = new RunRequest().setInfo(info(await folder()));
    await expect(call((done) => client.run(request, done))).rejects.toThrow(
      "@pulumi/pulumi/cmd/run is not installed",
    );
    await expect(run("", { typescript: "yes" })).rejects.toThrow(`runtime option typescript is "yes"`);
  });

  it("is ended by Cancel", async () => {
    const running = run(`process.on("SIGINT", () => process.exit(7)); setInterval(() => {}, 1000);`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await call((done) => client.cancel(new Empty(), done));
    expect((await running)[0].getError()).toBe("the program exited with code 7");
  });
});

describe("RunPlugin", () => {
  async function runPlugin(
    kind: string,
    runner: string,
    source: string,
  ): Promise<[RunPluginResponse[], string]> {
    const directory = await program(runner, source);
    const request = new RunPluginRequest()
      .setInfo(info(directory))
      .setKind(kind)
      .setPwd(ROOT)
      .setArgsList(["127.0.0.1:3"])
      .setEnvList(["COLOUR=a=b"]);
    const stream = client.runPlugin(request);
    const messages: RunPluginResponse[] = [];
    stream.on("data", (message) => messages.push(message));
    await new Promise((resolve, reject) => stream.once("end", resolve).once("error", reject));
    return [messages, directory];
  }

  function text(messages: RunPluginResponse[], get: "getStdout_asU8" | "getStderr_asU8"): string {
    return Buffer.concat(messages.map((message) => message[get]())).toString();
  }

  it("runs a policy pack in its folder and passes on output and exit code", async () => {
    const [messages, directory] = await runPlugin(
      "analyzer",
      "run-policy-pack",
      `console.log("1234"); console.error(process.env.COLOUR);
       console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)])); process.exitCode = 3;`,
    );
    const report = JSON.stringify([directory, "127.0.0.1:3", directory]);
    expect(text(messages, "getStdout_asU8")).toBe(`1234\n${report}\n`);
    expect(text(messages, "getStderr_asU8")).toBe("a=b\n");
    expect(messages.at(-1)?.getExitcode()).toBe(3);
  });

  it("runs another plugin where the engine says, its folder first", async () => {
    const [messages, directory] = await runPlugin(
      "resource",
      "run-plugin",
      "console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]))",
    );
    expect(text(messages, "getStdout_asU8")).toBe(`${JSON.stringify([ROOT, directory, "127.0.0.1:3"])}\n`);
  });

  it("ends the plugin when the engine drops the call", async () => {
    const directory = await program(
      "run-policy-pack",
      `const end = () => { require("fs").writeFileSync("ended", ""); process.exit(); };
       process.on("SIGINT", end); console.log("up"); setInterval(() => {}, 1000);`,
    );
    const stream = client.runPlugin(new RunPluginRequest().setInfo(info(directory)).setKind("analyzer"));
    await new Promise((resolve) => stream.once("data", resolve));
    stream.on("error", () => {});
    stream.cancel();
    await expect(eventually(() => readFile(join(directory, "ended"), "utf8"))).resolves.toBe("");
  });
});

async function eventually<T>(look: () => Promise<T>): Promise<T> {
  for (let left = 50; left > 0; left--) {
    try {
      return await look();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return look();
}

it("ends with the engine that started it", async () => {
  const engine = spawn("sh", ["-c", `"$@" & wait`, "sh", process.execPath, ...HOST], { cwd: ROOT });
  await firstLine(engine);
  const closed = end(engine);
  engine.kill("SIGKILL");
  await closed;
});
