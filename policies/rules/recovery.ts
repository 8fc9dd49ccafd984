import { isAtLeast } from "../../infra/identity-config/kratos-version";
import { isUnknown } from "../../infra/identity-config/model";
import { readAt, shown } from "../../infra/identity-config/reading";
import { allOf, anyOf, type Condition, isExactly, isOn, not, undecided, violatedWhere } from "./condition";
import {
  codesAreFirstFactor,
  codesAreSecondFactor,
  FLOWS,
  fallsBack,
  hasOtherSecondFactor,
  METHODS,
  recoveryIsOn,
  verificationIsOn,
} from "./factors";
import type { Rule, Violation } from "./rule";
import { isEach, isVerified, noTrait, receivesCodes, recovers, someTrait } from "./traits";

const recoveryMethod: Rule = {
  id: "recovery-method-enabled",
  severity: "mandatory",
  title: "the method that recovery uses is on",
  why: "every attempt to recover an account ends with an error before it begins",
  source: "ory/kratos v1.3.1 driver/registry_default_recovery.go, GetActiveRecoveryStrategy",
  needs: "effective",
  check: ({ effective }) => methodIsOff(effective, "recovery", recoveryIsOn(effective)),
};

const verificationMethod: Rule = {
  id: "verification-method-enabled",
  severity: "mandatory",
  title: "the method that verification uses is on",
  why: "every attempt to verify an address ends with an error, and sign-up with it",
  source: "ory/kratos v1.3.1 driver/registry_default_verify.go, GetActiveVerificationStrategy",
  needs: "effective",
  check: ({ effective }) => methodIsOff(effective, "verification", verificationIsOn(effective)),
};

function methodIsOff(document: unknown, flow: "recovery" | "verification", flowIsOn: Condition): Violation[] {
  const usePath = `${FLOWS}/${flow}/use`;
  const use = readAt(document, usePath) ?? "code";
  if (isUnknown(use)) return flowIsOn.holds === false ? [] : [undecided(usePath)];
  // Kratos refuses other methods by itself.
  if (use !== "code" && use !== "link") return [];
  const path = `${METHODS}/${use}/enabled`;
  // Codes as a first factor turn the method on, whatever `enabled` says.
  const isOff =
    use === "link"
      ? not(isOn(document, path))
      : not(anyOf(isOn(document, path, true), codesAreFirstFactor(document)));
  return violatedWhere(allOf(flowIsOn, isOff), {
    path,
    beside: [usePath],
    message: `${flow} uses ${shown(use)}, which is off`,
    remedy: `set ${path} to true, or ${usePath} to "${use === "link" ? "code" : "link"}"`,
  });
}

const recoveryTrait: Rule = {
  id: "recovery-needs-trait",
  severity: "mandatory",
  title: "recovery needs an address to recover through",
  why: "users read that a message was sent, none ever is, and nobody gets back into an account",
  source: "ory/kratos v1.3.1 identity/extension_recovery.go; selfservice/strategy/code/code_sender.go",
  needs: "effective",
  check: ({ effective }) =>
    violatedWhere(allOf(recoveryIsOn(effective), noTrait(effective, recovers())), {
      path: `${FLOWS}/recovery/enabled`,
      message: "recovery is on, but no trait of any schema is for recovery",
      remedy: `mark an address with recovery {via: "email"}, or set ${FLOWS}/recovery/enabled to false`,
    }),
};

const verificationTrait: Rule = {
  id: "verification-needs-trait",
  severity: "mandatory",
  title: "verification needs an address to verify",
  why: "users read that a message was sent, and none ever is",
  source: "ory/kratos v1.3.1 identity/extension_verification.go; selfservice/strategy/code/code_sender.go",
  needs: "effective",
  check: ({ effective }) =>
    violatedWhere(allOf(verificationIsOn(effective), noTrait(effective, isVerified())), {
      path: `${FLOWS}/verification/enabled`,
      message: "verification is on, but no trait of any schema is verified",
      remedy: `mark an address with verification {via: "email"}, or set ${FLOWS}/verification/enabled to false`,
    }),
};

const CHOOSE = "/feature_flags/choose_recovery_address";

const smsRecovery: Rule = {
  id: "sms-recovery-flag",
  severity: "mandatory",
  title: "recovery by SMS needs the screens that let one choose an address",
  why: "whoever recovers an account through a phone reads that a message was sent, and gets none",
  source: "ory/kratos v26.2.0 selfservice/flow/recovery/flow.go; embedx/config.schema.json, feature_flags",
  versions: "25.4.0 and newer; older ones refuse recovery by sms",
  needs: "effective",
  check: (review) => {
    // Older versions refuse such a schema.
    if (!isAtLeast(review, "25.4.0")) return [];
    const { effective } = review;
    const sms = someTrait(effective, recovers("sms"));
    return violatedWhere(allOf(recoveryIsOn(effective), not(isOn(effective, CHOOSE)), sms), {
      path: CHOOSE,
      message: "an address is for recovery by sms, but choose_recovery_address is not on",
      remedy: `set ${CHOOSE} to true`,
    });
  },
};

const MAILBOX =
  "whoever gets into the mailbox takes over the account: recovery and the second factor both go there";

const sameMailbox: Rule = {
  id: "same-mailbox-factor",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "the mailbox that recovers an account is not its only second factor",
  why: MAILBOX,
  source: "ory/kratos#4317; ory/kratos v1.3.1 selfservice/strategy/code/strategy_recovery.go",
  needs: "effective",
  check: ({ effective }) =>
    violatedWhere(allOf(sharesMailbox(effective), not(hasStrongerFactor(effective))), {
      path: `${METHODS}/code/mfa_enabled`,
      beside: [`${FLOWS}/recovery/enabled`],
      message: "codes to the address that recovers the account are the only second factor",
      remedy: `add another one (${METHODS}/totp/enabled, codes by sms), or take recovery or codes off the e-mail trait`,
    }),
};

const mailboxUndercuts: Rule = {
  id: "mailbox-undercuts-factors",
  severity: "info",
  severityInProd: "advisory",
  title: "the mailbox that recovers an account does not stand in for its stronger second factors",
  why: `${MAILBOX}, even where an authenticator app is enrolled, since the user may choose`,
  source: "ory/kratos#4317; ory/kratos v1.3.1 selfservice/strategy/code/strategy_recovery.go",
  needs: "effective",
  check: ({ effective }) =>
    violatedWhere(allOf(sharesMailbox(effective), hasStrongerFactor(effective)), {
      path: `${METHODS}/code/mfa_enabled`,
      beside: [`${FLOWS}/recovery/enabled`],
      message:
        "codes to the address that recovers the account are accepted in place of the other second factors",
      remedy:
        'take credentials.code off the e-mail trait, so that codes go by sms, or its recovery {via: "email"}',
    }),
};

/** Whether an e-mail address both recovers the account and receives the second factor. */
function sharesMailbox(document: unknown): Condition {
  const both = someTrait(document, isEach(recovers("email"), receivesCodes("email")));
  const byFallback = someTrait(document, isEach(recovers("email"), isVerified("email")));
  return allOf(
    codesAreSecondFactor(document),
    recoveryIsOn(document),
    // Settings that ask for one factor only are a fault of their own.
    not(isExactly(document, `${FLOWS}/settings/required_aal`, "aal1")),
    anyOf(both, allOf(fallsBack(document), byFallback)),
  );
}

const hasStrongerFactor = (document: unknown): Condition =>
  anyOf(hasOtherSecondFactor(document), someTrait(document, receivesCodes("sms")));

export const recoveryRules: Rule[] = [
  recoveryMethod,
  verificationMethod,
  recoveryTrait,
  verificationTrait,
  smsRecovery,
  sameMailbox,
  mailboxUndercuts,
];
