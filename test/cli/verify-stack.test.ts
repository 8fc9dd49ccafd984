import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verification } from "../../infra/journeys/verify";
import { startLocalKratos } from "../../local/kratos";
import { startLocalNetwork } from "../../local/network";
import { Project } from "../e2e/project";
import { kratosBinaries } from "../kratos/server";
import { pulumiOry } from "./pulumi-ory";

const [binary] = kratosBinaries();

test("the targets of a stack are verified, also a project on Ory Network", async () => {
  const folder = await mkdtemp(join(tmpdir(), "verify-stack-"));
  const { signal } = new AbortController();
  const kratos = await startLocalKratos({ binary: binary!, folder, publicPort: 0, adminPort: 0 });
  const network = await startLocalNetwork({ kratos, binary: binary!, signal });
  const project = await Project.create();
  try {
    const stack = "urn:pulumi:test::shop::pulumi:pulumi:Stack::shop-test";
    const provider = "urn:pulumi:test::shop::pulumi:providers:ory::default";
    const resources = [
      { urn: stack, custom: false, type: "pulumi:pulumi:Stack" },
      { urn: provider, custom: true, id: "p", type: "pulumi:providers:ory" },
      {
        urn: "urn:pulumi:test::shop::ory:index:IdentityConfig::shop",
        custom: true,
        id: `network/${network.target.project}`,
        type: "ory:index:IdentityConfig",
        inputs: { target: { network: network.target }, config: {} },
        parent: stack,
        provider: `${provider}::p`,
      },
    ];
    const state = { version: 3, deployment: { manifest: { time: "2026-01-01T00:00:00Z" }, resources } };
    await writeFile(join(project.dir, "state.json"), JSON.stringify(state));
    const imported = await project.pulumi(["stack", "import", "--file", "state.json"]);
    expect(imported).toMatchObject({ code: 0 });
    const env = {
      ...network.env,
      PULUMI_BACKEND_URL: `file://${join(project.dir, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
    };
    const run = await pulumiOry(["verify", "--stack", "test", "--json"], { cwd: project.dir, env });
    const { targets } = JSON.parse(run.stdout) as { targets: (Verification & { subject: string })[] };
    expect(targets).toMatchObject([
      {
        subject: `network/${network.target.project}`,
        paths: [
          {
            journey: "sign-in",
            by: "password",
            predicted: "signed in",
            walked: "reaches aal1",
            outcome: "walked",
          },
          // On Ory Network messages are always sent; this Kratos has no mail server.
          { journey: "recovery", predicted: "settings open", outcome: "failed" },
        ],
        notRemoved: [],
      },
    ]);
    expect(run.code).toBe(2);
    expect(run.stdout + run.stderr).not.toContain(network.env.ORY_PROJECT_API_KEY);
    expect(await (await fetch(`${kratos.adminUrl}/admin/identities`)).json()).toEqual([]);
  } finally {
    await project.remove();
    await network.stop();
    await kratos.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
