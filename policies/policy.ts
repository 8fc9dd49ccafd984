import type { EnforcementLevel, ReportViolation, StackValidationPolicy } from "@pulumi/policy";
import { isBranch } from "../infra/identity-config/model";
import { withUnknowns } from "./engine-unknowns";
import { findingsOf } from "./rules/consent";
import { configOf, type Finding, type Review, type Rule, type Severity, severityIn } from "./rules/rule";

const TYPE = "ory:index:IdentityConfig";

/**
 * The policies that report `rule`. A policy has one level for all that it reports, fixed before it sees the stack; so
 * a rule that weighs more in prod is two policies, `<id>` and `<id>-in-prod`, each silent where the other one speaks.
 */
export function policiesOf(rule: Rule): StackValidationPolicy[] {
  const [inProd, elsewhere] = [levelOf(severityIn(rule, "prod")), levelOf(severityIn(rule, "dev"))];
  if (inProd === elsewhere) return [policy(rule.id, rule, inProd, () => true)];
  return [
    policy(rule.id, rule, elsewhere, ({ environment }) => environment !== "prod"),
    policy(`${rule.id}-in-prod`, rule, inProd, ({ environment }) => environment === "prod"),
  ];
}

const levelOf = (severity: Severity): EnforcementLevel => (severity === "info" ? "advisory" : severity);

/**
 * A stack policy sees outputs, and the output `review` is what the provider knows and the program does not: what will
 * be in force on the target. It is there in previews only.
 */
function policy(
  name: string,
  rule: Rule,
  enforcementLevel: EnforcementLevel,
  speaks: (review: Review) => boolean,
): StackValidationPolicy {
  return {
    name,
    description: `${rule.title}: ${rule.why}`,
    enforcementLevel,
    ...(rule.config && { configSchema: { properties: withoutDefaults(rule.config) } }),
    validateStack(stack, report) {
      for (const { type, props, urn } of stack.resources) {
        if (type !== TYPE) continue;
        // Nothing else of the resource is read: any other unknown output would turn a mandatory policy into advice.
        // A review that is unknown as a whole does so rightly, since then no rule can tell.
        const output: unknown = props.review;
        const review = withUnknowns(() => output);
        if (!isReview(review) || !speaks(review)) continue;
        const config = configOf(rule, review.rules?.[rule.id], stack.getConfig());
        reportTo(report, urn, findingsOf(rule, review, config));
      }
    },
  };
}

/** The engine would fill defaults in, and so hide what the stack's configuration sets. */
const withoutDefaults = (config: NonNullable<Rule["config"]>) =>
  Object.fromEntries(
    Object.entries(config).map(([name, { default: byDefault, description, ...schema }]) => [
      name,
      { ...schema, description: `${description}; default: ${byDefault}` },
    ]),
  );

function reportTo(report: ReportViolation, urn: string, findings: Finding[]): void {
  for (const { path, message, remedy, undecided, waived } of findings) {
    // A note would stop the deployment where the policy is mandatory; the provider warns of it.
    if (!undecided && waived === undefined) report(`${path}: ${message}; ${remedy}`, urn);
  }
}

/** False for the empty review of an update phase, and for none. */
function isReview(review: unknown): review is Review {
  return isBranch(review) && isBranch(review.effective);
}
