import { isAtLeast } from "../../infra/identity-config/kratos-version";
import { allOf, anyOf, isExactly, isOn, not, violatedWhere } from "./condition";
import {
  codesAreFirstFactor,
  FLOWS,
  fallsBack,
  hasOtherSecondFactor,
  hasSecondFactor,
  METHODS,
} from "./factors";
import type { Rule } from "./rule";
import { defaultHas, defaultLacks, receivesCodes } from "./traits";

const CODE = `${METHODS}/code/passwordless_enabled`;

const needsIdentifier: Rule = {
  id: "passwordless-needs-identifier",
  severity: "mandatory",
  title: "signing in with codes needs an address to send them to",
  why: "nobody can sign up or sign in with a code",
  source: "ory/kratos v1.3.1 selfservice/strategy/code/strategy_login.go, strategy_registration.go",
  needs: "effective",
  check: ({ effective }) =>
    violatedWhere(
      allOf(
        codesAreFirstFactor(effective),
        not(fallsBack(effective)),
        defaultLacks(effective, receivesCodes()),
      ),
      {
        path: CODE,
        message: "passwordless_enabled is true, but no trait of the default schema receives codes",
        remedy: `mark a trait of the default schema with credentials.code {identifier: true, via: "email"}, or set ${CODE} to false`,
      },
    ),
};

const smsVersion: Rule = {
  id: "passwordless-sms-version",
  severity: "mandatory",
  title: "signing up with a code by SMS needs kratos 25.4",
  why: "whoever signs up with a phone number gets a server error",
  source: "ory/kratos#4243, #4104; ory/kratos v1.3.1 courier/sms_templates.go",
  versions: "before 25.4.0",
  needs: "effective",
  check: (review) => {
    if (isAtLeast(review, "25.4.0")) return [];
    const { effective } = review;
    return violatedWhere(
      allOf(
        codesAreFirstFactor(effective),
        isOn(effective, `${FLOWS}/registration/enabled`, true),
        defaultHas(effective, receivesCodes("sms")),
      ),
      {
        path: CODE,
        message:
          'a trait of the default schema receives codes via "sms", which this kratos cannot sign up with',
        remedy: `run kratos 25.4 or newer, let codes go by e-mail only, or set ${CODE} to false`,
      },
    );
  },
};

const minVersion: Rule = {
  id: "passwordless-min-version",
  severity: "mandatory",
  title: "codes as a first factor beside a second one need kratos 1.3",
  why: "whoever signs in with a code is not asked for the second factor",
  source: "GHSA-wc43-73w7-x2f5, fixed in ory/kratos v1.3.0",
  versions: "before 1.3.0",
  needs: "effective",
  check: (review) => {
    if (review.kratosVersion === undefined || isAtLeast(review, "1.3.0")) return [];
    const { effective } = review;
    return violatedWhere(allOf(codesAreFirstFactor(effective), hasOtherSecondFactor(effective)), {
      path: CODE,
      message: `passwordless_enabled is true beside a second factor, which kratos ${review.kratosVersion} lets one skip`,
      remedy: `run kratos 1.3.0 or newer, or set ${CODE} to false`,
    });
  },
};

const WEBAUTHN = `${METHODS}/webauthn/config/passwordless`;

const keysAreFirstFactor: Rule = {
  id: "webauthn-passwordless-not-2fa",
  severity: "advisory",
  title: "security keys for signing in are not a second factor",
  why: "nobody is asked for a second factor: keys that are made with passwordless on are a first one",
  source: "ory/kratos#2978; ory/kratos v1.3.1 selfservice/strategy/webauthn/strategy.go",
  needs: "effective",
  check: ({ effective }) =>
    violatedWhere(
      allOf(
        isOn(effective, `${METHODS}/webauthn/enabled`),
        isOn(effective, WEBAUTHN),
        anyOf(
          isExactly(effective, "/session/whoami/required_aal", "highest_available"),
          isExactly(effective, `${FLOWS}/settings/required_aal`, "highest_available"),
        ),
        not(hasSecondFactor(effective)),
      ),
      {
        path: WEBAUTHN,
        message:
          "highest_available is set, but the only other factor is a security key that signs in by itself",
        remedy: `set ${WEBAUTHN} to false to have keys as a second factor, or add one (${METHODS}/totp/enabled)`,
      },
    ),
};

export const passwordlessRules: Rule[] = [needsIdentifier, smsVersion, minVersion, keysAreFirstFactor];
