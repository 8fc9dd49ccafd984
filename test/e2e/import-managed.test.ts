import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiOry } from "../cli/pulumi-ory";
import { startFakeNetwork } from "../fake-network";
import { kratosBinaries } from "../kratos/server";
import { networkEnv } from "./network-shop";
import { Project } from "./project";
import { operatorFolder } from "./shop";

const [binary] = kratosBinaries();

test("what a program manages already is imported with a word about it, whether files or the state tell", async () => {
  const network = await startFakeNetwork({ projects: [{ id: "cloud", environment: "dev" }] });
  const project = await Project.create();
  try {
    const dir = join(project.dir, "kratos");
    await operatorFolder(dir);
    const env = {
      ...networkEnv(network),
      PULUMI_BACKEND_URL: `file://${join(project.dir, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
    };
    await project.program(`
      const schema = (name: string) => new ory.IdentitySchema(name, { default: true, traits: { email: ory.email({ identifies: ["password"] }) } });
      new ory.IdentityConfig("own", {
        target: { kratos: { name: "own", environment: "dev", dir: "kratos", adminUrls: ["http://127.0.0.1:1/"], binary: ${JSON.stringify(binary)} } },
        parts: [schema("own")],
      });
      new ory.IdentityConfig("cloud", { target: { network: { project: "cloud", environment: "dev" } }, parts: [schema("cloud")] });
    `);
    const up = await project.pulumi(["up", "--yes", "--skip-preview"], env);
    if (up.code !== 0) throw new Error(up.output);

    const importing = async (...args: string[]) => {
      const { code, stdout, stderr } = await pulumiOry(["import", ...args], { cwd: project.dir, env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return stdout;
    };
    const managed = (name: string) =>
      `a program manages this already, as IdentityConfig "${name}" of stack test of project shop, and two would undo each other's changes: go on with that one; or have it forget this with \`pulumi state delete\``;
    const kratos = `kratos/own?dir=kratos&binary=${binary}&environment=dev`;
    const elsewhere = await importing(kratos, "--out", tmpdir(), "--dry-run");
    expect(elsewhere).toContain(`  ${managed("own")}, then take it over with \`pulumi import\`, before`);
    const files = await importing(
      "kratos/kratos.yml",
      "kratos/identity.yml",
      "--out",
      "else",
      "--binary",
      binary!,
    );
    expect(files).toContain(managed("own"));
    expect(await readFile(join(project.dir, "else/imported.ts"), "utf8")).toContain(
      "// check: a program manages this already, as IdentityConfig",
    );
    const cloud = await importing("network/cloud", "--out", "cloud", "--dry-run");
    expect(cloud).toContain(`  ${managed("cloud")} before the first \`pulumi up\` here`);
    // Out of the project, its state is nobody's to look for.
    expect(await importing("network/cloud", "--out", tmpdir(), "--dry-run")).not.toContain("already");
    // The very program that manages it is imported again.
    expect(await importing(kratos, "--out", "again", "--name", "own", "--dry-run")).not.toContain("already");
    expect(await importing("network/cloud", "--out", "again", "--name", "cloud", "--dry-run")).not.toContain(
      "already",
    );
  } finally {
    await project.remove();
    await network.stop();
  }
});
