import { UNKNOWN } from "../identity-config/model";
import { isAsProven, type PromotionReview, promotionReview } from "../identity-config/promotion/gate";
import { differenceLine, promotableOf } from "../identity-config/promotion/promotable";
import type { IdentityConfigInputs } from "./inputs";
import type { Past } from "./past";
import type { Properties } from "./wire";

/** Promotions that are remembered: what has once been proven may come back. */
const REMEMBERED = 50;

/** How what `inputs` declare compares with the stage before; undefined where no promotion is asked for. */
export function promotionOf(inputs: IdentityConfigInputs, past: Past): PromotionReview | undefined {
  const { promotion } = inputs;
  if (promotion === undefined) return undefined;
  const coming = promotableOf(inputs.config, inputs.assets);
  return promotionReview(promotion, coming, past.promotable?.digest, past.promoted ?? []);
}

/** What a preview tells of `promotion`, a line each. */
export function promotionLines(promotion: PromotionReview | undefined): string[] {
  if (promotion === undefined) return [];
  const { from, intended } = promotion;
  const proven = isAsProven(promotion) ? [`${from} has proven this config`] : [];
  const own = intended.map((one) => `differs from ${from} on purpose: ${differenceLine(one, from)}`);
  return [...proven, ...own];
}

/** What the state keeps for promotions: from here, and to here. */
export function promotionOutputs(
  inputs: IdentityConfigInputs,
  promotion: PromotionReview | undefined,
  { promoted = [] }: Past,
): Properties {
  const promotable = promotableOf(inputs.config, inputs.assets);
  const { digest } = promotable ?? {};
  const isNew = promotion !== undefined && isAsProven(promotion) && digest !== undefined;
  const all = isNew ? [...promoted.filter((one) => one !== digest), digest] : promoted;
  return {
    promotable: promotable ?? UNKNOWN,
    ...(all.length > 0 && { promoted: all.slice(-REMEMBERED) }),
  };
}
