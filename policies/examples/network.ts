import type { Examples } from "./example";

const channel = (request: string): string =>
  `courier:
  channels:
    - id: sms
      type: http
      request_config: { url: https://sms.example/, method: POST, ${request} }`;

/** Of rules about Ory Network alone, and about secrets that a program declares. */
export const networkExamples: Examples = {
  "net-inline-uris": {
    target: "network",
    bad: channel("body: https://shop.example/sms.jsonnet"),
    good: channel("body: base64://ZnVuY3Rpb24oY3R4KSB7IHRvOiBjdHgucmVjaXBpZW50LCB0ZXh0OiBjdHguYm9keSB9"),
  },
  "net-ignored-keys": {
    target: "network",
    bad: "log: { level: debug }\nsession: { lifespan: 24h }",
    good: "session: { lifespan: 24h }",
  },
  "net-masked-secret": {
    target: "network",
    bad: channel('auth: { type: api_key, config: { in: header, name: X-Key, value: "********" } }'),
    good: channel('auth: { type: api_key, config: { in: header, name: X-Key, value: "secret:sms-key" } }'),
  },
  "net-own-smtp-prod": {
    target: "network",
    bad: "courier: { smtp: { from_address: no-reply@shop.example } }",
    good: 'courier: { smtp: { from_address: no-reply@shop.example, connection_uri: "secret:smtp-uri" } }',
  },
  "plaintext-secret": {
    bad: 'courier: { smtp: { connection_uri: "smtps://shop:hunter2@mail.shop.example:465/" } }',
    good: 'courier: { smtp: { connection_uri: "secret:smtp-uri" } }',
  },
};
