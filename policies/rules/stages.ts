import { type Change, changesBetween } from "../../infra/identity-config/change-set";
import { stepLine } from "../../infra/identity-config/describe";
import { leavesOf } from "../../infra/identity-config/leaves";
import { isUnknown } from "../../infra/identity-config/model";
import { undecided } from "./condition";
import type { Review, Rule, Violation } from "./rule";

/** What decides about signing in, and so is proven on the stage before. */
const DECISIVE = [
  /^\/selfservice\/methods\/[^/]+\/enabled$/,
  /^\/selfservice\/methods\/code\//,
  /^\/selfservice\/methods\/webauthn\/config\/passwordless$/,
  /\/required_aal$/,
  /^\/identity\/(default_schema_id|schemas\[[^\]]*\]\/url)$/,
];

/** What differs from the stage before, as changes from there to here. */
function differences(review: Review): Change[] {
  const { lower, effective } = review;
  return lower === undefined
    ? []
    : changesBetween(leavesOf(lower.effective), leavesOf(effective), [], review);
}

const weakerThanLowerEnv: Rule = {
  id: "weaker-than-lower-env",
  severity: "mandatory",
  title: "a stage protects accounts no less than the one before it",
  why: "what was proven there does not hold here, where more depends on it",
  source: "the effects of changes, infra/identity-config/effects",
  needs: "changes",
  check: (review) =>
    differences(review)
      .filter(({ effect, after }) => effect === "weakening" || isUnknown(after))
      .map(({ path, reason, ...values }): Violation => {
        if (isUnknown(values.after)) return undecided(path);
        return {
          path,
          message: `weaker than in ${review.lower!.name}: ${reason} (${stepLine({ path, ...values }).slice(path.length + 2)})`,
          remedy: `set it as in ${review.lower!.name}, or change it there first`,
        };
      }),
};

const stackParity: Rule = {
  id: "stack-parity",
  severity: "advisory",
  title: "what decides about signing in is the same as on the stage before",
  why: "it was never tried there, so nobody knows whether people can sign in",
  source: "the order of promotion: what the stage before has proven",
  needs: "changes",
  check: (review) =>
    differences(review)
      // What is weaker, or not known yet, is told by the rule above.
      .filter(({ effect, after }) => effect !== "weakening" && !isUnknown(after))
      .filter(({ path }) => DECISIVE.some((one) => one.test(path)))
      .map(({ path, ...values }) => ({
        path,
        message: `other than in ${review.lower!.name}: ${stepLine({ path, ...values }).slice(path.length + 2)}`,
        remedy: `change it in ${review.lower!.name} first`,
      })),
};

export const stageRules: Rule[] = [weakerThanLowerEnv, stackParity];
