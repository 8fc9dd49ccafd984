import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

test("the command of a clone that is not built yet says what makes it, and where", async () => {
  const root = await mkdtemp(join(tmpdir(), "not-built-"));
  try {
    await mkdir(join(root, "cli"));
    const command = join(root, "cli", "pulumi-ory.js");
    await copyFile(resolve(__dirname, "../../cli/pulumi-ory.js"), command);
    const run = () => {
      const { status, stderr } = spawnSync(process.execPath, [command, "check"], { encoding: "utf8" });
      return { status, stderr };
    };
    const start = "error: pulumi-ory is not built yet: run";
    expect(run()).toEqual({
      status: 1,
      stderr: `${start} \`npm ci\` and \`npm run build\` in ${root} first\n`,
    });
    await mkdir(join(root, "node_modules"));
    expect(run()).toEqual({ status: 1, stderr: `${start} \`npm run build\` in ${root} first\n` });
  } finally {
    await rm(root, { recursive: true });
  }
});
