import { allOf, not, violatedWhere } from "./condition";
import { type FirstFactor, firstFactors, recoveryIsOn } from "./factors";
import type { Rule } from "./rule";

/** What people sign in with, in words. */
const WHAT: Record<FirstFactor["method"], string> = {
  password: "a password",
  code: "a code",
  oidc: "a social account",
  webauthn: "a security key",
  passkey: "a passkey",
};

const removeSignInMethod: Rule = {
  id: "remove-sign-in-method",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "what people sign in with is not switched off",
  why: "whoever has nothing else can no longer sign in, and nobody is asked to set up another way before",
  source:
    "ory/kratos v1.3.1 selfservice/flow/login/handler.go: strategies that are off offer nothing; seen on 1.3.1 and 26.2.0",
  needs: "changes",
  check: ({ observed, effective }) => {
    if (observed === undefined) return [];
    const isOnBefore = new Set(
      firstFactors(observed)
        .filter(({ on }) => on.holds === true)
        .map(({ method }) => method),
    );
    const after = firstFactors(effective);
    const recovers = allOf(recoveryIsOn(effective), after[0]!.on).holds === true;
    return after
      .filter(({ method }) => isOnBefore.has(method))
      .flatMap(({ method, on }) =>
        violatedWhere(not(on), {
          path: on.path,
          message: `nobody can sign in with ${WHAT[method]} any more: whoever has nothing else is locked out${
            recovers ? " until they recover the account and set a password" : ""
          }`,
          remedy:
            "leave it on until they have another way to sign in (`pulumi-ory impact` counts them), then consent to this step",
        }),
      );
  },
};

export const firstFactorRules: Rule[] = [removeSignInMethod];
