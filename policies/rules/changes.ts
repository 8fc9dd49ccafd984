import { identitySchemas } from "../../infra/identity-config/identity-schema";
import { isAtLeast } from "../../infra/identity-config/kratos-version";
import { readAt } from "../../infra/identity-config/reading";
import { allOf, anyOf, type Condition, isExactly, isOn, not, violatedWhere } from "./condition";
import type { Review, Rule } from "./rule";

const SESSION = "/session/whoami/required_aal";
const SETTINGS = "/selfservice/flows/settings/required_aal";
const METHODS = "/selfservice/methods";
const MFA = `${METHODS}/code/mfa_enabled`;
const REPAIR = "delete it for those who have it (DELETE /admin/identities/<id>/credentials/<type>) before";

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

/** Whether a session is not enough without the second factor that somebody has, for one thing at least. */
const demandsHighest = (document: unknown): Condition =>
  anyOf(not(isExactly(document, SESSION, "aal1")), not(isExactly(document, SETTINGS, "aal1")));

const removeEnrolledMethod: Rule = {
  id: "remove-enrolled-method",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "a second factor that people have is not switched off while it is demanded",
  why: "kratos goes on demanding it of whoever has it, and shows a form without a field: they cannot sign in again",
  source:
    "ory/kratos v1.3.1 driver/registry_default.go, CountActiveMultiFactorCredentials of methods that are off; seen on 1.3.1 and 26.2.0",
  needs: "changes",
  check: ({ observed, effective }) =>
    ["totp", "lookup_secret", "webauthn"].flatMap((method) => {
      const path = `${METHODS}/${method}/enabled`;
      if (observed === undefined || !isOn(observed, path).holds) return [];
      // Keys made with passwordless on are a first factor.
      if (method === "webauthn" && isOn(observed, `${METHODS}/webauthn/config/passwordless`).holds) return [];
      return violatedWhere(allOf(not(isOn(effective, path)), demandsHighest(effective)), {
        path,
        message: `${method} is switched off: whoever has it and no other second factor can no longer finish signing in`,
        remedy: `leave it on, or ${REPAIR}, and consent to this step`,
      });
    }),
};

const mfaForcesEveryone: Rule = {
  id: "mfa-forces-everyone",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "codes as a second factor are not demanded of everybody by surprise",
  why: "nobody enrols in codes: with highest_available, which is also the default, everybody is asked for one at once, and sessions without one are no longer valid",
  source:
    "ory/kratos v1.3.1 selfservice/strategy/code/strategy.go, CountActiveMultiFactorCredentials; seen on 1.3.1 and 26.2.0",
  versions: "before 25.4 everybody, from 25.4 on whoever has an address that receives codes",
  needs: "changes",
  check(review) {
    const { observed, effective } = review;
    if (observed === undefined || forces(observed).holds || !reaches(review)) return [];
    const turnedOn = !isOn(observed, MFA).holds;
    const path = turnedOn
      ? MFA
      : readAt(observed, SESSION) === "aal1" && readAt(effective, SESSION) !== "aal1"
        ? SESSION
        : SETTINGS;
    const who = isAtLeast(review, "25.4.0") ? "whoever has an address that receives codes" : "everybody";
    return violatedWhere(forces(effective), {
      path,
      beside: [MFA, SESSION, SETTINGS].filter((one) => one !== path),
      message: `${who} is asked for a code from this change on, and sessions without one are no longer valid`,
      remedy: `announce it and consent to this step, or set ${SESSION} and ${SETTINGS} to "aal1" and have the application ask for the second factor`,
    });
  },
};

const forces = (document: unknown): Condition => allOf(isOn(document, MFA), demandsHighest(document));

/** From 25.4 on, only people with a trait that codes go to are asked. A schema that cannot be read may have one. */
function reaches(review: Review): boolean {
  if (!isAtLeast(review, "25.4.0")) return true;
  return identitySchemas(review.effective).some(
    ({ unreadable, extensions }) =>
      unreadable !== undefined ||
      extensions.some(({ extension }) => readAt(extension, "/credentials/code/identifier") === true),
  );
}

const mfaOffStrandsSessions: Rule = {
  id: "mfa-off-strands-sessions",
  severity: "advisory",
  title: "switching codes off as a second factor leaves no session behind",
  why: "sessions that wait for their code stay refused, with a form without a field, until their owner signs in afresh",
  source:
    "ory/kratos v1.3.1 session/manager_http.go, DoesSessionSatisfy, which trusts the stored level; seen on 1.3.1 and 26.2.0",
  needs: "changes",
  check: ({ observed, effective }) =>
    observed !== undefined && forces(observed).holds
      ? violatedWhere(allOf(not(isOn(effective, MFA)), demandsHighest(effective)), {
          path: MFA,
          message:
            "codes are no longer a second factor: sessions that wait for one stay refused until their owner signs in afresh",
          remedy: "have the application send people whose session is refused to a new sign-in",
        })
      : [],
};

export const changeRules: Rule[] = [
  weakeningChange,
  removeEnrolledMethod,
  mfaForcesEveryone,
  mfaOffStrandsSessions,
];
