import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import type { Environment } from "../../infra/identity-config/model";
import { policiesOf } from "../../policies/policy";
import type { Review, Rule } from "../../policies/rules/rule";
import { reviewOf } from "./review";

/** Tells what it was given. */
const rule: Rule = {
  id: "made-up",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "title",
  why: "why",
  source: "source",
  needs: "effective",
  config: {
    atMost: { type: "string", description: "longest lifespan", default: "15m" },
    others: { type: "integer", description: "how many", default: 1 },
  },
  check: (_review, config) => [{ path: "/a", message: JSON.stringify(config), remedy: "remedy" }],
};

/** What `policy` reports of a stack with one IdentityConfig. */
function reports(policy: StackValidationPolicy, review: Partial<Review>, config: object = {}): string[] {
  const found: string[] = [];
  const resource = { type: "ory:index:IdentityConfig", urn: "urn", props: { review: reviewOf({}, review) } };
  const stack = { resources: [resource], getConfig: () => config };
  void policy.validateStack(stack as unknown as StackValidationArgs, (message) => found.push(message));
  return found;
}

test("a rule that weighs more in prod is two policies, each with its level, of which one speaks", () => {
  const policies = policiesOf(rule);
  expect(policies.map(({ name, enforcementLevel }) => [name, enforcementLevel])).toEqual([
    ["made-up", "advisory"],
    ["made-up-in-prod", "mandatory"],
  ]);
  const speaking = (environment: Environment) =>
    policies.filter((policy) => reports(policy, { environment }).length > 0).map(({ name }) => name);
  expect([speaking("dev"), speaking("stage"), speaking("prod")]).toEqual([
    ["made-up"],
    ["made-up"],
    ["made-up-in-prod"],
  ]);
});

test("a rule of one level everywhere is one policy, and what is good to know is advice", () => {
  const same = { ...rule, severity: "info" as const, severityInProd: "advisory" as const };
  const policies = policiesOf(same);
  expect(policies.map(({ name, enforcementLevel }) => [name, enforcementLevel])).toEqual([
    ["made-up", "advisory"],
  ]);
  expect(reports(policies[0]!, { environment: "prod" })).toHaveLength(1);
});

test("what the pack is configured with wins over what the stack sets, which wins over the default", () => {
  const [policy] = policiesOf(rule);
  const told = (review: Partial<Review>, config?: object) =>
    JSON.parse(/\{.*\}/.exec(reports(policy!, review, config)[0]!)![0]);
  const rules = { "made-up": { atMost: "10m" } };
  expect(told({})).toEqual({ atMost: "15m", others: 1 });
  expect(told({ rules })).toEqual({ atMost: "10m", others: 1 });
  expect(told({ rules }, { atMost: "5m" })).toEqual({ atMost: "5m", others: 1 });
});

test("the engine is told of parameters without defaults, which it would fill in", () => {
  expect(policiesOf(rule).map(({ configSchema }) => configSchema?.properties)).toEqual(
    Array(2).fill({
      atMost: { type: "string", description: "longest lifespan; default: 15m" },
      others: { type: "integer", description: "how many; default: 1" },
    }),
  );
});
