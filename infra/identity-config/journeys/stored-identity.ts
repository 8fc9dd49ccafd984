import { readAt } from "../reading";
import type { Address, Credential, UserKind } from "./user-kind";

/** The credentials whose config has to be asked for with `include_credential`. */
export const ASKED = ["code", "webauthn"] as const;

/**
 * What kind of user an identity is, as the Admin API shows it with the credentials of ASKED included. Takes no address,
 * name or id of theirs along.
 *
 * @param withPasswords `password` was included, too. Without, whoever has an identifier of a password counts as having
 *   one: Kratos lists the credential either way, and what tells them apart is the hash.
 */
export function kindOf(identity: unknown, withPasswords = false): UserKind {
  const has = (credential: string) => readAt(identity, `/credentials/${credential}`) !== undefined;
  const listed = (["oidc", "passkey", "totp", "lookup_secret"] as const).filter(has);
  const password = withPasswords
    ? ["hashed_password", "use_password_migration_hook"].some((key) =>
        readAt(identity, `/credentials/password/config/${key}`),
      )
    : has("password");
  const keys = list(identity, "/credentials/webauthn/config/credentials");
  const isFirst = (key: unknown) => readAt(key, "/is_passwordless") === true;
  const credentials: Credential[] = [
    ...(password ? (["password"] as const) : []),
    ...listed,
    ...(keys.some((key) => !isFirst(key)) ? (["webauthn"] as const) : []),
    ...(keys.some(isFirst) ? (["webauthn-passwordless"] as const) : []),
  ];
  const schema = readAt(identity, "/schema_id");
  return {
    credentials,
    addresses: addressesOf(identity),
    namedByEmail: ["password", "webauthn"].some((method) =>
      list(identity, `/credentials/${method}/identifiers`).some((name) => String(name).includes("@")),
    ),
    ...(typeof schema === "string" && { schema }),
  };
}

function addressesOf(identity: unknown): Address[] {
  const addresses = new Map<unknown, Address>();
  const at = (value: unknown, via: unknown): Address => {
    const found = addresses.get(value) ?? {
      via: via === "sms" ? "sms" : "email",
      code: false,
      recovery: false,
    };
    addresses.set(value, found);
    return found;
  };
  for (const one of list(identity, "/verifiable_addresses"))
    at(readAt(one, "/value"), readAt(one, "/via")).verified = readAt(one, "/verified") === true;
  for (const one of list(identity, "/recovery_addresses"))
    at(readAt(one, "/value"), readAt(one, "/via")).recovery = true;
  for (const one of list(identity, "/credentials/code/config/addresses"))
    at(readAt(one, "/address"), readAt(one, "/channel")).code = true;
  return [...addresses.values()];
}

function list(value: unknown, path: string): unknown[] {
  const found = readAt(value, path);
  return Array.isArray(found) ? found : [];
}
