import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import clean from "semver/functions/clean";
import { buildModule } from "./module-build";
import { estimate } from "./progress";
import { fetchPulumiRelease } from "./pulumi-release";
import type { Tool } from "./tool";
import { PULUMI_RANGE, PULUMI_VERSION } from "./versions";

const run = promisify(execFile);
const PROBE_MS = 30_000;
const BUILD_CORE_SECONDS = 460;

async function probe(binary: string): Promise<string> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { stdout } = await run(binary, ["version"], { env, timeout: PROBE_MS });
  const version = clean(stdout.trim());
  if (!version) {
    throw new Error(`\`pulumi version\` says ${JSON.stringify(stdout)}`);
  }
  return version;
}

function pulumiFolders(): string[] {
  const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  return [join(home, "bin"), join(home, "versions", PULUMI_VERSION, "bin")];
}

/** Pulumi's CLI, the engine. */
export const pulumi: Tool = {
  name: "pulumi",
  title: "Pulumi",
  version: PULUMI_VERSION,
  range: PULUMI_RANGE,
  elsewhere: pulumiFolders(),
  probe,
  sources: [
    {
      name: "release",
      title: `downloading Pulumi ${PULUMI_VERSION}`,
      label: "its official release",
      remedy: "let this machine reach Pulumi's download of releases",
      fetch: (directory) => fetchPulumiRelease(PULUMI_VERSION, directory),
    },
    {
      name: "module",
      title: `building Pulumi ${PULUMI_VERSION} from its Go module, ${estimate(BUILD_CORE_SECONDS)}`,
      label: "a build of its Go module",
      remedy: "put Go 1.25 or newer on PATH",
      fetch: (directory) =>
        buildModule(
          {
            pins: join(__dirname, "pulumi"),
            package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            name: "pulumi",
            stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${PULUMI_VERSION}` },
          },
          directory,
        ),
    },
  ],
};
