import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { type Asset, assetNamed } from "./asset";
import { type Fields, Part } from "./part";

/** Messages that Kratos sends by e-mail only; the `…_invalid` ones go to addresses that nobody has. */
export type EmailTemplateName =
  | "recovery_valid"
  | "recovery_invalid"
  | "recovery_code_invalid"
  | "verification_valid"
  | "verification_invalid"
  | "verification_code_invalid";

/**
 * Messages that Kratos sends by e-mail or SMS. By SMS, `recovery_code_valid` and `registration_code_valid` are sent
 * from v25.4.0 on; before, Kratos ignores such a text for recovery and refuses one for registration.
 * `login_code_valid` carries the codes of passwordless sign-in and of the second factor.
 */
export type MessageTemplateName =
  | "login_code_valid"
  | "registration_code_valid"
  | "recovery_code_valid"
  | "verification_code_valid";

/** The texts of an e-mail, Go templates; what is left out is Kratos's own. */
export interface EmailTemplate {
  /** Subject, one line. */
  subject?: Asset | Input<string>;
  /** Body as HTML. */
  html?: Asset | Input<string>;
  /** Body for readers that show no HTML. */
  plaintext?: Asset | Input<string>;
}

/** The text of an SMS, a Go template. */
export interface SmsTemplate {
  plaintext: Asset | Input<string>;
}

/** Arguments of MessageTemplate: which message, and its texts. */
export type MessageTemplateArgs =
  | { template: EmailTemplateName; email: EmailTemplate; sms?: undefined }
  | { template: MessageTemplateName; email: EmailTemplate; sms?: SmsTemplate }
  | { template: MessageTemplateName; email?: undefined; sms: SmsTemplate };

/**
 * The wording of one kind of message, in Go's template language with Sprig's functions. The code, link and recipient
 * are `.LoginCode`, `.RegistrationCode`, `.RecoveryCode`, `.VerificationCode`, `.RecoveryURL`, `.VerificationURL` and
 * `.To`; `.Identity` is there where somebody is known. Kratos parses a text when it first sends it: one that is no
 * template loads, and then no such message leaves.
 * @example
 * ```ts
 * new MessageTemplate("sign-in-code", {
 *   template: "login_code_valid",
 *   email: {
 *     subject: "Your code for Shop",
 *     plaintext: "Sign in with {{ .LoginCode }}.",
 *     html: "<p>Sign in with <b>{{ .LoginCode }}</b>.</p>",
 *   },
 *   sms: { plaintext: "{{ .LoginCode }} is your code for Shop." },
 * });
 * ```
 */
export class MessageTemplate extends Part {
  constructor(name: string, args: MessageTemplateArgs, opts?: ComponentResourceOptions) {
    const { template, email, sms } = args;
    const validity = template.endsWith("_invalid") ? "invalid" : "valid";
    const kind = template.slice(0, -`_${validity}`.length);
    const asset = (file: string, text: Asset | Input<string> | undefined) =>
      text && assetNamed(`messages/${template}/${file}`, text);
    const subject = asset("email.subject.gotmpl", email?.subject);
    const plaintext = asset("email.plaintext.gotmpl", email?.plaintext);
    const html = asset("email.html.gotmpl", email?.html);
    const texts: Fields = {
      // Kratos refuses an SMS text without an object for e-mail, of which an empty one changes nothing.
      email: subject || plaintext || html ? { subject, body: { plaintext, html } } : {},
      sms: sms && { body: { plaintext: asset("sms.gotmpl", sms.plaintext) } },
    };
    super("MessageTemplate", name, { courier: { templates: { [kind]: { [validity]: texts } } } }, opts);
  }
}
