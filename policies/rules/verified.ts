import { isAtLeast } from "../../infra/identity-config/kratos-version";
import { allOf, anyOf, type Condition, isOn, not, violatedWhere } from "./condition";
import { type FirstFactor, FLOWS, firstFactors, verificationIsOn } from "./factors";
import { runsAfter, stands } from "./hooks";
import type { Review, Rule } from "./rule";
import { defaultLacks, isVerified } from "./traits";

const HOOK = "require_verified_address";
const LOGIN = `${FLOWS}/login/after`;
const LEGACY = "/feature_flags/legacy_require_verified_login_error";

const needsSchema: Rule = {
  id: "require-verified-needs-schema",
  severity: "mandatory",
  title: "a verified address can be required only where one can be verified",
  why: "every sign-in that the hook runs after is a server error",
  source:
    "ory/kratos v1.3.1 selfservice/hook/address_verifier.go; v26.2.0 selfservice/hook/require_verified_address.go",
  needs: "effective",
  check: (review) => {
    const { effective } = review;
    const requires = isRequired(review);
    return violatedWhere(allOf(requires, defaultLacks(effective, isVerified())), {
      path: requires.path,
      message: `${HOOK} runs, but no trait of the default schema is verified`,
      remedy: `mark an address with verification {via: "email"}, or remove the hook at ${requires.path}`,
    });
  },
};

const needsFlow: Rule = {
  id: "require-verified-needs-flow",
  severity: "advisory",
  title: "where a verified address is required, users can verify one",
  why: "whoever has not verified an address can never sign in again",
  source: "ory/kratos v1.3.1 selfservice/flow/verification/handler.go",
  needs: "effective",
  check: (review) => {
    const { effective } = review;
    const requires = isRequired(review);
    const path = `${FLOWS}/verification/enabled`;
    return violatedWhere(allOf(requires, not(verificationIsOn(effective))), {
      path,
      beside: [requires.path],
      message: `${HOOK} runs (${requires.path}), but verification is off`,
      remedy: `set ${path} to true, or remove the hook`,
    });
  },
};

const coverage: Rule = {
  id: "require-verified-coverage",
  severity: "advisory",
  title: "where a verified address is required, every way to sign in requires it",
  why: "whoever signs in the other way gets in without a verified address",
  source:
    "ory/kratos v1.3.1 selfservice/hook/address_verifier.go, which looks at passwords alone; ory/kratos v26.2.0 selfservice/hook/require_verified_address.go",
  needs: "effective",
  check: (review) => {
    const { effective } = review;
    const methods = ["password", "code", "oidc", "webauthn", "passkey"];
    const somewhere = anyOf(
      stands(effective, `${LOGIN}/hooks`, HOOK),
      ...methods.map((method) => stands(effective, `${LOGIN}/${method}/hooks`, HOOK)),
    );
    return firstFactors(effective).flatMap(({ method, on }) => {
      const looks = looksAt(review, method);
      const lacks = looks ? not(requiresAfter(effective, method)) : { holds: true, path: on.path };
      const path = `${LOGIN}/${method}/hooks`;
      return violatedWhere(allOf(on, somewhere, lacks), {
        path,
        beside: [somewhere.path],
        message: looks
          ? `${HOOK} does not run for ${method}`
          : `${HOOK} has no effect for ${method} before kratos 25.4, or with ${LEGACY}`,
        remedy: looks ? `add it to ${path}` : `run kratos 25.4 or newer, or turn ${method} off`,
      });
    });
  },
};

const requiresAfter = (document: unknown, method: string): Condition =>
  runsAfter(document, "login", method, HOOK);

/** Before 25.4, and with the flag that restores it, the hook looks at sign-ins by password alone. */
const looksAt = (review: Review, method: string): boolean =>
  method === "password" || (isAtLeast(review, "25.4.0") && isOn(review.effective, LEGACY).holds !== true);

/** Whether the hook looks at any sign-in. */
function isRequired(review: Review): Condition {
  const { effective } = review;
  const [first, ...others] = firstFactors(effective).filter(({ method }) => looksAt(review, method));
  const requires = ({ method, on }: FirstFactor) => allOf(requiresAfter(effective, method), on);
  return anyOf(requires(first!), ...others.map(requires));
}

export const verifiedRules: Rule[] = [needsSchema, needsFlow, coverage];
