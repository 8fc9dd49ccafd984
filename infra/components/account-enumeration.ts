import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Part } from "./part";

/** Arguments of AccountEnumeration. */
export interface AccountEnumerationArgs {
  /** Whether flows answer alike for addresses that somebody has and that nobody has. Kratos's default: false. */
  mitigate: Input<boolean>;
}

/**
 * Whether strangers can find out who has an account. Mitigated, a sign-up with an address that is taken does not say
 * so, and with `identifier_first` sign-in goes on to the next step for any identifier. `notifyUnknownRecipients` of
 * Recovery and Verification is set apart from it.
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
