import { setTimeout as delay } from "node:timers/promises";

/**
 * What `look` returns once it is not undefined, asking every 50 ms.
 * @throws after `limit` milliseconds, naming `what` was waited for. Default: 60 s, as other tests run beside.
 */
export async function waitFor<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  limit = 60_000,
): Promise<T> {
  const deadline = Date.now() + limit;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(50);
  }
  throw new Error(`waited ${limit / 1000} s for ${what} in vain`);
}
