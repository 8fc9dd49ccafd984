import { type Acknowledgement, isAbout, isExpired } from "../../infra/identity-config/acknowledgement";
import { type Step, shownAt } from "../../infra/identity-config/change-set";
import { valueAt } from "../../infra/identity-config/leaves";
import { PROMOTION } from "../../infra/identity-config/promotion/gate";
import { type Finding, isWaivable, type Review, type Rule, type RuleConfig } from "./rule";

/** The step that `finding` is about: the change at its path, else what stands there before and after. */
export function stepOf({ path }: Pick<Finding, "path">, review: Review): Step {
  if (path === PROMOTION) return { path, before: review.promotion?.applied, after: review.promotion?.digest };
  const change = review.changes?.find((one) => one.path === path);
  if (change !== undefined) return change;
  const [before, after] = [review.observed, review.effective].map((one) => shownAt(path, valueAt(one, path)));
  return { path, before, after };
}

/** The entry that consents to `finding` and holds today; undefined where there is none. */
export function consentTo(finding: Finding, review: Review): Acknowledgement | undefined {
  return entriesFor(finding, review).find(
    (entry) => review.today !== undefined && !isExpired(entry, review.today),
  );
}

/** The entries that consent to `finding`, expired ones among them. */
export function entriesFor(finding: Finding, review: Review): Acknowledgement[] {
  const { acknowledge = [] } = review;
  if (acknowledge.length === 0) return [];
  const step = stepOf(finding, review);
  return acknowledge.filter((entry) => entry.rule === finding.rule && isAbout(entry, step));
}

/** What `rule` finds in `review`, and to what of it the user consents. */
export function findingsOf(rule: Rule, review: Review, config: RuleConfig): Finding[] {
  return rule.check(review, config).map((violation) => {
    const finding = { rule: rule.id, ...violation };
    const waived = isWaivable(rule) ? consentTo(finding, review) : undefined;
    return waived === undefined ? finding : { ...finding, waived };
  });
}
