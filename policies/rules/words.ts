import { type Rule, severityIn } from "./rule";

/** What a rule looks at, in words. */
export const NEEDS: Readonly<Record<Rule["needs"], string>> = {
  declared: "what the program declares, before the target is read",
  effective: "what will be in force: what the target runs, overlaid by what the program declares",
  changes: "what would change",
};

/** `mandatory`, or `mandatory in prod, else advisory`. */
export function severityText(rule: Rule): string {
  const [inProd, elsewhere] = [severityIn(rule, "prod"), severityIn(rule, "dev")];
  return inProd === elsewhere ? inProd : `${inProd} in prod, else ${elsewhere}`;
}
