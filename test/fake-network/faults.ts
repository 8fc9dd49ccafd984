import type { JsonPatch } from "@ory/client";

/** Something that goes wrong with one call of the Console API. */
export type Fault =
  /** An error of a gateway or a limit. `effect`: the call took effect all the same. */
  | {
      kind: "status";
      status: 429 | 500 | 502 | 503 | 504;
      effect?: boolean;
      headers?: Record<string, string>;
    }
  /** The answer comes that much later. */
  | { kind: "slow"; ms: number }
  /** The connection ends: without an answer, or in the middle of one; after the call took effect, or without. */
  | { kind: "cut"; effect: boolean; answer: "none" | "half" }
  /** A GET answers what was there before the last write. */
  | { kind: "stale" }
  /** Somebody else writes just before the call is handled: on a PATCH, between our GET and our PATCH. */
  | { kind: "write"; patch: JsonPatch[] };

/** One call of the Console API, as a schedule sees it. */
export interface ScheduledCall {
  /** Counted from 1, from when the schedule was set. */
  number: number;
  method: string;
  path: string;
}

/** What goes wrong with a call; an empty list: nothing. */
export type FaultSchedule = (call: ScheduledCall) => readonly Fault[];

/**
 * Faults by the number of the call.
 *
 * @example
 * ```ts
 * network.setFaults(faultsByCall({ 2: [{ kind: "cut", effect: true, answer: "none" }] }));
 * ```
 */
export function faultsByCall(faults: Readonly<Record<number, readonly Fault[]>>): FaultSchedule {
  return ({ number }) => faults[number] ?? [];
}

/** How seeded faults are drawn. */
export interface SeededFaultsOptions {
  /** How many calls may go wrong before all go well, so that a client that tries again comes through. @default 12 */
  calls?: number;
  /** Which share of them goes wrong. @default 0.35 */
  share?: number;
  /** What may go wrong. @default all kinds */
  kinds?: readonly Fault["kind"][];
  /** What other writers write, by the number of the call. @default another address of the error page */
  otherWrite?: (call: number) => JsonPatch[];
  /** How late the late answers are, at most. @default 20 */
  slowMs?: number;
}

const KINDS: readonly Fault["kind"][] = ["status", "slow", "cut", "stale", "write"];

/** Faults that depend on nothing but the seed and the call's number: the same seed repeats the same run. */
export function seededFaults(
  seed: number,
  {
    calls = 12,
    share = 0.35,
    kinds = KINDS,
    otherWrite = otherErrorPage,
    slowMs = 20,
  }: SeededFaultsOptions = {},
): FaultSchedule {
  return ({ number }) => {
    const random = randomNumbers(seed * 7919 + number);
    if (number > calls || random() >= share) return [];
    const kind = kinds[Math.floor(random() * kinds.length)]!;
    switch (kind) {
      case "status": {
        const status = ([429, 500, 502, 503, 504] as const)[Math.floor(random() * 5)]!;
        return [{ kind, status, effect: status > 500 && random() < 0.5 }];
      }
      case "slow":
        return [{ kind, ms: Math.ceil(random() * slowMs) }];
      case "cut":
        return [{ kind, effect: random() < 0.5, answer: random() < 0.5 ? "none" : "half" }];
      case "stale":
        return [{ kind }];
      case "write":
        return [{ kind, patch: otherWrite(number) }];
    }
  };
}

function otherErrorPage(call: number): JsonPatch[] {
  const path = "/services/identity/config/selfservice/flows/error/ui_url";
  return [{ op: "replace", path, value: `https://other-writer.example/error-${call}` }];
}

/** Mulberry32: numbers from 0 to 1 that a seed determines. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
