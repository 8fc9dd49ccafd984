import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Part } from "./part";

/**
 * Assurance that is demanded of a session: `aal1` is content with one factor, `highest_available` demands a second
 * one of everybody who has it. There are no other values; Kratos refuses `aal2`.
 */
export type Aal = "aal1" | "highest_available";

/** Where which assurance is demanded. Left out, Kratos's default `highest_available` holds. */
export interface RequiredAalArgs {
  /** For a session to count as signed in (`session.whoami.required_aal`). */
  session?: Input<Aal>;
  /** For changing settings, addresses for codes among them (`selfservice.flows.settings.required_aal`). */
  settings?: Input<Aal>;
}

/**
 * The assurance that is demanded of sessions.
 * @example
 * ```ts
 * new RequiredAal("aal", { session: "highest_available", settings: "highest_available" });
 * ```
 */
export class RequiredAal extends Part {
  constructor(name: string, { session, settings }: RequiredAalArgs, opts?: ComponentResourceOptions) {
    const document = {
      session: { whoami: { required_aal: session } },
      selfservice: { flows: { settings: { required_aal: settings } } },
    };
    super("RequiredAal", name, document, opts);
  }
}

/** Arguments of Recovery and Verification. */
export interface AddressFlowArgs {
  /** Whether the flow is on. Default: true. */
  enabled?: Input<boolean>;
  /** What is sent: a code to type in, or a link to follow. Its method is switched on, too. Default: `code`. */
  use?: "code" | "link";
  /** Go duration string that the flow lasts. Default: Kratos's, 1h. */
  lifespan?: Input<string>;
  /** Whether addresses that nobody has get a message, too. Default: false. */
  notifyUnknownRecipients?: Input<boolean>;
}

function flowDocument(flow: "recovery" | "verification", args: AddressFlowArgs) {
  const { enabled = true, use = "code", lifespan, notifyUnknownRecipients } = args;
  const methods = enabled === false ? undefined : { [use]: { enabled: true } };
  const flows = { [flow]: { enabled, use, lifespan, notify_unknown_recipients: notifyUnknownRecipients } };
  return { selfservice: { flows, methods } };
}

/**
 * Account recovery through an address.
 * @example
 * ```ts
 * new Recovery("recovery", { use: "code" });
 * ```
 */
export class Recovery extends Part {
  constructor(name: string, args: AddressFlowArgs = {}, opts?: ComponentResourceOptions) {
    super("Recovery", name, flowDocument("recovery", args), opts);
  }
}

/**
 * Verification of addresses.
 * @example
 * ```ts
 * new Verification("verification", { use: "code" });
 * ```
 */
export class Verification extends Part {
  constructor(name: string, args: AddressFlowArgs = {}, opts?: ComponentResourceOptions) {
    super("Verification", name, flowDocument("verification", args), opts);
  }
}
