import { type JourneyChange, told } from "./compare";
import type { Journey } from "./journey";

/**
 * The changes that say the rest: a change that only concerns what the settings list is left out, and so is what follows
 * from how the same people sign in, unless it ends where signing in does not.
 */
export function inBrief(changes: readonly JourneyChange[]): JourneyChange[] {
  const signIns = changes.filter(({ after }) => after.journey === "sign-in");
  const follows = (change: JourneyChange, who: string): boolean =>
    signIns.some(
      (signIn) => signIn.who.includes(who) && (isOpen(signIn.after) ? isOpen(change.after) : true),
    );
  return changes
    .filter(({ before, after }) => told(withoutPage(before)) !== told(withoutPage(after)))
    .map((change) =>
      ["sign-in", "sign-up"].includes(change.after.journey)
        ? change
        : { ...change, who: change.who.filter((who) => !follows(change, who)) },
    )
    .filter(({ who }) => who.length > 0);
}

const withoutPage = ({ journey, from, paths }: Journey): Journey => ({
  journey,
  ...(from && { from }),
  paths,
});

const isOpen = ({ paths }: Journey): boolean => paths.some(({ end }) => "reached" in end);
