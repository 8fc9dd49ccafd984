import { readdirSync, readFileSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { Document } from "../../infra/identity-config/model";
import { pulumiOry } from "../cli/pulumi-ory";
import { startFakeNetwork } from "../fake-network";
import { kratosBinaries, startKratos } from "../kratos/server";
import { networkEnv } from "./network-shop";
import { Project } from "./project";

const ROOT = resolve(__dirname, "../..");
const fixture = (name: string) => parse(readFileSync(join(ROOT, "test/fixtures", name), "utf8")) as Document;

/** An import's answer as JSON. */
interface Answer {
  files: { path: string; fate: string }[];
  secrets: { name: string; path: string }[];
  raw: string[];
  proof: { changes: string[]; trial?: string };
  next: string[];
}

/** What an import has made of a source, in a project of its own, as a user would have it. */
class Imported {
  readonly told: string[] = [];

  private constructor(
    private readonly source: string,
    private readonly env: NodeJS.ProcessEnv,
    readonly project: Project,
  ) {}

  static async start(source: string, env: NodeJS.ProcessEnv = {}): Promise<Imported> {
    const project = await Project.create();
    await writeFile(join(project.dir, "main.ts"), 'export { revision } from "./outputs";\n');
    await writeFile(
      join(project.dir, "outputs.ts"),
      'import { identity } from "./imported";\nexport const revision = identity.revision;\n',
    );
    const paths = { "pulumi-ory": [join(ROOT, "infra/index.ts")] };
    await writeFile(join(project.dir, "tsconfig.json"), JSON.stringify({ compilerOptions: { paths } }));
    return new Imported(source, env, project);
  }

  async import(): Promise<Answer> {
    const args = ["import", this.source, "--out", this.project.dir, "--name", "shop", "--json"];
    const { code, stdout, stderr } = await pulumiOry(args, { env: this.env });
    this.told.push(stdout, stderr);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  }

  /** Runs the commands that the import has said come next; `secrets` answers what they ask for. */
  async configure({ next }: Answer, secrets: Record<string, string> = {}): Promise<void> {
    for (const line of next.filter((one) => one.startsWith("pulumi config set"))) {
      const name = /secrets\.([\w-]+)/.exec(line)?.[1];
      const answer = name === undefined ? "" : ` '${secrets[name]}'`;
      const command = line.replace(/ {3}#.*/, "") + answer;
      const { code, output } = await this.project.start("sh", ["-c", command]).done;
      expect({ command, code, output }).toMatchObject({ code: 0 });
    }
  }

  async pulumi(...args: string[]): Promise<string> {
    const { code, output } = await this.project.pulumi(args, this.env);
    this.told.push(output);
    expect({ code, output }).toMatchObject({ code: 0 });
    return output;
  }

  /** All that stands in files, and all that was said. */
  everything(): string {
    const texts = (folder: string): string[] =>
      readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        if (name === "node_modules") return [];
        return statSync(path).isDirectory() ? texts(path) : [readFileSync(path, "utf8")];
      });
    return [...texts(this.project.dir), ...this.told].join("\n");
  }
}

/** Changes that a preview shows, a line each. */
const changesIn = (output: string) => output.match(/^ *\/\S+: .*=>.*$/gm) ?? [];

/** A config that a Kratos loads and that no rule refuses. */
function shopConfig(): Document {
  const config = fixture("imported/every-part.yml");
  const { flows } = config.selfservice as { flows: Document };
  delete (config.session as Document).whoami;
  delete (flows.settings as Document).required_aal;
  return config;
}

const SECRETS = {
  "smtp-connection-uri": "smtps://shop:smtp-canary@mail.shop.example:465/",
  "channels-sms-auth-password": "sms-canary-password",
  "oidc-providers-google-client-secret": "google-canary-secret",
  "oidc-providers-corp-client-secret": "corp-canary-secret",
  "registration-after-password-0-auth-value": "crm-canary-key",
};

test("the program of a Kratos's files changes nothing: not before an up, not by it, not after it", async () => {
  const [binary] = kratosBinaries();
  const files = { "kratos.yml": shopConfig(), "identity.yml": {} };
  const kratos = await startKratos({ binary: binary!, files });
  const source = `kratos/shop?dir=${kratos.dir}&environment=dev&binary=${binary}&adminUrl=${kratos.adminUrl}`;
  const imported = await Imported.start(source);
  try {
    const answer = await imported.import();
    expect(answer.proof).toEqual({ changes: [], trial: expect.stringMatching(/^Kratos \S+ loads it$/) });
    expect(answer.raw).toEqual([]);
    expect(answer.secrets.map(({ name }) => name).sort()).toEqual(Object.keys(SECRETS).sort());
    await imported.configure(answer, SECRETS);
    const preview = await imported.pulumi("preview", "--diff");
    expect(changesIn(preview)).toEqual([]);
    expect(preview).toMatch(/ory:index:IdentityConfig/);
    const operator = await readFile(join(kratos.dir, "kratos.yml"), "utf8");
    expect(changesIn(await imported.pulumi("up", "--yes"))).toEqual([]);
    expect(await readFile(join(kratos.dir, "kratos.yml"), "utf8")).toBe(operator);
    await imported.pulumi("preview", "--expect-no-changes");
    const again = await imported.import();
    expect(new Set(again.files.map(({ fate }) => fate))).toEqual(new Set(["unchanged"]));
    expect(imported.everything()).not.toContain("canary");
  } finally {
    await imported.project.remove();
    await kratos.stop();
  }
});

test("the program of a project on Ory Network changes nothing, and follows what somebody edits there", async () => {
  const network = await startFakeNetwork({
    projects: [{ id: "shop", environment: "dev", config: shopConfig() }],
    quirks: { secrets: "masked" },
  });
  const imported = await Imported.start("network/shop", networkEnv(network));
  try {
    const answer = await imported.import();
    expect(answer.proof).toEqual({ changes: [] });
    expect(answer.files.map(({ path }) => path)).toContain("schemas/customer.json");
    await imported.configure(answer);
    expect(changesIn(await imported.pulumi("preview", "--diff"))).toEqual([]);
    const { revisions } = network.projects.get("shop")!;
    const count = revisions.size;
    await imported.pulumi("up", "--yes");
    expect(revisions.size).toBe(count);
    await imported.pulumi("preview", "--expect-no-changes");
    const lifespan = { path: "/services/identity/config/session/lifespan", value: "36h0m0s" };
    await network.writeAsOther("shop", [{ op: "replace", ...lifespan }]);
    expect(changesIn(await imported.pulumi("preview", "--diff"))).toHaveLength(1);
    const again = await imported.import();
    expect(again.files).toContainEqual({ path: "imported.ts", fate: "updated", writeTo: "imported.ts" });
    expect(changesIn(await imported.pulumi("preview", "--diff"))).toEqual([]);
    expect(imported.everything()).not.toContain("canary");
  } finally {
    await imported.project.remove();
    await network.stop();
  }
});
