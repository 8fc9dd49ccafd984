import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Part } from "./part";

/** Arguments of AccountEnumeration. */
export interface AccountEnumerationArgs {
  /** Whether sign-in goes on alike for identifiers that somebody has and that nobody has. Kratos's default: false. */
  mitigate: Input<boolean>;
}

/**
 * Whether strangers can find out at sign-in who has an account. It matters where Login is `identifier_first` or codes
 * are the first factor. A sign-up with an address that is taken says so all the same (seen on v1.3.1 and v26.2.0), and
 * messages to unknown addresses are up to `notifyUnknownRecipients` of Recovery and Verification.
 * @example
 * ```ts
 * new AccountEnumeration("enumeration", { mitigate: true });
 * ```
 */
export class AccountEnumeration extends Part {
  constructor(name: string, { mitigate }: AccountEnumerationArgs, opts?: ComponentResourceOptions) {
    super("AccountEnumeration", name, { security: { account_enumeration: { mitigate } } }, opts);
  }
}
