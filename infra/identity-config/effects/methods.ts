import { isAtLeast } from "../kratos-version";
import { NEUTRAL, type Row } from "./effect";
import {
  address,
  depends,
  greatIsStrong,
  neutral,
  opens,
  protects,
  shortIsStrong,
  smallIsStrong,
  special,
} from "./kinds";

const METHODS = "/selfservice/methods";
const CODE = `${METHODS}/code`;
const PASSWORD = `${METHODS}/password`;

/** Submissions of one code that a Kratos before v25.4.0 allows, whatever is set. */
const MAX_SUBMISSIONS = greatest();

function greatest(): Row {
  const row = smallIsStrong(`${CODE}/config/max_submissions`, {
    byDefault: 5,
    weakens: "a code can be guessed at more often",
    hardens: "a code can be guessed at less often",
  });
  return special(row.path, (before, after, running) =>
    // Older ones ignore the key.
    isAtLeast(running, "25.4.0") ? row.judge(before, after, running) : NEUTRAL,
  );
}

const code: Row[] = [
  protects(`${CODE}/mfa_enabled`, {
    byDefault: false,
    weakens: "sessions without a code as second factor become valid",
    hardens: "a session needs a code as second factor",
  }),
  opens(`${CODE}/passwordless_enabled`, {
    byDefault: false,
    weakens: "whoever reads somebody's messages signs in as them, without a password",
    hardens: "reading somebody's messages no longer signs in as them",
  }),
  // What the method is for is said by the keys beside it, and by the flows that use it.
  ...neutral(`${CODE}/enabled`),
  shortIsStrong(`${CODE}/config/lifespan`, {
    byDefault: "1h",
    otherOnNetwork: true,
    weakens:
      "intercepted codes stay valid for longer: those of sign-in, second factor, recovery and verification",
    hardens:
      "intercepted codes are valid for less long: those of sign-in, second factor, recovery and verification",
  }),
  MAX_SUBMISSIONS,
  opens(`${CODE}/config/missing_credential_fallback_enabled`, {
    byDefault: false,
    weakens: "codes are sent to addresses that were never verified",
    hardens: "codes are only sent to addresses that the identity schema marks for them",
  }),
];

const password: Row[] = [
  opens(`${PASSWORD}/enabled`, {
    byDefault: true,
    weakens: "a password signs in, and can be guessed or stolen",
    hardens: "a password no longer signs in",
  }),
  greatIsStrong(`${PASSWORD}/config/min_password_length`, {
    byDefault: 8,
    weakens: "new passwords may be shorter",
    hardens: "new passwords must be longer",
  }),
  protects(`${PASSWORD}/config/haveibeenpwned_enabled`, {
    byDefault: true,
    weakens: "new passwords may be known from breaches",
    hardens: "new passwords are looked up in known breaches",
  }),
  smallIsStrong(`${PASSWORD}/config/max_breaches`, {
    byDefault: 0,
    weakens: "new passwords may be known from more breaches",
    hardens: "new passwords may be known from fewer breaches",
  }),
  opens(`${PASSWORD}/config/ignore_network_errors`, {
    byDefault: true,
    weakens: "new passwords pass while the list of breaches cannot be reached",
    hardens: "new passwords are refused while the list of breaches cannot be reached",
  }),
  protects(`${PASSWORD}/config/identifier_similarity_check_enabled`, {
    byDefault: true,
    weakens: "new passwords may resemble the address or name that signs in",
    hardens: "new passwords must not resemble the address or name that signs in",
  }),
  ...depends(
    "who answers decides which passwords are known from breaches",
    `${PASSWORD}/config/haveibeenpwned_host`,
  ),
  opens(`${PASSWORD}/config/migrate_hook/enabled`, {
    byDefault: false,
    weakens: "another server decides whether passwords of imported identities are right",
    hardens: "no other server decides whether passwords are right",
  }),
  address(`${PASSWORD}/config/migrate_hook/config/url`, "passwords are sent to"),
  ...depends("it decides which passwords are right", `${PASSWORD}/config/migrate_hook/config/body`),
  ...neutral(
    ...["method", "headers/**", "auth/**", "emit_analytics_event"].map(
      (key) => `${PASSWORD}/config/migrate_hook/config/${key}`,
    ),
  ),
];

const secondFactors: Row[] = [
  protects(`${METHODS}/totp/enabled`, {
    byDefault: false,
    weakens: "accounts can no longer be protected by an authenticator app",
    hardens: "accounts can be protected by an authenticator app",
  }),
  protects(`${METHODS}/lookup_secret/enabled`, {
    byDefault: false,
    weakens: "accounts can no longer be protected by recovery codes",
    hardens: "accounts can be protected by recovery codes",
  }),
  protects(`${METHODS}/webauthn/enabled`, {
    byDefault: false,
    weakens: "accounts can no longer be protected by a security key",
    hardens: "accounts can be protected by a security key",
  }),
  opens(`${METHODS}/webauthn/config/passwordless`, {
    byDefault: false,
    weakens: "new security keys are a first factor, and no second one beside a password",
    hardens: "new security keys are a second factor beside a password",
  }),
  ...neutral(`${METHODS}/totp/config/issuer`),
];

const KEYS = "which sites keys are good for";
const others: Row[] = [
  // A passkey cannot be phished; it stands beside the other ways to sign in.
  ...neutral(`${METHODS}/passkey/enabled`),
  ...["webauthn", "passkey"].flatMap((method) => [
    ...depends(
      `it decides ${KEYS}`,
      ...["rp/id", "rp/origin", "rp/origins"].map((key) => `${METHODS}/${method}/config/${key}`),
    ),
    ...neutral(...["rp/display_name", "rp/icon"].map((key) => `${METHODS}/${method}/config/${key}`)),
  ]),
  opens(`${METHODS}/link/enabled`, {
    byDefault: false,
    weakens: "a link in a message is enough where links are used",
    hardens: "no link in a message is enough",
  }),
  shortIsStrong(`${METHODS}/link/config/lifespan`, {
    byDefault: "1h",
    otherOnNetwork: true,
    weakens: "intercepted links of recovery and verification stay valid for longer",
    hardens: "intercepted links of recovery and verification are valid for less long",
  }),
  address(`${METHODS}/link/config/base_url`, "links lead to"),
  opens(`${METHODS}/profile/enabled`, {
    byDefault: true,
    weakens: "people change their own traits, addresses that codes go to among them",
    hardens: "people no longer change their own traits",
  }),
];

/** Keys below `selfservice.methods`, but for social sign-in. */
export const methodRows: Row[] = [...code, ...password, ...secondFactors, ...others];
