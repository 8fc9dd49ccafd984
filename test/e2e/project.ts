import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";

const ROOT = resolve(__dirname, "../..");

/** What a command printed on both streams, and its exit code. */
export interface Run {
  code: number | null;
  output: string;
}

/** A Pulumi project of its own in a temporary folder, with a file backend, driven by the real engine. */
export class Project {
  private constructor(
    readonly dir: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Makes the project and its stack `test`. `pulumi` must be on PATH, as `npm test` puts it. */
  static async create(): Promise<Project> {
    const dir = await mkdtemp(join(tmpdir(), "e2e-"));
    await Promise.all([
      mkdir(join(dir, "state")),
      symlink(join(ROOT, "node_modules"), join(dir, "node_modules")),
    ]);
    const project = new Project(dir, {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${join(dir, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_RUN_PROGRAM: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      NO_COLOR: "1",
    });
    const yaml = {
      name: "shop",
      main: "main.ts",
      runtime: { name: "nodejs", options: { typescript: false, nodeargs: "--import tsx" } },
      options: { refresh: "always" },
      plugins: { providers: [{ name: "ory", path: join(ROOT, "infra/provider") }] },
    };
    await writeFile(join(dir, "Pulumi.yaml"), stringify(yaml));
    await writeFile(join(dir, "package.json"), "{}");
    const { code, output } = await project.pulumi(["stack", "init", "test"]);
    if (code !== 0) throw new Error(output);
    return project;
  }

  /** Writes the program; `ory` and `pulumi` are imported. */
  async program(text: string): Promise<void> {
    const imports = `import * as pulumi from "@pulumi/pulumi";\nimport * as ory from "${ROOT}/infra/index";\nvoid pulumi;\n`;
    await writeFile(join(this.dir, "main.ts"), imports + text);
  }

  /** Runs Pulumi's CLI. @param env Laid over the environment. */
  pulumi(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
    return this.start("pulumi", [...args, "--non-interactive"], env).done;
  }

  /** Starts a command in the project, to be talked to while it runs. */
  start(command: string, args: string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(command, args, { cwd: this.dir, env: { ...this.env, ...env }, stdio: "pipe" });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const done = new Promise<Run>((finish, fail) => {
      child.once("error", fail);
      // The engine's sign of life comes by the clock, anywhere between other lines.
      child.once("close", (code) => finish({ code, output: output.replace(/^ ?@ \w+ing .*\.{2,}\n/gm, "") }));
    });
    return { child, done, output: () => output };
  }

  /** The stack's state as it lies in the backend. */
  state(): Promise<string> {
    return readFile(join(this.dir, "state/.pulumi/stacks/shop/test.json"), "utf8");
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}
