import type { Document, Json } from "../../infra/identity-config/model";
import { copy, put, valueAt } from "./document";

const METHODS = ["code", "oidc", "passkey", "password", "saml", "webauthn"];
const SECOND_FACTORS = ["lookup_secret", "totp"];

/** Which methods have hooks of their own after a flow. */
const METHODS_AFTER: Record<string, readonly string[]> = {
  login: [...METHODS, ...SECOND_FACTORS],
  registration: METHODS,
  settings: [...METHODS.filter((method) => method !== "code"), ...SECOND_FACTORS, "profile"],
  recovery: [],
  verification: [],
};

const TEMPLATES: Record<string, readonly string[]> = {
  "login_code/valid": ["email", "sms"],
  "recovery/invalid": ["email"],
  "recovery/valid": ["email"],
  "recovery_code/invalid": ["email"],
  "recovery_code/valid": ["email"],
  "registration_code/valid": ["email", "sms"],
  "verification/invalid": ["email"],
  "verification/valid": ["email"],
  "verification_code/invalid": ["email"],
  "verification_code/valid": ["email", "sms"],
};

const EMPTIES: readonly [pointer: string, value: Json][] = [
  ["/courier/smtp/headers", {}],
  ["/selfservice/methods/b2b/config/organizations", []],
  ["/selfservice/methods/lookup_secret", {}],
  ["/selfservice/methods/oidc/config/providers", []],
  ["/selfservice/methods/password/config", {}],
  ["/selfservice/methods/profile", {}],
  ["/session/whoami/tokenizer/templates", {}],
  ...Object.entries(METHODS_AFTER).flatMap(([flow, methods]): [string, Json][] => [
    [`/selfservice/flows/${flow}/before/hooks`, []],
    [`/selfservice/flows/${flow}/after/hooks`, []],
    ...methods.map((method): [string, Json] => [`/selfservice/flows/${flow}/after/${method}/hooks`, []]),
  ]),
  ...Object.entries(TEMPLATES).flatMap(([template, channels]) =>
    channels.map((channel): [string, Json] => [`/courier/templates/${template}/${channel}/body`, {}]),
  ),
];

/** `config` with what an exported config of Ory Network shows of things that nobody has set. */
export function withEmpties(config: Document): Document {
  const result = copy(config);
  for (const [pointer, value] of EMPTIES) {
    if (valueAt(result, pointer) === undefined) put(result, pointer, copy(value));
  }
  return result;
}
