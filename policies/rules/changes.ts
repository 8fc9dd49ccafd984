import type { Rule } from "./rule";

const weakeningChange: Rule = {
  id: "weakening-change",
  severity: "mandatory",
  title: "prod is not weakened without consent",
  why: "what protects the accounts of real people is less than before, and nobody may have meant it",
  source: "the effects of changes, infra/identity-config/effects",
  needs: "changes",
  check: ({ changes = [], environment }) =>
    changes
      .filter(({ effect }) => environment === "prod" && effect === "weakening")
      .map(({ path, reason }) => ({
        path,
        message: `prod would be weakened: ${reason}`,
        remedy: "leave it as it is, or consent to this step",
      })),
};

export const changeRules: Rule[] = [weakeningChange];
