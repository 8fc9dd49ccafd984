import { aalRules } from "./aal";
import { addressRules } from "./addresses";
import { changeRules } from "./changes";
import { codeRules } from "./code";
import { findingsOf } from "./consent";
import { courierRules } from "./courier";
import { credentialChangeRules } from "./credential-changes";
import { emailRules } from "./email";
import { firstFactorRules } from "./first-factors";
import { hookRules } from "./hooks";
import { identitySchemaRules } from "./identity-schema";
import { jsonnetRules } from "./jsonnet";
import { keyRules } from "./keys";
import { limitRules } from "./limits";
import { networkRules } from "./network";
import { passwordlessRules } from "./passwordless";
import { promotionRules } from "./promotion";
import { recoveryRules } from "./recovery";
import { requestRules } from "./requests";
import { restartRules } from "./restart";
import { configOf, type Finding, type Review, type Rule } from "./rule";
import { schemaChangeRules } from "./schema-changes";
import { schemaRules } from "./schemas";
import { secondFactorRules } from "./second-factors";
import { secretRules } from "./secrets";
import { stageRules } from "./stages";
import { verifiedRules } from "./verified";

/** Every rule, by area. A new rule goes into the array of its area's file. */
export const rules: readonly Rule[] = [
  ...codeRules,
  ...aalRules,
  ...schemaRules,
  ...courierRules,
  ...jsonnetRules,
  ...hookRules,
  ...addressRules,
  ...recoveryRules,
  ...passwordlessRules,
  ...secondFactorRules,
  ...requestRules,
  ...emailRules,
  ...verifiedRules,
  ...firstFactorRules,
  ...credentialChangeRules,
  ...limitRules,
  ...changeRules,
  ...restartRules,
  ...schemaChangeRules,
  ...stageRules,
  ...promotionRules,
  ...keyRules,
  ...identitySchemaRules,
  ...secretRules,
  ...networkRules,
];

/**
 * What the rules find, ordered by path, then rule.
 * @param needs Default: every rule, on what will be in force. `effective`, `changes`: only those that need it.
 * `declared`: those that need no more than the declaration, on the declaration alone; for before the target is read.
 */
export function findings(review: Review, needs?: Rule["needs"]): Finding[] {
  const reviewed = needs === "declared" ? { ...review, effective: review.declared } : review;
  return rules
    .filter((rule) => needs === undefined || rule.needs === needs)
    .flatMap((rule) => findingsOf(rule, reviewed, configOf(rule, review.rules?.[rule.id])))
    .sort((a, b) => compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.message, b.message));
}

/** By code unit, so that the order does not depend on the machine's locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
