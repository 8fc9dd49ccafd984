import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** A build of a Go program from its published module. */
export interface ModuleBuild {
  /** Folder with the go.mod and go.sum that pin all it is built from. */
  pins: string;
  package: string;
  /** The executable's name. */
  name: string;
  tags?: string[];
  /** Go variables (`path.Name`) that get a text at link time. */
  stamps: Record<string, string>;
  /** Needs a C compiler. Without one Go would leave the C parts out and the build would pass. */
  needsC?: boolean;
}

/** Builds into `bin/` of `directory`. Throws where Go is missing or the build fails. */
export async function buildModule(build: ModuleBuild, directory: string): Promise<void> {
  const stamps = Object.entries(build.stamps).map(([name, value]) => `-X ${name}=${value}`);
  const args = [
    "build",
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    `-tags=${(build.tags ?? []).join(",")}`,
  ];
  args.push("-ldflags", ["-s", "-w", ...stamps].join(" "));
  args.push("-o", join(directory, "bin", build.name), build.package);
  // A go.work above the clone would replace the pins.
  const env = { ...process.env, GOWORK: "off", ...(build.needsC ? { CGO_ENABLED: "1" } : {}) };
  try {
    await run("go", args, { cwd: build.pins, env, maxBuffer: OUTPUT_LIMIT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new Error("go is not on PATH");
    }
    throw error;
  }
}
