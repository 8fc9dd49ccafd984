import * as fc from "fast-check";
import { redact, redactText, sensitiveTexts } from "../../infra/identity-config/sensitive";

describe("redacting", () => {
  it.each([
    "/dsn",
    "/secrets/cipher",
    "/courier/smtp/connection_uri",
    "/courier/channels[id=sms]/request_config/auth/config/value",
    "/courier/http/request_config/auth/config/password",
    "/selfservice/methods/oidc/config/providers[id=x]/client_secret",
    "/courier/http/request_config/headers/Authorization",
    "/courier/http/request_config/headers/X-Api-Key",
    "/selfservice/methods/oidc/config/providers[id=x]/apple_private_key",
    "/selfservice/methods/password/config/migrate_hook/config/auth/config/value",
    "/session/whoami/tokenizer/templates/jwt/jwks_url",
    "/oauth2_provider/headers/Authorization",
    "/selfservice/methods/captcha/config/secret",
    "/selfservice/methods/captcha/config/cf_turnstile/secret",
    "/project/services/oauth2/config/secrets/system",
    "/project/services/oauth2/config/oidc/subject_identifiers/pairwise_salt",
    "/project/services/oauth2/config/oidc/subject_identifiers/pairwise/salt",
    "/some/access_token",
  ])("hides what stands at %s", (path) => {
    expect(redact(path, "canary")).toBe("[secret]");
  });

  it.each([
    "/selfservice/methods/password/enabled",
    "/courier/smtp/from_address",
    "/courier/http/request_config/headers/Accept",
    "/selfservice/methods/lookup_secret/enabled",
    "/project/services/oauth2/config/ttl/access_token",
    "/project/services/oauth2/config/strategies/access_token",
  ])("shows what stands at %s", (path) => {
    expect(redact(path, "plain")).toBe("plain");
  });

  it("hides user information in any URL", () => {
    expect(redactText("see smtps://me:canary@mail.example:465/?x=1")).toBe(
      "see smtps://[secret]@mail.example:465/?x=1",
    );
  });

  it("hides a password with a raw slash in an SMTP URI", () => {
    expect(redactText("smtp://me:canary/1@mail.example")).toBe("smtp://[secret]@mail.example");
  });

  it("hides sensitive keys inside arrays", () => {
    const hooks = [{ hook: "web_hook", config: { url: "https://x", auth: { config: { value: "canary" } } } }];
    expect(JSON.stringify(redact("/selfservice/flows/login/after/hooks", hooks))).not.toContain("canary");
  });

  it("hides a key of several lines also where it is indented, escaped or cut off at a line", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMIGTAgEAMBMGBy\nqGSM49AgEGCCqG\n-----END PRIVATE KEY-----\n";
    for (const text of [
      key,
      JSON.stringify(key),
      key.replaceAll("\n", "\n      "),
      "apple_private_key: qGSM49AgEGCCqG",
    ])
      expect(redactText(text, [key])).not.toMatch(/PRIVATE|MIGT|GSM49/);
    expect(redactText("a brace } alone", ["{\n}\n"])).toBe("a brace } alone");
  });

  it("finds the texts at sensitive paths, also in arrays", () => {
    const config = { rule: "x", auth: { config: { name: "n", value: "canary-hook" } } };
    const document = {
      dsn: "canary-dsn",
      secrets: { cookie: ["canary-cookie"] },
      selfservice: {
        flows: { login: { after: { hooks: [{ hook: "web_hook", config }] } } },
        methods: { oidc: { config: { providers: [{ id: "x", client_secret: "canary-client" }] } } },
      },
    };
    expect(sensitiveTexts(document)).toEqual(["canary-dsn", "canary-cookie", "canary-hook", "canary-client"]);
  });

  it("leaves no known secret in any text or structure", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string(), fc.string(), (secret, left, right) => {
        fc.pre(!"[secret]".includes(secret));
        const value = { a: [left + secret + right], b: secret };
        expect(JSON.stringify(redact("/x", value, [secret]))).not.toContain(
          JSON.stringify(secret).slice(1, -1),
        );
      }),
    );
  });
});
