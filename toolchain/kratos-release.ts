import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import axios from "axios";
import { backOff } from "exponential-backoff";
import { extract } from "tar";

const RELEASES = "https://github.com/ory/kratos/releases/download";
const SMALL_FILE_MS = 15_000;
const ARCHIVE_MS = 10 * 60_000;

const PASSING = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "ERR_STREAM_PREMATURE_CLOSE"]);

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { linux: "linux", darwin: "macOS" };
const PROCESSORS: Partial<Record<NodeJS.Architecture, string>> = { x64: "64bit", arm64: "arm64" };

/** The name of the release archive that has SQLite built in. Throws where the release has none. */
export function kratosArchive(version: string, platform = process.platform, arch = process.arch): string {
  const system = SYSTEMS[platform];
  const processor = PROCESSORS[arch];
  if (!system || !processor) {
    throw new Error(`the release has no archive for ${platform} on ${arch}`);
  }
  return `kratos_${version}-${system}_sqlite_${processor}.tar.gz`;
}

function isPassing(error: unknown): boolean {
  const { code, response } = error as { code?: string; response?: { status: number } };
  return response ? response.status >= 500 : PASSING.has(code ?? "");
}

function retrying<T>(work: () => Promise<T>): Promise<T> {
  return backOff(work, { numOfAttempts: 3, startingDelay: 300, retry: isPassing });
}

async function checksumOf(archive: string, folder: string): Promise<string> {
  const url = `${folder}/checksums.txt`;
  const { data } = await retrying(() =>
    axios.get<string>(url, { responseType: "text", signal: AbortSignal.timeout(SMALL_FILE_MS) }),
  );
  const line = data.split("\n").find((entry) => entry.trim().endsWith(` ${archive}`));
  const checksum = line?.trim().split(/\s+/)[0];
  if (!checksum) {
    throw new Error(`${url} does not list ${archive}`);
  }
  return checksum.toLowerCase();
}

async function download(url: string, file: string): Promise<void> {
  // axios rather than fetch, since it honours HTTPS_PROXY.
  const { data } = await axios.get(url, { responseType: "stream", signal: AbortSignal.timeout(ARCHIVE_MS) });
  await pipeline(data, createWriteStream(file));
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * Downloads the release archive of Kratos, checks it against the release's own checksums.txt and unpacks the executable
 * into `bin/` of `directory`. `releases` is the address above the version. Throws where that fails; gives up on an
 * unreachable network within seconds.
 */
export async function fetchKratosRelease(
  version: string,
  directory: string,
  releases = RELEASES,
): Promise<void> {
  const archive = kratosArchive(version);
  const folder = `${releases}/v${version}`;
  const expected = await checksumOf(archive, folder);
  const file = join(directory, archive);
  await retrying(() => download(`${folder}/${archive}`, file));
  const actual = await sha256(file);
  if (actual !== expected) {
    throw new Error(`${archive} has checksum ${actual}, its release says ${expected}`);
  }
  const bin = join(directory, "bin");
  await mkdir(bin);
  await extract({ file, cwd: bin }, ["kratos"]);
}
