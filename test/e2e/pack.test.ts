import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import type { Document } from "../../infra/identity-config/model";
import { whole } from "../policies/review";
import { Project } from "./project";

const ROOT = resolve(__dirname, "../..");

const effective = (passwordless: boolean) => ({
  selfservice: {
    methods: {
      code: {
        enabled: true,
        mfa_enabled: true,
        passwordless_enabled: passwordless,
        config: { missing_credential_fallback_enabled: true },
      },
    },
  },
});

describe("the policy pack by itself", () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.create();
    const plugin = join(project.dir, "lenient");
    const shim = join(plugin, "pulumi-resource-ory");
    await mkdir(plugin);
    await writeFile(join(plugin, "PulumiPlugin.yaml"), "runtime: nodejs\n");
    const tsx = require.resolve("tsx");
    const script = join(__dirname, "lenient-provider.ts");
    await writeFile(shim, `#!/bin/sh\nexec "${process.execPath}" --import "${tsx}" "${script}"\n`);
    await chmod(shim, 0o755);
    const settings = join(project.dir, "Pulumi.yaml");
    const yaml = parse(await readFile(settings, "utf8"));
    yaml.plugins.providers[0].path = plugin;
    await writeFile(settings, stringify(yaml));
    await project.program(
      'new ory.IdentityConfig("shop", { target: { kratos: { name: "shop", dir: "nowhere" } }, parts: [] });',
    );
  });
  afterAll(() => project?.remove());

  const preview = (document: Document, ...more: string[]) =>
    project.pulumi(["preview", "--policy-pack", join(ROOT, "policies"), ...more], {
      EFFECTIVE: JSON.stringify(whole(document)),
    });

  it("fails a preview under which both uses of codes would be in force", async () => {
    const { code, output } = await preview(effective(true));
    expect(output).toContain("- [mandatory]  code-mfa-xor-passwordless  (ory:index:IdentityConfig: shop)");
    expect(code).not.toBe(0);
  });

  it("warns instead where the user has configured that level", async () => {
    await writeFile(join(project.dir, "levels.json"), '{"code-mfa-xor-passwordless": "advisory"}');
    const { code, output } = await preview(effective(true), "--policy-pack-config", "levels.json");
    expect(output).toContain("- [advisory]  code-mfa-xor-passwordless  (ory:index:IdentityConfig: shop)");
    expect(code).toBe(0);
  });

  it("passes a preview under which one use would be", async () => {
    const { code, output } = await preview(effective(false));
    expect(output).not.toContain("code-mfa-xor-passwordless");
    expect(output).toContain("ory@v0.1.0");
    expect(code).toBe(0);
  });
});
