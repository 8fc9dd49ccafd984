import { renameSync, writeFileSync } from "node:fs";
import { type Document, inlineUri, type Json } from "../../infra/identity-config/model";

const BODY = `function(ctx) {
  recipient: ctx.recipient,
  template_type: ctx.template_type,
  subject: ctx.subject,
  body: ctx.body,
  data: ctx.template_data,
}`;

const TRAITS: { [name: string]: Json } = {
  email: {
    type: "string",
    format: "email",
    "ory.sh/kratos": {
      credentials: { password: { identifier: true }, code: { identifier: true, via: "email" } },
      verification: { via: "email" },
    },
  },
  phone: {
    type: "string",
    format: "tel",
    "ory.sh/kratos": {
      credentials: { code: { identifier: true, via: "sms" } },
      verification: { via: "sms" },
    },
  },
};

export type SecondFactorConfig = {
  outboxUrl: string;
  apiKey?: string;
  /** Whether there is a channel for SMS. */
  sms?: boolean;
  whoami?: "aal1" | "highest_available";
  loginStyle?: "unified" | "identifier_first";
  traits?: { [name: string]: Json };
};

/** An identity config with a code by e-mail or SMS as the second factor, its messages sent to an outbox. */
export function secondFactorConfig(options: SecondFactorConfig): Document {
  const { outboxUrl, apiKey, sms = true, whoami = "highest_available", loginStyle = "unified" } = options;
  const request = (path: string): Json => ({
    url: outboxUrl + path,
    method: "POST",
    body: inlineUri(BODY),
    ...(apiKey
      ? { auth: { type: "api_key", config: { name: "X-Api-Key", value: apiKey, in: "header" } } }
      : {}),
  });
  const schema = {
    type: "object",
    properties: { traits: { type: "object", properties: options.traits ?? TRAITS, required: ["email"] } },
  };
  return {
    identity: {
      default_schema_id: "customer",
      schemas: [{ id: "customer", url: inlineUri(JSON.stringify(schema)) }],
    },
    session: { whoami: { required_aal: whoami } },
    selfservice: { methods: { code: { mfa_enabled: true } }, flows: { login: { style: loginStyle } } },
    courier: {
      delivery_strategy: "http",
      http: { request_config: request("/email") },
      channels: sms ? [{ id: "sms", type: "http", request_config: request("/sms") }] : [],
    },
  };
}

/** Puts an identity.yml into place as the provider does: written beside it, then renamed. */
export function deploy(identityFile: string, document: Document): void {
  writeFileSync(`${identityFile}.next`, JSON.stringify(document), { mode: 0o600 });
  renameSync(`${identityFile}.next`, identityFile);
}
