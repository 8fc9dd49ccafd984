/**
 * `node toolchain/bootstrap.js <script.ts> [arguments]`: makes a clone ready (Node version, npm packages, build of the
 * sources), then runs the script with its arguments and ends as it ends. Needs nothing but Node and npm. What it does on
 * the way goes to stderr; stdout is the script's.
 */

const { spawn } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const tty = require("node:tty");
const { withLock } = require("./bootstrap-lock");

const ROOT = path.join(__dirname, "..");
const LOCK = path.join(ROOT, ".local", "bootstrap.lock");
const SOURCES = [
  "cli",
  "infra",
  "policies",
  "test/fake-network",
  "toolchain/compile-validators.js",
  "tsconfig.json",
  "tsconfig.build.json",
  "package-lock.json",
];
const INSTALL_STAMP = path.join(ROOT, "node_modules", ".pulumi-ory-installed");
const BUILD_STAMP = path.join(ROOT, "bin", ".built");

class BootstrapError extends Error {}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new BootstrapError(
      `this is Node ${process.versions.node}: use Node 20.19 or newer, for example 22`,
    );
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Of the files that npm installs from. Native packages differ by platform and processor. */
function installDigest() {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  return hash.update(fs.readFileSync(path.join(ROOT, "package-lock.json"))).digest("hex");
}

/** Of the names, sizes and times of all that is built from. */
function buildDigest() {
  const hash = createHash("sha256");
  const visit = (file) => {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      for (const name of fs.readdirSync(file).sort()) {
        visit(path.join(file, name));
      }
    } else if (stat) {
      hash.update(`${file} ${stat.size} ${stat.mtimeMs}\n`);
    }
  };
  for (const source of SOURCES) {
    visit(path.join(ROOT, source));
  }
  return hash.digest("hex");
}

function runNpm(args) {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", args, { cwd: ROOT, stdio: ["ignore", 2, 2] });
    child.once("error", () =>
      reject(new BootstrapError("npm is not on PATH: install it, it comes with Node")),
    );
    child.once("close", (code) =>
      code === 0
        ? resolve()
        : reject(new BootstrapError(`npm ${args.join(" ")} failed with code ${code}: see above`)),
    );
  });
}

async function install() {
  process.stderr.write("installing npm packages\n");
  fs.rmSync(INSTALL_STAMP, { force: true });
  // Type checker and tests are needed also where NODE_ENV is production. No package needs its install script, and some
  // of these scripts download.
  await runNpm(["ci", "--include=dev", "--ignore-scripts", "--loglevel=error"]);
  fs.writeFileSync(INSTALL_STAMP, installDigest());
}

async function build() {
  process.stderr.write("building\n");
  const digest = buildDigest();
  await runNpm(["run", "--silent", "build"]);
  fs.mkdirSync(path.dirname(BUILD_STAMP), { recursive: true });
  fs.writeFileSync(BUILD_STAMP, digest);
}

const isInstalled = () => read(INSTALL_STAMP) === installDigest();
const isBuilt = () => read(BUILD_STAMP) === buildDigest();

async function prepare() {
  if (isInstalled() && isBuilt()) {
    return;
  }
  await withLock(LOCK, async () => {
    if (!isInstalled()) {
      await install();
    }
    if (!isBuilt()) {
      await build();
    }
  });
}

/** Runs the script and returns the exit code to end with. */
function runScript(args) {
  const child = spawn(process.execPath, ["--import", "tsx", ...args], { cwd: ROOT, stdio: "inherit" });
  const hasTerminal = [0, 1, 2].some((descriptor) => tty.isatty(descriptor));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    // A terminal sends Ctrl-C to the script as well; passed on, it would arrive twice.
    process.on(signal, () => (signal === "SIGINT" && hasTerminal ? undefined : child.kill(signal)));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + os.constants.signals[signal]));
  });
}

async function main() {
  checkNode();
  const [script, ...args] = process.argv.slice(2);
  if (!script) {
    throw new BootstrapError("no script given: node toolchain/bootstrap.js <script.ts> [arguments]");
  }
  await prepare();
  process.exitCode = await runScript([script, ...args]);
}

main().catch((error) => {
  process.stderr.write(`error: ${error instanceof BootstrapError ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
