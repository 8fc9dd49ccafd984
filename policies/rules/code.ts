import { isAtLeast } from "../../infra/identity-config/kratos-version";
import { allOf, isOn, not, violatedWhere } from "./condition";
import type { Rule } from "./rule";
import { defaultLacks, receivesCodes } from "./traits";

const CODE = "/selfservice/methods/code";
const MFA = `${CODE}/mfa_enabled`;
const FALLBACK = `${CODE}/config/missing_credential_fallback_enabled`;

const mfaXorPasswordless: Rule = {
  id: "code-mfa-xor-passwordless",
  severity: "mandatory",
  title: "codes are a first factor or a second one, never both",
  why: "kratos refuses the config: it does not start, or keeps running on the old one",
  source: "ory/kratos v1.3.1 embedx/config.schema.json, selfservice.methods.code (anyOf); since v1.1.0",
  needs: "declared",
  check: ({ effective }) =>
    violatedWhere(allOf(isOn(effective, MFA), isOn(effective, `${CODE}/passwordless_enabled`)), {
      path: MFA,
      beside: [`${CODE}/passwordless_enabled`],
      message: "mfa_enabled and passwordless_enabled are both true",
      remedy: `set ${CODE}/passwordless_enabled to false to keep codes as a second factor, or ${MFA} to sign in with them`,
    }),
};

const mfaNeedsEnabled: Rule = {
  id: "mfa-needs-code-enabled",
  severity: "mandatory",
  title: "codes as a second factor need the code method",
  why: "everyone is asked for a second factor and gets a form without a field: nobody can finish signing in",
  source:
    "ory/kratos v1.3.1 driver/config/config.go, SelfServiceStrategy; mfa_enabled does not turn the method on",
  needs: "declared",
  check: ({ effective }) =>
    violatedWhere(allOf(isOn(effective, MFA), not(isOn(effective, `${CODE}/enabled`, true))), {
      path: `${CODE}/enabled`,
      beside: [MFA],
      message: "mfa_enabled is true, but the code method is off (enabled is false)",
      remedy: `set ${CODE}/enabled to true, or ${MFA} to false`,
    }),
};

const mfaNeedsIdentifier: Rule = {
  id: "mfa-needs-code-identifier",
  severity: "mandatory",
  title: "codes as a second factor need an address to go to",
  why: "before kratos 25.4 everyone is asked for a code that cannot be sent; from 25.4 on nobody is ever asked for one",
  source:
    "ory/kratos selfservice/strategy/code/strategy.go, CountActiveMultiFactorCredentials; strategy_mfa.go",
  needs: "effective",
  check: (review) =>
    violatedWhere(
      allOf(
        isOn(review.effective, MFA),
        not(isOn(review.effective, FALLBACK)),
        defaultLacks(review.effective, receivesCodes()),
      ),
      {
        path: MFA,
        message: isAtLeast(review, "25.4.0")
          ? "mfa_enabled is true, but no trait of the default schema receives codes: no second factor is ever asked for"
          : "mfa_enabled is true, but no trait of the default schema receives codes: nobody can finish signing in",
        remedy: `mark a trait of the default schema with credentials.code {identifier: true, via: "email"}, or set ${FALLBACK} to true`,
      },
    ),
};

export const codeRules: Rule[] = [mfaXorPasswordless, mfaNeedsEnabled, mfaNeedsIdentifier];
