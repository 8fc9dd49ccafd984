import { isUnknown } from "../../infra/identity-config/model";
import { isAsProven, PROMOTION, type PromotionReview } from "../../infra/identity-config/promotion/gate";
import { differenceLine } from "../../infra/identity-config/promotion/promotable";
import type { Rule, Violation } from "./rule";

/** More differences are counted only. */
const MOST = 20;

const unpromotedChange: Rule = {
  id: "unpromoted-change",
  severity: "mandatory",
  title: "a stage gets what the stage before it has proven",
  why: "nobody has ever signed in under this config, so nobody knows whether people can",
  source: "the output of a SignInProof on the stage that `promotion.from` names",
  needs: "changes",
  check: ({ promotion }) => (promotion === undefined ? [] : violations(promotion)),
};

function violations(promotion: PromotionReview): Violation[] {
  const { from, digest, applied, wasProven } = promotion;
  if (isUnknown(digest))
    return [
      {
        path: PROMOTION,
        message: `whether ${from} has proven this config cannot be told, as something in it is not known yet`,
        remedy: "the update tells, before it writes anything",
        undecided: true,
      },
    ];
  if (digest === applied || wasProven || isAsProven(promotion)) return [];
  return [{ path: PROMOTION, ...unproven(promotion) }];
}

function unproven({ from, isProven, hasMovedOn, differences }: PromotionReview) {
  if (!isProven)
    return {
      message: `${from} has proven nothing: it has no output of a SignInProof`,
      remedy: `have ${from} export the result of a SignInProof as \`proof\`, and run \`pulumi up\` there`,
    };
  const lines = differences.slice(0, MOST).map((difference) => differenceLine(difference, from));
  const more = differences.length > MOST ? `, and ${differences.length - MOST} more` : "";
  const since = hasMovedOn ? `; ${from} has moved on since the last promotion` : "";
  return {
    message: `${from} has proven another config: it differs at ${lines.join(", ")}${more}${since}`,
    remedy: `change it in ${from} first and promote that, name in promotion.keep what is meant to differ, or consent to this config`,
  };
}

export const promotionRules: Rule[] = [unpromotedChange];
