import { setTimeout as delay } from "node:timers/promises";

/**
 * What `look` returns once it is not undefined, asking every 50 ms.
 * @throws after 10 s, naming `what` was waited for.
 */
export async function waitFor<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(50);
  }
  throw new Error(`waited 10 s for ${what} in vain`);
}
