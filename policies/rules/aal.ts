import { isUnknown } from "../../infra/identity-config/model";
import { readAt, shown } from "../../infra/identity-config/reading";
import { allOf, type Condition, isExactly, not, undecided, violatedWhere } from "./condition";
import { hasSecondFactor } from "./factors";
import type { Rule, Violation } from "./rule";

const SESSION = "/session/whoami/required_aal";
const SETTINGS = "/selfservice/flows/settings/required_aal";

const requiredAalEnum: Rule = {
  id: "required-aal-enum",
  severity: "mandatory",
  title: "required_aal is aal1 or highest_available",
  why: "kratos refuses the config: it does not start, or keeps running on the old one",
  source:
    "ory/kratos v1.3.1 embedx/config.schema.json, featureRequiredAal; the same in every version since v1.1",
  needs: "declared",
  check: ({ effective }) =>
    [SESSION, SETTINGS].flatMap((path) => {
      const value = readAt(effective, path);
      if (isUnknown(value)) return [undecided(path)];
      if (value === undefined || value === "aal1" || value === "highest_available") return [];
      return [
        {
          path,
          message: `required_aal is ${shown(value)}, which kratos does not have`,
          remedy: `set ${path} to "highest_available" (whoever has a second factor must use it) or "aal1" (nobody must)`,
        },
      ];
    }),
};

const settingsAalBypass: Rule = {
  id: "settings-aal-bypass",
  severity: "mandatory",
  title: "where sessions need the second factor, settings ask for it too",
  why: "whoever has only the password replaces the address that codes go to, then receives the code: the second factor protects nothing",
  source: "ory/kratos v1.3.1 selfservice/flow/settings/handler.go, which checks settings.required_aal alone",
  needs: "effective",
  check: ({ effective }) => openSettings(effective, not(isExactly(effective, SESSION, "aal1"))),
};

const settingsAalOpen: Rule = {
  id: "settings-aal-open",
  severity: "advisory",
  title: "where an application asks for the second factor by itself, settings ask for it too",
  why: "whoever has only the password replaces the second factor before the application asks for it",
  source:
    "ory/kratos v1.3.1 selfservice/flow/settings/handler.go; Ory's own examples have both levels at aal1",
  needs: "effective",
  check: ({ effective }) => openSettings(effective, isExactly(effective, SESSION, "aal1")),
};

/** The violation where settings are content with one factor, there is a second one, and `more` holds. */
function openSettings(effective: unknown, more: Condition): Violation[] {
  const secondFactor = hasSecondFactor(effective);
  return violatedWhere(allOf(isExactly(effective, SETTINGS, "aal1"), secondFactor, more), {
    path: SETTINGS,
    message: `required_aal is "aal1" while a second factor is on (${secondFactor.path})`,
    remedy: `set ${SETTINGS} to "highest_available", or remove it, which means the same`,
  });
}

export const aalRules: Rule[] = [requiredAalEnum, settingsAalBypass, settingsAalOpen];
