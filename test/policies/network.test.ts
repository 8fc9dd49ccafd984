import { inlineUri, UNKNOWN } from "../../infra/identity-config/model";
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
