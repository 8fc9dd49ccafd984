import { PolicyPack, type StackValidationPolicy } from "@pulumi/policy";
import { isBranch } from "../infra/identity-config/model";
import { withUnknowns } from "./engine-unknowns";
import { rules } from "./rules";
import type { Review, Rule } from "./rules/rule";

const TYPE = "ory:index:IdentityConfig";

/**
 * A stack policy sees outputs, and the output `review` is what the provider knows and the program does not: what will
 * be in force on the target. It is there in previews only.
 */
function policyOf(rule: Rule): StackValidationPolicy {
  return {
    name: rule.id,
    description: `${rule.title}: ${rule.why}`,
    enforcementLevel: rule.severity === "info" ? "advisory" : rule.severity,
    validateStack(stack, report) {
      for (const resource of stack.resources) {
        if (resource.type !== TYPE) continue;
        // Nothing else of the resource is read: any other unknown output would turn a mandatory policy into advice.
        // A review that is unknown as a whole does so rightly, since then no rule can tell.
        const output: unknown = resource.props.review;
        const review = withUnknowns(() => output);
        if (!isReview(review)) continue;
        for (const { path, message, remedy, undecided } of rule.check(review)) {
          // A policy has one level for all it reports, so a note would stop the deployment; the provider warns of it.
          if (undecided) continue;
          report(`${path}: ${message}; ${remedy}`, resource.urn);
        }
      }
    },
  };
}

/** False for the empty review of an update phase, and for none. */
function isReview(review: unknown): review is Review {
  return isBranch(review) && isBranch(review.effective);
}

new PolicyPack("ory", { policies: rules.map(policyOf) });
