/**
 * Configurations as the vendor's documentation, README files and quickstarts publish them, in their settings, not in
 * their words: what comes of following them.
 */
import { type Document, inlineUri } from "../../infra/identity-config/model";
import { findings } from "../../policies/rules";
import type { Review } from "../../policies/rules/rule";
import { reviewOf, schemaUrl, whole } from "./review";

const found = (document: Document, review: Partial<Review> = {}): string[] =>
  findings(reviewOf(whole(document), review)).map(({ rule, path }) => `${rule} ${path}`);

const phoneAndMail: Document = {
  identity: {
    schemas: [
      {
        id: "default",
        url: schemaUrl({
          email: {
            type: "string",
            format: "email",
            "ory.sh/kratos": {
              credentials: { password: { identifier: true }, code: { identifier: true, via: "email" } },
              verification: { via: "email" },
              recovery: { via: "email" },
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
        }),
      },
    ],
  },
};

const request = (changes: Document): Document => ({
  url: "https://webhook.example/sms",
  method: "POST",
  body: inlineUri("function(ctx) { to: ctx.recipient, text: ctx.body }"),
  headers: { "Content-Type": "application/json" },
  ...changes,
});

test("the README of the Terraform provider: a level that does not exist, beside settings that anybody changes", () => {
  const config = {
    ...phoneAndMail,
    session: { whoami: { required_aal: "aal2" } },
    selfservice: {
      flows: { settings: { required_aal: "aal1" } },
      methods: {
        totp: { enabled: true },
        code: { mfa_enabled: true, config: { missing_credential_fallback_enabled: true } },
        webauthn: {
          enabled: true,
          config: { passwordless: true, rp: { id: "shop.example", display_name: "Shop" } },
        },
      },
    },
  };
  for (const target of ["kratos", "network"] as const)
    expect(found(config, { target })).toEqual(
      expect.arrayContaining([
        "required-aal-enum /session/whoami/required_aal",
        "settings-aal-bypass /selfservice/flows/settings/required_aal",
      ]),
    );
});

test("the Terraform provider's own value for enforcing a second factor is refused", () => {
  const config = { selfservice: { flows: { settings: { required_aal: "aal2" } } } };
  expect(found(config)).toContain("required-aal-enum /selfservice/flows/settings/required_aal");
});

test("the Terraform provider's documentation sends an API key in the query", () => {
  const auth = { type: "api_key", config: { name: "key", value: "some-key", in: "query" } };
  const channel = { id: "sms", type: "http", request_config: request({ auth }) };
  expect(found({ courier: { channels: [channel] } })).toContain(
    "channel-auth-kind /courier/channels[id=sms]/request_config/auth/config/in",
  );
});

describe("the page about one-time codes by SMS", () => {
  const untyped = { ...phoneAndMail, courier: { channels: [{ id: "sms", request_config: request({}) }] } };

  test("has a channel without a type, over which a self-hosted Kratos sends nothing", () => {
    expect(found(untyped)).toContain("channel-type-required /courier/channels[id=sms]/type");
    expect(found(untyped, { target: "network" }).filter((one) => one.startsWith("channel-"))).toEqual([]);
  });

  test("has an identity schema that is no JSON", () => {
    const text = '{ type: "object", properties: { traits: { properties: { phone: {} } } } }';
    const schemas = [{ id: "default", url: inlineUri(text) }];
    expect(found({ identity: { schemas } })).toContain("schema-is-json /identity/schemas[id=default]/url");
  });
});

test("the quickstart for phones reads fields of a message that do not exist", () => {
  const body = inlineUri("function(ctx) { To: ctx.Recipient, Body: ctx.Body }");
  const channel = { id: "sms", type: "http", request_config: request({ body }) };
  const rules = found({ ...phoneAndMail, courier: { channels: [channel] } });
  expect(rules).toContain("channel-jsonnet-ctx /courier/channels[id=sms]/request_config/body");
});

test("the quickstarts' secrets are everybody's", () => {
  const secrets = {
    cookie: ["PLEASE-CHANGE-ME-I-AM-VERY-INSECURE"],
    cipher: ["32-LONG-SECRET-NOT-SECURE-AT-ALL"],
  };
  expect(found({ secrets })).toEqual(
    expect.arrayContaining(["secret-placeholder /secrets/cookie/0", "secret-placeholder /secrets/cipher/0"]),
  );
});

test("threads on passwordless SMS: a template, and sign-up by SMS, that 1.3 does not have", () => {
  const config = {
    ...phoneAndMail,
    selfservice: { methods: { code: { passwordless_enabled: true } } },
    courier: {
      channels: [{ id: "sms", type: "http", request_config: request({}) }],
      templates: {
        registration_code: {
          valid: { email: {}, sms: { body: { plaintext: inlineUri("{{ .RegistrationCode }}") } } },
        },
      },
    },
  };
  const template = "template-sms-version /courier/templates/registration_code/valid/sms";
  expect(found(config)).toContain(template);
  expect(found(config, { kratosVersion: "26.2.0" })).not.toContain(template);
});
