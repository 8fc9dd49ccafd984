import { allOf, anyOf, type Condition, isOn, not } from "./condition";

/** Where methods stand. */
export const METHODS = "/selfservice/methods";

/** Where flows stand. */
export const FLOWS = "/selfservice/flows";

/** Whether codes are a second factor. */
export const codesAreSecondFactor = (document: unknown): Condition =>
  isOn(document, `${METHODS}/code/mfa_enabled`);

/** Whether codes are a first factor. */
export const codesAreFirstFactor = (document: unknown): Condition =>
  isOn(document, `${METHODS}/code/passwordless_enabled`);

/** Whether codes go to verifiable addresses of those who have no address for codes. */
export const fallsBack = (document: unknown): Condition =>
  isOn(document, `${METHODS}/code/config/missing_credential_fallback_enabled`);

/** Whether security keys are a second factor: those made with `passwordless` on are a first one. */
export const keysAreSecondFactor = (document: unknown): Condition =>
  allOf(
    isOn(document, `${METHODS}/webauthn/enabled`),
    not(isOn(document, `${METHODS}/webauthn/config/passwordless`)),
  );

/** Whether there is a second factor besides codes. */
export const hasOtherSecondFactor = (document: unknown): Condition =>
  anyOf(
    isOn(document, `${METHODS}/totp/enabled`),
    isOn(document, `${METHODS}/lookup_secret/enabled`),
    keysAreSecondFactor(document),
  );

/** Whether there is any second factor. */
export const hasSecondFactor = (document: unknown): Condition =>
  anyOf(codesAreSecondFactor(document), hasOtherSecondFactor(document));

/** Whether accounts can be recovered. */
export const recoveryIsOn = (document: unknown): Condition => isOn(document, `${FLOWS}/recovery/enabled`);

/** Whether addresses are verified. */
export const verificationIsOn = (document: unknown): Condition =>
  isOn(document, `${FLOWS}/verification/enabled`);

/** A way to sign in. */
export interface FirstFactor {
  method: "password" | "code" | "oidc" | "webauthn" | "passkey";
  on: Condition;
}

/** The ways to sign in, and whether each is on. */
export const firstFactors = (document: unknown): FirstFactor[] => [
  { method: "password", on: isOn(document, `${METHODS}/password/enabled`, true) },
  { method: "code", on: codesAreFirstFactor(document) },
  { method: "oidc", on: isOn(document, `${METHODS}/oidc/enabled`) },
  {
    method: "webauthn",
    on: allOf(
      isOn(document, `${METHODS}/webauthn/enabled`),
      isOn(document, `${METHODS}/webauthn/config/passwordless`),
    ),
  },
  { method: "passkey", on: isOn(document, `${METHODS}/passkey/enabled`) },
];
