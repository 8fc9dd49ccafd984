import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { backOff } from "exponential-backoff";
import type { Review } from "../../policies/rules/rule";
import { findingLine, judge } from "../../policies/rules/verdict";
import { stepLine } from "../identity-config/describe";
import { valueAt } from "../identity-config/leaves";
import { UserError } from "../identity-config/user-error";
import { type Applied, Overtaken, type Target, type Write } from "../targets/target";
import type { Shown } from "./approval";
import type { Context } from "./lifecycle";

/** What is about to be written, and what it was judged by. */
export interface Planned {
  target: Target;
  write: Write;
  review: Review;
  shown: Shown;
}

/** Writes that are overtaken by others, in a row, before it is given up. */
const ATTEMPTS = 6;
/** Pauses between them, in milliseconds: what is read right after a write may be what was before it. */
const PAUSES = { first: 250, longest: 8_000 } as const;

/**
 * Writes `first`. Where somebody else was faster, plans again, and goes on if what is to be written stays the same.
 * Throws UserError, with both sides, if it does not.
 */
export async function applied(
  first: Planned,
  plan: () => Promise<Planned>,
  { signal, log }: Pick<Context, "signal" | "log">,
): Promise<Applied> {
  let overtaken: Overtaken | undefined;
  const attempt = async (): Promise<Applied> => {
    signal.throwIfAborted();
    const current = overtaken === undefined ? first : await plan();
    if (overtaken !== undefined) {
      refuseOther(first, current, overtaken);
      const { plan, observed } = current.write;
      if (plan.changes.length === 0)
        return {
          revision: observed.revision,
          warnings: [`${overtaken.message}; reading shows that it is in force`],
        };
      await log(
        "info",
        `${overtaken.message}; what is written stays the same, so it is written against the new one`,
      );
    }
    return current.target.apply(current.write, signal);
  };
  return backOff(attempt, {
    // Its own pauses cannot be cancelled.
    startingDelay: 0,
    numOfAttempts: ATTEMPTS,
    retry: async (error, made) => {
      if (!(error instanceof Overtaken) || signal.aborted) return false;
      overtaken = error;
      const longest = Math.min(PAUSES.first * 2 ** (made - 1), PAUSES.longest);
      if (made < ATTEMPTS) await delay(longest * Math.random(), undefined, { signal });
      return true;
    },
  }).catch((error: Error) => {
    if (!(error instanceof Overtaken)) throw error;
    throw new UserError(
      `${error.message}; ${ATTEMPTS} times in a row somebody else was faster, or it is not known whether the write is in force; run \`pulumi up\` again`,
    );
  });
}

/** Others may write what is not ours; what this update writes, and what rules say of it, must be as it was. */
function refuseOther(first: Planned, current: Planned, overtaken: Overtaken): void {
  const same = (path: string): boolean =>
    (["before", "after"] as const).every((side) =>
      isDeepStrictEqual(valueAt(first.shown[side], path), valueAt(current.shown[side], path)),
    );
  const others = current.shown.changes.filter(({ path }) => !same(path));
  const told = new Set(findingsOf(first));
  const findings = findingsOf(current).filter((line) => !told.has(line));
  if (others.length === 0 && findings.length === 0) return;
  const lines = others.map((change) => {
    const planned = first.shown.changes.find(({ path }) => path === change.path);
    return `  now ${stepLine(change)} (was ${planned ? stepLine(planned) : "no change"})`;
  });
  throw new UserError(
    `${overtaken.message}: somebody else has changed what this update is about, so it stops here; run \`pulumi up\` again:\n${[...lines, ...findings.map((line) => `  ${line}`)].join("\n")}`,
  );
}

function findingsOf({ review, write }: Planned): string[] {
  const { refusals, warnings } = judge(review, write.secrets);
  return [...refusals, ...warnings].map(findingLine);
}
