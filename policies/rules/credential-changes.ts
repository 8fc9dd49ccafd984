import { readAt } from "../../infra/identity-config/reading";
import { allOf, isOn, not, violatedWhere } from "./condition";
import { codesAreSecondFactor, FLOWS, METHODS, recoveryIsOn } from "./factors";
import { stands } from "./hooks";
import type { Rule } from "./rule";

const REVOKE = "revoke_active_sessions";

const revokeOnReset: Rule = {
  id: "revoke-on-reset",
  severity: "info",
  severityInProd: "advisory",
  title: "a new password ends the sessions that somebody else may have",
  why: "whoever got in before stays signed in, although the owner has changed the password to get rid of them",
  source: "docs/kratos/hooks/01_configure-hooks.mdx of ory/docs; selfservice/hook/session_destroyer.go",
  needs: "effective",
  // Nobody is told of flows that the program leaves to others.
  check: ({ declared, effective }) => {
    const isDeclared = (...paths: string[]) => paths.some((path) => readAt(declared, path) !== undefined);
    const password = `${METHODS}/password`;
    const places = [
      {
        at: `${FLOWS}/recovery/after/hooks`,
        used: recoveryIsOn(effective),
        flow: "recovery",
        told: isDeclared(`${FLOWS}/recovery`),
      },
      {
        at: `${FLOWS}/settings/after/password/hooks`,
        used: isOn(effective, `${password}/enabled`, true),
        flow: "a change of the password",
        told: isDeclared(password, `${FLOWS}/settings`),
      },
    ].filter(({ told }) => told);
    return places.flatMap(({ at, used, flow }) =>
      violatedWhere(allOf(used, not(stands(effective, at, REVOKE))), {
        path: at,
        message: `${flow} leaves all other sessions as they are`,
        remedy: `add {hook: "${REVOKE}"} to ${at}`,
      }),
    );
  },
};

const verifyNewAddress: Rule = {
  id: "verify-new-address",
  severity: "info",
  severityInProd: "advisory",
  title: "an address that codes will go to is verified before it counts",
  why: "a mistyped address locks its owner out, and a thief's takes the second factor",
  source: "ory/kratos embedx/config.schema.json, selfServiceHookVerifyNewAddress, after v26.2.0",
  needs: "effective",
  check: ({ effective, target }) => {
    // No released Kratos has the hook.
    if (target !== "network") return [];
    const at = `${FLOWS}/settings/after/profile/hooks`;
    return violatedWhere(
      allOf(codesAreSecondFactor(effective), not(stands(effective, at, "verify_new_address"))),
      {
        path: at,
        message: "a changed address gets the second factor's codes at once, unverified",
        remedy: `add {hook: "verify_new_address"} to ${at}`,
      },
    );
  },
};

export const credentialChangeRules: Rule[] = [revokeOnReset, verifyNewAddress];
