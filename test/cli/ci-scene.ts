import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FakeForge, TOKEN } from "./fake-forge";
import { folderWith, pulumiOry, type Run } from "./pulumi-ory";

const URN = "urn:pulumi:prod::shop::ory:index:IdentityConfig::shop";
const CHANGE = {
  ...{ path: "/session/lifespan", before: "24h", after: "720h", effect: "weakening" },
  reason: "a stolen session stays valid for longer",
};

/** Events of a preview that changes one setting of a target at `revision`. */
export function previewEvents(revision = "r1"): string {
  const review = {
    ...{ id: "kratos/shop", revision, target: "kratos", environment: "prod" },
    ...{ declared: { session: { lifespan: "720h" } }, effective: { session: { lifespan: "720h" } } },
    ...{ observed: { session: { lifespan: "24h" } }, changes: [CHANGE] },
  };
  const done = { metadata: { op: "update", urn: URN, new: { id: "kratos/shop", outputs: { review } } } };
  return [{ resOutputsEvent: done }, { summaryEvent: {} }]
    .map((event, sequence) => JSON.stringify({ sequence, ...event }))
    .join("\n");
}

/** A forge, and a folder for files. */
export class CiScene {
  private constructor(
    readonly forge: FakeForge,
    private readonly folder: Awaited<ReturnType<typeof folderWith>>,
  ) {}

  static async create(): Promise<CiScene> {
    return new CiScene(await FakeForge.start(), await folderWith({}));
  }

  async remove(): Promise<void> {
    await this.folder.remove();
    await this.forge.stop();
  }

  /** Writes a file, and tells its path. */
  async file(name: string, text: string | Uint8Array): Promise<string> {
    const path = join(this.folder.dir, name);
    await writeFile(path, text);
    return path;
  }

  /** Runs `pulumi-ory ci` as a pipeline does; what it prints never has the token. */
  async ci(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
    const run = await pulumiOry(["ci", ...args], {
      cwd: this.folder.dir,
      env: { ...this.forge.env, ...env },
    });
    expect(run.stdout + run.stderr).not.toContain(TOKEN);
    expect(run.stderr).not.toMatch(/^\s+at /m);
    return run;
  }
}
