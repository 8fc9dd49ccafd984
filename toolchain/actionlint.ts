import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildModule } from "./module-build";
import { estimate } from "./progress";
import type { Tool } from "./tool";
import { ACTIONLINT_RANGE, ACTIONLINT_VERSION } from "./versions";

const run = promisify(execFile);
const PROBE_MS = 30_000;
const BUILD_CORE_SECONDS = 30;

async function probe(binary: string): Promise<string> {
  const { stdout } = await run(binary, ["-version"], { timeout: PROBE_MS });
  const version = /^v?(\d+\.\d+\.\d+)$/m.exec(stdout)?.[1];
  if (!version) {
    throw new Error(`\`actionlint -version\` says ${JSON.stringify(stdout)}`);
  }
  return version;
}

/** A linter of workflows for GitHub Actions. Only tests want it. */
export const actionlint: Tool = {
  name: "actionlint",
  title: "actionlint",
  version: ACTIONLINT_VERSION,
  range: ACTIONLINT_RANGE,
  elsewhere: [],
  probe,
  sources: [
    {
      name: "module",
      title: `building actionlint ${ACTIONLINT_VERSION} from its Go module, ${estimate(BUILD_CORE_SECONDS)}`,
      label: "a build of its Go module",
      remedy: "put Go 1.25 or newer on PATH, and let it reach its module proxy",
      fetch: (directory) =>
        buildModule(
          {
            pins: join(__dirname, "actionlint"),
            package: "github.com/rhysd/actionlint/cmd/actionlint",
            name: "actionlint",
            stamps: {},
          },
          directory,
        ),
    },
  ],
};
