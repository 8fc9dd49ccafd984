/** One trait of an identity schema, as JSON schema. */
export interface Trait {
  schema: Record<string, unknown>;
  required: boolean;
}

/** First factors that a trait can identify its owner for. */
export type Identifies = "password" | "code" | "webauthn" | "passkey" | "totp";

interface AddressOptions {
  /** Whether every identity must have it. Default: false. */
  required?: boolean;
  /** Label in the user interface. */
  title?: string;
  /** Credentials that this trait identifies: `code` also makes it an address that codes are sent to. Default: none. */
  identifies?: Identifies[];
  /** Whether the user is asked to verify the address. Default: false. */
  verify?: boolean;
  /** Whether accounts can be recovered through the address. By SMS from Kratos v25.4.0. Default: false. */
  recover?: boolean;
}

/** An e-mail address. Codes reach it by e-mail. */
export function email(options: AddressOptions = {}): Trait {
  return address({ title: "E-Mail", ...options }, "email", { format: "email", maxLength: 320 });
}

/** A phone number in E.164 form (`+4917…`; Kratos refuses national forms). Codes reach it by SMS. */
export function phone(options: AddressOptions = {}): Trait {
  return address({ title: "Phone", ...options }, "sms", { format: "tel", maxLength: 32 });
}

/** Any other text, such as a name. */
export function text(options: { required?: boolean; title?: string; maxLength?: number } = {}): Trait {
  const { required = false, title, maxLength } = options;
  return { required, schema: { type: "string", ...(title && { title }), ...(maxLength && { maxLength }) } };
}

function address(options: AddressOptions, via: "email" | "sms", format: Record<string, unknown>): Trait {
  const { required = false, title, identifies = [], verify = false, recover = false } = options;
  const credentials = Object.fromEntries(identifies.map((method) => [method, credential(method, via)]));
  return {
    required,
    schema: {
      type: "string",
      ...format,
      title,
      "ory.sh/kratos": {
        ...(identifies.length > 0 && { credentials }),
        ...(verify && { verification: { via } }),
        ...(recover && { recovery: { via } }),
      },
    },
  };
}

/** Extension keys of Kratos's embedx/identity_extension.schema.json, v1.3.1. */
function credential(method: Identifies, via: "email" | "sms"): Record<string, unknown> {
  if (method === "code") return { identifier: true, via };
  if (method === "passkey") return { display_name: true };
  return method === "totp" ? { account_name: true } : { identifier: true };
}
