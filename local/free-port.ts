import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lockfile from "proper-lockfile";

/** A port that no other process of this project takes until it is released. */
export type ReservedPort = { port: number; release(): Promise<void> };

/**
 * A port of 127.0.0.1 that nothing listens on: `preferred`, or any other one when that is taken or 0.
 *
 * Nothing holds the port open, so somebody else may be faster.
 */
export async function freePort(preferred: number): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0))!;
}

/**
 * The same for a program that listens only later: two clones that start at the same time get different ports. Release
 * it when the program listens.
 */
export async function reservePort(preferred: number): Promise<ReservedPort> {
  const release = preferred === 0 ? undefined : await lock(preferred);
  return { port: await freePort(release ? preferred : 0), release: async () => release?.() };
}

// Whatever keeps us from the lock, another user's file among it, another port is the answer.
function lock(port: number): Promise<(() => Promise<void>) | undefined> {
  const file = join(tmpdir(), `pulumi-ory-port-${port}`);
  return lockfile.lock(file, { realpath: false, onCompromised: () => undefined }).catch(() => undefined);
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (port !== 0 && (error.code === "EADDRINUSE" || error.code === "EACCES")) resolve(undefined);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : undefined));
    });
  });
}
