import { allOf, anyOf, type Condition, isExactly, isOn, not, violatedWhere } from "./condition";
import {
  codesAreFirstFactor,
  codesAreSecondFactor,
  FLOWS,
  fallsBack,
  hasSecondFactor,
  keysAreSecondFactor,
  METHODS,
} from "./factors";
import type { Rule } from "./rule";
import { receivesCodes, someTrait } from "./traits";

const SESSION = "/session/whoami/required_aal";
const SETTINGS = `${FLOWS}/settings/required_aal`;

const notEnforced: Rule = {
  id: "whoami-aal1-with-mfa",
  severity: "info",
  severityInProd: "advisory",
  title: "a second factor is asked for by kratos, or by every application",
  why: "a session with the password alone is as good as any: an application that does not check lets it in",
  source: "ory/kratos v1.3.1 session/handler.go, whoami; ory/kratos#3062",
  needs: "effective",
  check: ({ effective }) => {
    const factor = hasSecondFactor(effective);
    return violatedWhere(allOf(isExactly(effective, SESSION, "aal1"), factor), {
      path: SESSION,
      message: `required_aal is "aal1" while a second factor is on (${factor.path}), so kratos never asks for it`,
      remedy: `set ${SESSION} to "highest_available", or have each application check authenticator_assurance_level`,
    });
  },
};

const nothingToDemand: Rule = {
  id: "highest-needs-second-factor",
  severity: "info",
  severityInProd: "advisory",
  title: "where the highest assurance is demanded, there is a second factor",
  why: "the setting has no effect: everybody signs in with one factor",
  source: "ory/kratos v1.3.1 session/manager_http.go, DoesSessionSatisfy",
  needs: "effective",
  check: ({ effective }) =>
    [SESSION, SETTINGS]
      .slice(0, isExactly(effective, SESSION, "highest_available").holds === true ? 1 : 2)
      .flatMap((path) =>
        violatedWhere(
          allOf(
            isExactly(effective, path, "highest_available"),
            not(hasSecondFactor(effective)),
            // These are told apart by a rule of their own.
            not(
              allOf(
                isOn(effective, `${METHODS}/webauthn/enabled`),
                isOn(effective, `${METHODS}/webauthn/config/passwordless`),
              ),
            ),
          ),
          {
            path,
            message: 'required_aal is "highest_available", but no second factor is on',
            remedy: `turn one on, such as ${METHODS}/totp/enabled`,
          },
        ),
      ),
};

const noLookup: Rule = {
  id: "lookup-fallback",
  severity: "info",
  severityInProd: "advisory",
  title: "who loses a device can still sign in",
  why: "whoever loses the phone or key is locked out, and only an administrator can help",
  source: "ory/kratos#2832, #2190; docs/kratos/mfa/10_lookup-secrets.mdx of ory/docs",
  needs: "effective",
  check: ({ effective }) => {
    const lookup = `${METHODS}/lookup_secret/enabled`;
    const device = hasDeviceFactor(effective);
    return violatedWhere(allOf(device, not(isOn(effective, lookup))), {
      path: lookup,
      message: `a second factor depends on a device (${device.path}), and lookup_secret is off`,
      remedy: `set ${lookup} to true`,
    });
  },
};

/** Whether a second factor is lost with a device: an app, a key, a phone. Codes by e-mail do without. */
const hasDeviceFactor = (document: unknown): Condition =>
  allOf(
    anyOf(
      isOn(document, `${METHODS}/totp/enabled`),
      keysAreSecondFactor(document),
      allOf(codesAreSecondFactor(document), someTrait(document, receivesCodes("sms"))),
    ),
    not(allOf(codesAreSecondFactor(document), someTrait(document, receivesCodes("email")))),
  );

const fallback: Rule = {
  id: "fallback-enabled",
  severity: "advisory",
  title: "codes go only to addresses that the schema names for them",
  why: "codes also go to addresses that nobody has verified: whoever mistyped an address is asked for a stranger's code",
  source: "ory/kratos v1.3.1 selfservice/strategy/code/strategy_mfa.go, findCredentialForIdentifier",
  needs: "effective",
  check: ({ effective }) => {
    const used = anyOf(codesAreSecondFactor(effective), codesAreFirstFactor(effective));
    const { path } = fallsBack(effective);
    return violatedWhere(allOf(fallsBack(effective), used), {
      path,
      message:
        "missing_credential_fallback_enabled is true: codes go to any verifiable address, verified or not",
      remedy: `mark the address with credentials.code in the schema, write the identities once, then set ${path} to false`,
    });
  },
};

export const secondFactorRules: Rule[] = [notEnforced, nothingToDemand, noLookup, fallback];
