import { RunError } from "@pulumi/pulumi/errors";
import { isBranch } from "../identity-config/model";

/** One trait of an identity schema, as JSON schema. */
export interface Trait {
  schema: Record<string, unknown>;
  required: boolean;
}

/** What all traits have. */
export interface TraitOptions {
  /** Whether every identity must have it, or every object that it stands in. Default: false. */
  required?: boolean;
  /** Label in the user interface. */
  title?: string;
  /** Explanation for whoever reads the schema. */
  description?: string;
  /** Any further keywords of JSON schema (draft 7), such as `default`, `examples` or `pattern`; they win. */
  keywords?: Record<string, unknown>;
}

/** First factors that a trait can identify its owner for. */
export type Identifies = "password" | "code" | "webauthn" | "passkey" | "totp";

interface AddressOptions extends TraitOptions {
  /**
   * Credentials that this trait identifies: `code` also makes it an address that codes are sent to. `passkey` and
   * `totp` show it as the account's name in the browser or authenticator app. Default: none.
   */
  identifies?: Identifies[];
  /** Whether the user is asked to verify the address. Default: false. */
  verify?: boolean;
  /** Whether accounts can be recovered through the address. By SMS from Kratos v25.4.0. Default: false. */
  recover?: boolean;
}

interface EmailOptions extends AddressOptions {
  /** Whether its domain says which organization one belongs to. From Kratos v25.4.0; refused before. Default: false. */
  matchOrganization?: boolean;
}

/** An e-mail address. Codes reach it by e-mail. */
export function email(options: EmailOptions = {}): Trait {
  const organizations = options.matchOrganization && { organizations: { matcher: "email_domain" } };
  const format = { type: "string", format: "email", maxLength: 320 };
  return address({ title: "E-Mail", ...options }, "email", format, organizations || {});
}

/**
 * A phone number in E.164 form (`+4917…`; Kratos refuses national forms). Codes reach it by SMS. A second, optional one
 * that is there for codes only lets each user decide about a second factor by SMS, from Kratos v25.4.0 on.
 * @example
 * ```ts
 * new IdentitySchema("customer", {
 *   default: true,
 *   traits: {
 *     email: email({ required: true, identifies: ["password", "passkey", "totp"], verify: true }),
 *     mfa_phone: phone({ title: "Phone for codes", identifies: ["code"] }),
 *   },
 * });
 * ```
 */
export function phone(options: AddressOptions = {}): Trait {
  return address({ title: "Phone", ...options }, "sms", { type: "string", format: "tel", maxLength: 32 });
}

/** Any other text, such as a name, or a user name that identifies its owner. */
export function text(
  options: TraitOptions & {
    /** Codes need an address. Default: none. */
    identifies?: Exclude<Identifies, "code">[];
    /** In characters. Default: 0. */
    minLength?: number;
    /** In characters. Default: unlimited. */
    maxLength?: number;
  } = {},
): Trait {
  const { identifies = [], minLength, maxLength } = options;
  const extension = identifies.length > 0 && { "ory.sh/kratos": { credentials: credentials(identifies) } };
  return trait(options, { type: "string", minLength, maxLength, ...extension });
}

/** A date, `2001-12-31`. */
export function date(options: TraitOptions = {}): Trait {
  return trait(options, { type: "string", format: "date" });
}

interface NumberOptions extends TraitOptions {
  /** Smallest value. Default: none. */
  minimum?: number;
  /** Largest value. Default: none. */
  maximum?: number;
}

/** A number, with a fraction or without. */
export function number(options: NumberOptions = {}): Trait {
  const { minimum, maximum } = options;
  return trait(options, { type: "number", minimum, maximum });
}

/** A whole number. */
export function integer(options: NumberOptions = {}): Trait {
  const { minimum, maximum } = options;
  return trait(options, { type: "integer", minimum, maximum });
}

/** Yes or no. */
export function boolean(options: TraitOptions = {}): Trait {
  return trait(options, { type: "boolean" });
}

/** One of some texts. */
export function choice(values: [string, ...string[]], options: TraitOptions = {}): Trait {
  return trait(options, { type: "string", enum: values });
}

/**
 * Traits that belong together.
 * @example
 * ```ts
 * new IdentitySchema("customer", {
 *   traits: {
 *     name: object({ first: text({ required: true }), last: text() }, { title: "Name", required: true }),
 *     born: date({ title: "Date of birth" }),
 *     plan: choice(["free", "pro"], { keywords: { default: "free" } }),
 *     seats: integer({ minimum: 1 }),
 *     newsletter: boolean({ title: "Newsletter" }),
 *   },
 * });
 * ```
 */
export function object(traits: Record<string, Trait>, options: TraitOptions = {}): Trait {
  return trait(options, { type: "object", ...objectKeywords(traits) });
}

/**
 * Any number of one trait. What the trait is to Kratos, each element is: an address to verify, an identifier.
 * @example
 * ```ts
 * new IdentitySchema("customer", {
 *   traits: { emails: list(email({ identifies: ["password"], verify: true }), { required: true, minItems: 1 }) },
 * });
 * ```
 */
export function list(
  item: Trait,
  options: TraitOptions & {
    /** Default: 0. */
    minItems?: number;
    /** Default: unlimited. */
    maxItems?: number;
    /** Whether no two may be equal. Default: false. */
    uniqueItems?: boolean;
  } = {},
): Trait {
  const { minItems, maxItems, uniqueItems } = options;
  return trait(options, { type: "array", items: item.schema, minItems, maxItems, uniqueItems });
}

/** The keywords of an object of `traits`, in their order, closed to others. */
export function objectKeywords(traits: Record<string, Trait>): Record<string, unknown> {
  const entries = Object.entries(traits);
  const stray = entries.find(([, trait]) => !isBranch(trait?.schema));
  if (stray !== undefined) {
    throw new RunError(
      `trait "${stray[0]}" was not made by email(), phone(), text() or another of these functions`,
    );
  }
  return {
    properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
    required: entries.filter(([, { required }]) => required).map(([name]) => name),
    additionalProperties: false,
  };
}

function trait(options: TraitOptions, schema: Record<string, unknown>): Trait {
  const { required = false, title, description, keywords } = options;
  const all = Object.entries({ ...schema, title, description, ...keywords });
  return { required, schema: Object.fromEntries(all.filter(([, value]) => value !== undefined)) };
}

function address(
  options: AddressOptions,
  via: "email" | "sms",
  format: Record<string, unknown>,
  extension: Record<string, unknown> = {},
): Trait {
  const { identifies = [], verify = false, recover = false } = options;
  return trait(options, {
    ...format,
    "ory.sh/kratos": {
      ...(identifies.length > 0 && { credentials: credentials(identifies, via) }),
      ...(verify && { verification: { via } }),
      ...(recover && { recovery: { via } }),
      ...extension,
    },
  });
}

/** Extension keys of Kratos's embedx/identity_extension.schema.json, v26.2.0. */
function credentials(methods: Identifies[], via?: "email" | "sms"): Record<string, unknown> {
  return Object.fromEntries(
    methods.map((method) => {
      if (method === "code") return [method, { identifier: true, via }];
      if (method === "passkey") return [method, { display_name: true }];
      return [method, method === "totp" ? { account_name: true } : { identifier: true }];
    }),
  );
}
