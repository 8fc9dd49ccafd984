import { journeyText, nameOf } from "../../infra/identity-config/journeys/words";
import type { Impact } from "../../infra/impact/impact";
import { expectedRevision, type Reviewed } from "./reviewed";

/** Of the shape below; another one means another number. */
const VERSION = 1;

/** For machines: `docs/review-a-change.md` describes it. */
export function asJson(plans: readonly Reviewed[], impact: Impact | undefined): string {
  const expected = expectedRevision(plans);
  const told = {
    version: VERSION,
    verdict: plans[0]?.verdict,
    changes: plans.reduce((sum, { changes }) => sum + changes.length, 0),
    ...(expected !== undefined && { expectedRevision: expected }),
    plans: plans.map(({ journeys, brief: _brief, changes, ...plan }) => ({
      ...plan,
      changes: changes.map(({ risk: _, ...change }) => change),
      journeys: journeys.map(({ who, before, after }) => ({
        journey: nameOf(after),
        who,
        before: journeyText(before),
        after: journeyText(after),
      })),
    })),
    ...(impact && { impact }),
  };
  return `${JSON.stringify(told, undefined, 2).replace(UNSEEN, escaped)}\n`;
}

/** What JSON allows as it is, and terminals obey or nobody sees. */
const UNSEEN = /(?!\n)\p{Cc}|\p{Cf}|\u2028|\u2029/gu;

const escaped = (character: string): string =>
  [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
