/** The lock of toolchain/bootstrap.js, which runs before there are npm packages. */

const fs = require("node:fs");
const path = require("node:path");

const LOCK_POLL_MS = 250;

/** The process that the lock file names, 0 where it is gone. */
function holderOf(file) {
  try {
    return Number(fs.readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** True once this process holds the lock. A file made whole by link() says who holds it, so that a crash can't keep it. */
function tryLock(lock) {
  const own = `${lock}.${process.pid}`;
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  fs.writeFileSync(own, String(process.pid));
  try {
    fs.linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") {
      throw error;
    }
    const holder = holderOf(lock);
    if (holder > 0 && !isAlive(holder)) {
      removeLockOf(holder, lock, own);
    }
    return false;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

function removeLockOf(dead, lock, own) {
  const taken = `${own}.taken`;
  try {
    fs.renameSync(lock, taken);
  } catch {
    return;
  }
  // Another process may have removed the dead one's lock and made its own since it was read.
  if (holderOf(taken) !== dead) {
    fs.renameSync(taken, lock);
  }
  fs.rmSync(taken, { force: true });
}

/** Runs `work` while the file `lock` says that this process does; waits for a living holder, takes over from a dead one. */
async function withLock(lock, work) {
  for (let waited = 0; !tryLock(lock); waited++) {
    if (waited === 1) {
      process.stderr.write(`waiting for process ${holderOf(lock)}, which is preparing this clone\n`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  try {
    return await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

module.exports = { withLock };
