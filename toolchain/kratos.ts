import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildModule } from "./module-build";
import { estimate } from "./progress";
import type { Tool } from "./tool";
import { KRATOS_VERSION } from "./versions";

const run = promisify(execFile);
const PROBE_MS = 30_000;
const BUILD_CORE_SECONDS = 200;

async function probe(binary: string): Promise<string> {
  // Kratos takes any of its settings from the environment; a DSN of the user's would open their database.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DSN: "memory" };
  const { stdout } = await run(binary, ["version"], { env, timeout: PROBE_MS });
  const version = /Version:\s*v?(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
  if (!version) {
    throw new Error(`\`kratos version\` says ${JSON.stringify(stdout)}`);
  }
  const opening = run(binary, ["migrate", "sql", "status", "-e"], { env, timeout: PROBE_MS });
  opening.child.stdin?.end();
  const opened = await opening.catch((error: { stdout?: string; stderr?: string }) => error);
  if (`${opened.stdout}${opened.stderr}`.includes("not compiled into the binary")) {
    throw new Error(`version ${version} was built without SQLite`);
  }
  return version;
}

/** Ory Kratos with SQLite built in. */
export const kratos: Tool = {
  name: "kratos",
  title: "Kratos",
  version: KRATOS_VERSION,
  range: KRATOS_VERSION,
  elsewhere: [],
  probe,
  sources: [
    {
      name: "release",
      title: `downloading Kratos ${KRATOS_VERSION}`,
      label: "its official release",
      remedy: "let this machine reach Kratos's releases on github.com",
      fetch: (directory) => {
        // Loaded only where needed: what it downloads with takes 0.3 s to load.
        const { fetchKratosRelease } = require("./kratos-release") as typeof import("./kratos-release");
        return fetchKratosRelease(KRATOS_VERSION, directory);
      },
    },
    {
      name: "module",
      title: `building Kratos ${KRATOS_VERSION} from its Go module, ${estimate(BUILD_CORE_SECONDS)}`,
      label: "a build of its Go module",
      remedy: "put Go 1.25 or newer and a C compiler on PATH",
      fetch: (directory) =>
        buildModule(
          {
            pins: join(__dirname, "kratos"),
            package: "github.com/ory/kratos",
            name: "kratos",
            tags: ["sqlite"],
            stamps: { "github.com/ory/kratos/driver/config.Version": `v${KRATOS_VERSION}` },
            needsC: true,
          },
          directory,
        ),
    },
  ],
};
