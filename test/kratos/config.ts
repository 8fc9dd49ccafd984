import { type Document, inlineUri, type Json } from "../../infra/identity-config/model";
import type { Outbox } from "./outbox";

/** `changes` laid over `base`; arrays and scalars replace, objects merge, an undefined value removes. */
export function overlaid(base: Document, changes: { [key: string]: Json | undefined }): Document {
  const result: Document = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    const before = result[key];
    if (value === undefined) delete result[key];
    else result[key] = isObject(before) && isObject(value) ? overlaid(before, value) : value;
  }
  return result;
}

function isObject(value: Json | undefined): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An identity schema with these traits, as the URL that a config lists it by. */
export function schemaUrl(traits: Document): string {
  return inlineUri(
    JSON.stringify({
      $id: "https://shop.example/customer.schema.json",
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { traits: { type: "object", properties: traits } },
    }),
  );
}

/** An e-mail trait that signs in with a password; with `codes`, it receives codes too. */
export function emailTrait({ codes }: { codes: boolean }): Document {
  const code: Document = codes ? { code: { identifier: true, via: "email" } } : {};
  return {
    type: "string",
    format: "email",
    "ory.sh/kratos": {
      credentials: { password: { identifier: true }, ...code },
      verification: { via: "email" },
      recovery: { via: "email" },
    },
  };
}

/** An identity schema with an e-mail address that receives codes, as text. */
export const SCHEMA = JSON.stringify({
  type: "object",
  properties: { traits: { type: "object", properties: { email: emailTrait({ codes: true }) } } },
});

/** A phone trait that receives codes. */
export const PHONE: Document = {
  type: "string",
  format: "tel",
  "ory.sh/kratos": { credentials: { code: { identifier: true, via: "sms" } }, verification: { via: "sms" } },
};

/** Jsonnet that passes on all that a test may ask about. */
export const BODY = inlineUri(
  "function(ctx) { to: ctx.recipient, text: ctx.body, template: ctx.template_type, data: ctx.template_data }",
);

/** The channel that delivers SMS to the outbox's `/sms`. */
export function smsChannel(outbox: Outbox): Document {
  const request_config = { url: `${outbox.url}/sms`, method: "POST", body: BODY };
  return { id: "sms", type: "http", request_config };
}

/**
 * A config that Kratos starts with: password and codes as a second factor by e-mail, delivered to the outbox's
 * `/email`, with little patience for what cannot be delivered.
 */
export function kratosConfig(outbox: Outbox): Document {
  return {
    selfservice: {
      default_browser_return_url: "https://shop.example/",
      flows: { verification: { enabled: true }, recovery: { enabled: true } },
      methods: {
        // Asks a server on the internet otherwise.
        password: { config: { haveibeenpwned_enabled: false } },
        code: { mfa_enabled: true },
      },
    },
    identity: { schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }) }) }] },
    courier: {
      delivery_strategy: "http",
      http: { request_config: { url: `${outbox.url}/email`, method: "POST", body: BODY } },
      message_retries: 1,
      worker: { pull_wait: "100ms" },
    },
  };
}
