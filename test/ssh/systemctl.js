/**
 * A stand-in for `systemctl`, where a machine does not run systemd: starts what units say as the user that they name,
 * and follows the paths of path units. It knows of a unit what the last daemon-reload has read, as systemd does, and
 * nothing of what it is not asked for in these tests. Arguments: a folder of its own, the verb, options and units.
 */
const { execFileSync, spawn } = require("node:child_process");
const {
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { join } = require("node:path");

const UNITS = "/etc/systemd/system";
const [state, verb, ...words] = process.argv.slice(2);
const options = words.filter((word) => word.startsWith("-"));
const units = words.filter((word) => !word.startsWith("-"));
const at = (unit, what) => join(state, `${unit}.${what}`);
const pause = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** The values of a key in a unit. */
function values(unit, key) {
  if (!existsSync(join(state, "loaded", unit))) fail(`Unit ${unit} not found.`);
  const text = readFileSync(join(state, "loaded", unit), "utf8");
  return [...text.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value]) => value);
}

function pidOf(unit) {
  if (!existsSync(at(unit, "pid"))) return undefined;
  const pid = Number(readFileSync(at(unit, "pid"), "utf8"));
  try {
    return /\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8")) ? undefined : pid;
  } catch {
    return undefined;
  }
}

function stop(unit) {
  values(unit, "Description");
  const pid = pidOf(unit);
  if (pid === undefined) return;
  process.kill(pid);
  while (pidOf(unit) !== undefined) pause(20);
}

/** What runs a command line as a service's user, in an environment that holds nothing else. */
const asUser = (unit) => {
  const [user] = values(unit, "User");
  const [umask = "0022"] = values(unit, "UMask");
  const run = ["sh", "-c", `umask ${umask}; exec "$@"`, "sh"];
  return user === undefined
    ? run
    : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--init-groups", ...run];
};

function start(unit) {
  if (pidOf(unit) !== undefined) return;
  const commands = unit.endsWith(".path")
    ? [[process.execPath, __filename, state, "watch", unit]]
    : values(unit, "ExecStart").map((line) => [...asUser(unit), ...line.split(" ")]);
  const log = openSync(at(unit, "log"), "a");
  const settings = { cwd: "/", env: { PATH: process.env.PATH }, stdio: ["ignore", log, log] };
  if (values(unit, "Type")[0] === "oneshot") {
    for (const [command, ...args] of commands) execFileSync(command, args, settings);
    return;
  }
  const [command, ...args] = commands[0];
  const child = spawn(command, args, { ...settings, detached: true });
  writeFileSync(at(unit, "pid"), String(child.pid));
  child.unref();
}

const restart = (unit) => {
  stop(unit);
  start(unit);
};

const VERBS = {
  start,
  stop,
  restart,
  "try-restart": (unit) => pidOf(unit) !== undefined && restart(unit),
  enable: (unit) => writeFileSync(at(unit, "enabled"), values(unit, "WantedBy").join("\n")),
  disable(unit) {
    if (options.includes("--now")) stop(unit);
    rmSync(at(unit, "enabled"), { force: true });
  },
  "is-active"(unit) {
    const isActive = pidOf(unit) !== undefined;
    if (!options.includes("--quiet")) process.stdout.write(isActive ? "active\n" : "inactive\n");
    if (!isActive) process.exitCode = 3;
  },
  /** What a path unit does, for as long as it runs. */
  watch(unit) {
    const [file] = values(unit, "PathChanged");
    const seen = () => (existsSync(file) ? `${statSync(file).ino} ${statSync(file).mtimeMs}` : "none");
    for (let before = seen(); ; pause(50)) {
      if (seen() === before) continue;
      before = seen();
      start(unit.replace(/\.path$/, ".service"));
    }
  },
};

mkdirSync(state, { recursive: true });
if (verb === "daemon-reload") {
  rmSync(join(state, "loaded"), { recursive: true, force: true });
  cpSync(UNITS, join(state, "loaded"), { recursive: true });
} else if (VERBS[verb] === undefined || options.some((option) => !["--quiet", "--now"].includes(option))) {
  fail(`the stand-in for systemctl does not know ${[verb, ...options].join(" ")}`);
} else {
  for (const unit of units) VERBS[verb](unit);
}
