import { randomBytes, randomInt } from "node:crypto";

/** What every e-mail address and user name of a throw-away identity starts with. */
export const ADDRESS_PREFIX = "pulumi-ory-proof-";

/**
 * What every phone number of a throw-away identity starts with: 201-555-0100 to 201-555-0199.
 *
 * The North American Numbering Plan reserves 555-0100 to 555-0199 for fiction, so nobody owns such a number. Kratos
 * 1.3.1 accepts them as E.164 numbers; it refuses the drama numbers of other countries, such as +44 7700 900000.
 */
export const PHONE_PREFIX = "+120155501";

/** A new user name. */
export function throwAwayName(): string {
  return ADDRESS_PREFIX + randomBytes(8).toString("hex");
}

/** A new e-mail address under example.com, which RFC 2606 reserves: no mail sent there reaches anybody. */
export function throwAwayEmail(): string {
  return `${throwAwayName()}@example.com`;
}

/** One of the hundred phone numbers, so two identities may meet on one. */
export function throwAwayPhone(): string {
  return PHONE_PREFIX + String(randomInt(100)).padStart(2, "0");
}
