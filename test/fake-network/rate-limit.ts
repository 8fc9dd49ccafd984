import type { Quirks } from "./quirks";

const SECOND = 1_000;
const MINUTE = 60_000;

/** What is left of the limits of a second and of a minute. Windows start with the first request in them. */
export class RateLimit {
  readonly #windows = new Map<number, { start: number; used: number }>();

  /** @param now The time in milliseconds. */
  constructor(private readonly now: () => number) {}

  /** Counts a request. Whether it is let through, and the headers that tell about the tightest limit. */
  take({ perSecond, perMinute }: Quirks["rateLimit"]): { allowed: boolean; headers: Record<string, string> } {
    const limits = [
      { limit: perSecond, length: SECOND },
      { limit: perMinute, length: MINUTE },
    ].flatMap(({ limit, length }) => (limit === undefined ? [] : [this.#count(limit, length)]));
    const tightest = limits.sort((a, b) => a.remaining - b.remaining)[0];
    if (!tightest) return { allowed: true, headers: {} };
    const { limit, remaining, reset } = tightest;
    return {
      allowed: remaining >= 0,
      headers: {
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": String(Math.max(remaining, 0)),
        "x-ratelimit-reset": String(reset),
      },
    };
  }

  #count(limit: number, length: number): { limit: number; remaining: number; reset: number } {
    const now = this.now();
    let window = this.#windows.get(length);
    if (!window || now >= window.start + length) {
      window = { start: now, used: 0 };
      this.#windows.set(length, window);
    }
    window.used += 1;
    // Whole seconds, rounded down: the limit of a second always says 0, as the real API does.
    const reset = Math.floor((window.start + length - now - 1) / SECOND);
    return { limit, remaining: limit - window.used, reset };
  }
}
