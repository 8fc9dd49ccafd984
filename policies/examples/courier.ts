import { type Examples, trait, withTraits } from "./example";

const PHONE = trait("phone", '{ "credentials": { "code": { "identifier": true, "via": "sms" } } }');
const CODES = trait("email", '{ "credentials": { "code": { "identifier": true, "via": "email" } } }');

/** A channel, and its Jsonnet. @param request What its request has. */
const channel = (
  request: string,
  keys = "id: sms, type: http",
  jsonnet = "function(ctx) { to: ctx.recipient, text: ctx.body }",
): string => `courier:
  channels:
    - ${keys.replaceAll(", ", "\n      ")}
      request_config:
        { ${request} }
---
# sms.jsonnet
${jsonnet}`;

const URL = "url: https://sms.example/";
const WHOLE = `${URL}, method: POST, body: file://sms.jsonnet`;

/** Of rules about how messages are sent. */
export const courierExamples: Examples = {
  "sms-needs-channel": {
    bad: withTraits("courier: { channels: [] }", PHONE),
    good: withTraits(
      `courier:
  channels: [{ id: sms, type: http, request_config: { ${URL}, method: POST, body: file:///etc/sms.jsonnet } }]`,
      PHONE,
    ),
  },
  "channel-type-required": { bad: channel(WHOLE, "id: sms"), good: channel(WHOLE) },
  "channel-body-required": { bad: channel(`${URL}, method: POST`), good: channel(WHOLE) },
  "channel-method-required": { bad: channel(`${URL}, body: file://sms.jsonnet`), good: channel(WHOLE) },
  "channel-url-required": { bad: channel("method: POST, body: file://sms.jsonnet"), good: channel(WHOLE) },
  "channel-url-encrypted": { bad: channel(WHOLE.replace("https", "http")), good: channel(WHOLE) },
  "channel-content-type": {
    bad: channel(`${WHOLE}, headers: { Content-Type: "application/json; charset=utf-8" }`),
    good: channel(`${WHOLE}, headers: { Content-Type: application/json }`),
  },
  "channel-jsonnet-ctx": {
    bad: channel(WHOLE, undefined, "function(ctx) { to: ctx.Recipient, text: ctx.Body }"),
    good: channel(WHOLE),
  },
  "channel-id-sms": { bad: channel(WHOLE, "id: whatsapp, type: http"), good: channel(WHOLE) },
  "channel-auth-kind": {
    bad: channel(`${WHOLE},\n          auth: { type: bearer, config: { token: "secret:sms-token" } }`),
    good: channel(
      `${WHOLE},\n          auth: { type: api_key, config: { in: header, name: Authorization, value: "secret:sms-token" } }`,
    ),
  },
  "body-uri-scheme": {
    bad: channel(WHOLE.replace("file://sms.jsonnet", "/etc/kratos/sms.jsonnet")),
    good: channel(WHOLE),
  },
  "template-requires-email": {
    bad: "courier: { templates: { login_code: { valid: { sms: {} } } } }",
    good: "courier: { templates: { login_code: { valid: { email: {}, sms: {} } } } }",
  },
  "template-sms-version": {
    bad: "courier: { templates: { registration_code: { valid: { email: {}, sms: {} } } } }",
    good: "courier: { templates: { registration_code: { valid: { email: {} } } } }",
  },
  "email-needs-transport": {
    bad: withTraits(
      "selfservice: { methods: { code: { mfa_enabled: true } } }\ncourier: { delivery_strategy: http }",
      CODES,
    ),
    good: withTraits(
      `selfservice: { methods: { code: { mfa_enabled: true } } }
courier: { delivery_strategy: http, http: { request_config: { url: "https://mail.example/" } } }`,
      CODES,
    ),
  },
  "smtp-scheme": {
    bad: "courier: { smtp: { connection_uri: mail.shop.example:465 } }",
    good: 'courier: { smtp: { connection_uri: "smtps://mail.shop.example:465/" } }',
  },
  "smtp-tls": {
    bad: 'courier: { smtp: { connection_uri: "smtp://mail.shop.example:587/?disable_starttls=true" } }',
    good: 'courier: { smtp: { connection_uri: "smtp://mail.shop.example:587/" } }',
  },
};
