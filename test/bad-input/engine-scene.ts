import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { Project } from "../e2e/project";
import { waitFor } from "../kratos/wait";
import { CANARY, OPERATOR } from "./scene";
import { filesOf, processesBelow } from "./traces";

const ROOT = resolve(__dirname, "../..");

/** A Pulumi project whose target is a folder in it, and what `pulumi up` says there. */
export class EngineScene {
  readonly dir: string;
  private readonly tmp: string;
  private salt = "";

  private constructor(
    readonly binary: string,
    readonly project: Project,
  ) {
    this.dir = join(project.dir, "kratos");
    this.tmp = join(project.dir, "t");
  }

  static async start(binary: string): Promise<EngineScene> {
    const scene = new EngineScene(binary, await Project.create());
    await Promise.all([mkdir(scene.dir), mkdir(scene.tmp)]);
    await writeFile(join(scene.dir, "kratos.yml"), stringify(OPERATOR));
    scene.salt = await readFile(scene.stackFile, "utf8");
    return scene;
  }

  stop(): Promise<void> {
    return this.project.remove();
  }

  private get stackFile(): string {
    return join(this.project.dir, "Pulumi.test.yaml");
  }

  /** Puts the stack's file back to the one that the engine has made. */
  async reset(): Promise<void> {
    await rm(this.stackFile, { recursive: true, force: true });
    await writeFile(this.stackFile, this.salt);
  }

  /** Makes `text` the stack's file, below what the engine has written there, or as it is. */
  async stack(text: string | Buffer, whole = false): Promise<void> {
    const salt = whole ? "" : this.salt;
    await writeFile(this.stackFile, typeof text === "string" ? salt + text : text);
    await this.project.program(`import "${ROOT}/infra/main";\n`);
  }

  /** The lines of a stack's file that are right, as YAML. */
  settings(more: Record<string, unknown> = {}): string {
    const kratos = {
      name: "shop",
      environment: "dev",
      dir: "kratos",
      binary: this.binary,
      adminUrls: ["http://127.0.0.1:9"],
    };
    const smtp = { connectionUri: "smtp://127.0.0.1:9/" };
    return stringify({ config: { "shop:target": { kratos }, "shop:email": { smtp }, ...more } });
  }

  /** Settings of the target, for a program. */
  get target(): string {
    const kratos = {
      name: "shop",
      environment: "dev",
      dir: "kratos",
      binary: this.binary,
      adminUrls: ["http://127.0.0.1:9"],
    };
    return JSON.stringify({ kratos });
  }

  /** What `pulumi up` says of what is wrong. Fails where it succeeds, or writes anything. */
  async refusal(): Promise<string> {
    const [before, running] = await Promise.all([filesOf(this.dir), processesBelow(this.project.dir)]);
    const { code, output } = await this.project.pulumi(["up", "--yes"], { TMPDIR: this.tmp });
    expect(code).not.toBe(0);
    expect(await filesOf(this.dir)).toEqual(before);
    // tsx keeps there what it has compiled.
    expect((await readdir(this.tmp)).filter((name) => !name.startsWith("tsx-"))).toEqual([]);
    // The engine does not wait for the end of its plugins.
    await waitFor("all processes to end", async () => {
      const left = await processesBelow(this.project.dir);
      return left.every((one) => running.includes(one)) || undefined;
    });
    expect(output).not.toContain(CANARY);
    return this.diagnostics(output);
  }

  private diagnostics(output: string): string {
    const [, said = output] =
      /^Diagnostics:\n(.*?)(?:^Resources:|^Outputs:)/ms.exec(`${output}\nResources:`) ?? [];
    // The engine prints resources in the order in which they end.
    const blocks = said.split(/\n(?= {2}\S+ \()/).sort();
    const shown = blocks.filter(
      (block) => !/^ {2}pulumi:pulumi:Stack.*\n\s+error: preview failed\s*$/.test(block),
    );
    expect(said).not.toMatch(/^\s+(at |.{0,5}at ).*:\d+:\d+/m);
    return shown
      .join("\n")
      .replaceAll(this.project.dir, "<project>")
      .replaceAll(ROOT, "<pulumi-ory>")
      .replaceAll(this.binary, "<kratos>")
      .split("\n")
      .map((line) => line.trimEnd())
      .filter((line) => line !== "" && !/^Previewing update|^View Live|^\s*Duration:/.test(line))
      .join("\n");
  }
}
