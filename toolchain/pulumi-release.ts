import { execFile } from "node:child_process";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const DOWNLOAD_MS = 10 * 60_000;

/**
 * Has Pulumi's npm package download the CLI with its language hosts into `bin/` of `directory`. `runner` is that
 * package's script. Throws where that fails.
 */
export async function fetchPulumiRelease(
  version: string,
  directory: string,
  runner = require.resolve("pulumi/run.js"),
): Promise<void> {
  // Its usual place, shared by all that use Pulumi, would keep a broken download for good.
  const home = join(directory, "home");
  await run(process.execPath, [runner, "version"], {
    env: { ...process.env, PULUMI_HOME: home, PULUMI_VERSION: version, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: DOWNLOAD_MS,
  });
  await rename(join(home, "versions", version, "bin"), join(directory, "bin"));
  await rm(home, { recursive: true });
}
