import { type Document, inlineUri, type Json, UNKNOWN } from "../../infra/identity-config/model";
import type { Review } from "../../policies/rules/rule";
import { judges } from "./examples";

const network = { target: "network" } as const;
const BODY = "/courier/channels[id=sms]/request_config/body";
const channel = (body: string) => ({ courier: { channels: [{ id: "sms", request_config: { body } }] } });
const stored = `https://storage.googleapis.com/bac-gcs-production/${"0a".repeat(64)}.jsonnet`;
const template = (plaintext: string) => ({
  courier: { templates: { login_code: { valid: { email: { body: { plaintext } } } } } },
});

judges("net-inline-uris", {
  violated: [
    [BODY, channel("file:///etc/sms.jsonnet"), network],
    [BODY, channel("https://shop.example/sms.jsonnet"), network],
    [
      "/courier/templates/login_code/valid/email/body/plaintext",
      template("https://shop.example/login.gotmpl"),
      network,
    ],
    [
      "/selfservice/methods/oidc/config/providers[id=google]/mapper_url",
      {
        selfservice: {
          methods: { oidc: { config: { providers: [{ id: "google", mapper_url: "file://a" }] } } },
        },
      },
      network,
    ],
  ],
  kept: [
    [channel(inlineUri("function(ctx) {}")), network],
    [channel(stored), network],
    [channel("file:///etc/sms.jsonnet")],
    [{ selfservice: { default_browser_return_url: "https://shop.example" } }, network],
  ],
  undecided: [[BODY, { courier: { channels: [{ id: "sms", request_config: { body: UNKNOWN } }] } }, network]],
});

const declares = (config: Document): [Document, Partial<Review>] => [config, network];

judges("net-ignored-keys", {
  violated: [
    ["/log", ...declares({ log: { level: "debug" } })],
    ["/serve", ...declares({ serve: { public: { port: UNKNOWN } } })],
    ["/dsn", ...declares({ dsn: "secret:dsn" })],
    ["/hashers", ...declares({ hashers: { algorithm: "argon2" } })],
  ],
  kept: [
    [{ log: { level: "debug" }, dsn: "memory" }],
    declares({ session: { lifespan: "1h" } }),
    // What the project has beside what is declared.
    [{ log: { level: "debug" } }, { ...network, declared: { session: {} } }],
  ],
});

const KEY = "/courier/channels[id=sms]/request_config/auth/config/value";
const keyed = (value: Json): Document => ({
  courier: {
    channels: [
      { id: "sms", request_config: { auth: { type: "api_key", config: { name: "X-Key", value } } } },
    ],
  },
});
const SMTP = "/courier/smtp/connection_uri";
const smtp = (connection_uri: string): Document => ({ courier: { smtp: { connection_uri } } });

judges("net-masked-secret", {
  violated: [
    ...["********", "*", "<redacted>", "[masked]", "hidden", ""].map(
      (mask): [string, Document, Partial<Review>] => [KEY, ...declares(keyed(mask))],
    ),
    [SMTP, ...declares(smtp("***"))],
  ],
  kept: [
    [keyed("********")],
    declares(keyed("some-key-with-****")),
    declares(keyed("[secret]")),
    declares(keyed(UNKNOWN)),
    // Ory's own mail server.
    declares(smtp("")),
    declares({ session: { cookie: { name: "****" } } }),
    [keyed("********"), { ...network, declared: {} }],
  ],
});
