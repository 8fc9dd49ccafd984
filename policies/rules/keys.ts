import type { Topic } from "../../infra/identity-config/keys/kind";
import { isBranch } from "../../infra/identity-config/model";
import { join } from "../../infra/identity-config/path";
import { readAt } from "../../infra/identity-config/reading";
import { violationsAbout } from "./load";
import type { Rule, Violation } from "./rule";

const REFUSED = "kratos refuses the config: it does not start, or keeps running on the old one";
const SCHEMA = "ory/kratos v1.3.1 and v26.2.0 embedx/config.schema.json";

/** A rule about what Kratos would not load, or ignores; infra/identity-config/keys/ knows. */
const about = (topic: Topic, rule: Pick<Rule, "id" | "title" | "source"> & Partial<Rule>): Rule => ({
  severity: "mandatory",
  why: REFUSED,
  needs: "declared",
  // Who consents to it would still have a kratos that does not start.
  waivable: false,
  check: (review) => violationsAbout(topic, review),
  ...rule,
});

const PLACEHOLDER = /change[-_ ]?me|insecure|not[-_ ]secure|example|placeholder|^(.)\1+$/i;

const secretPlaceholder: Rule = {
  id: "secret-placeholder",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "secrets are not those of an example",
  why: "whoever knows the example forges cookies, and decrypts what the database holds",
  source: "ory/kratos contrib/quickstart/kratos, whose secrets are PLEASE-CHANGE-ME-I-AM-VERY-INSECURE",
  needs: "declared",
  check: ({ effective }) => {
    const secrets = readAt(effective, "/secrets");
    if (!isBranch(secrets)) return [];
    return Object.entries(secrets).flatMap(([name, list]) =>
      (Array.isArray(list) ? list : []).flatMap((secret, index): Violation[] => {
        if (typeof secret !== "string" || !PLACEHOLDER.test(secret)) return [];
        const path = join(join("/secrets", name), String(index));
        return [
          {
            path,
            message: `the secret in ${name} is one of an example`,
            remedy: `set ${path} to a random text`,
          },
        ];
      }),
    );
  },
};

export const keyRules: Rule[] = [
  about("unknown-key", {
    id: "unknown-key",
    title: "there are no keys that this version of kratos does not know",
    source: `${SCHEMA}, additionalProperties: false`,
  }),
  about("ignored-key", {
    id: "code-unknown-key",
    title: "the code method has no keys that kratos does not know",
    why: "kratos ignores them without a word: a mistyped mfa_enabled leaves the second factor off",
    source: "ory/kratos embedx/config.schema.json, selfservice.methods.code (additionalProperties: true)",
  }),
  about("value", {
    id: "value-kind",
    title: "each value is of the kind, and in the range, that its key takes",
    source: SCHEMA,
  }),
  about("required", {
    id: "required-key",
    title: "no key is missing that kratos cannot do without",
    source: `${SCHEMA}, required`,
    needs: "effective",
  }),
  about("excluded", {
    id: "excluded-key",
    title: "keys and list elements do not exclude each other",
    source: `${SCHEMA}, selfServiceOIDCProvider, selfServiceWebHook, webauthn.config.rp, uniqueItems`,
  }),
  about("duration", {
    id: "duration-format",
    title: "durations are whole numbers with units, such as 15m or 1h30m",
    source: `${SCHEMA}, pattern of every lifespan; days and fractions, which Go prints, are refused`,
  }),
  about("hook", {
    id: "hook-placement",
    title: "each hook stands where kratos takes it",
    source: `${SCHEMA}, selfServiceAfterLogin and the like; session may stand only after a registration by one method`,
  }),
  about("auth", {
    id: "channel-auth-kind",
    title: "a request authenticates with an api_key in a header or cookie, or with basic_auth",
    source: `${SCHEMA}, webHookAuthApiKeyProperties, webHookAuthBasicAuthProperties`,
  }),
  about("channel-id", {
    id: "channel-id-sms",
    title: "the id of a channel is sms",
    source: `${SCHEMA}, courier.channels`,
  }),
  about("uri-scheme", {
    id: "body-uri-scheme",
    title: "what kratos fetches is named by a URI: base64://, https://, http:// or file://",
    source: `${SCHEMA}, httpRequestConfig.body, emailCourierTemplate; a plain path or Jsonnet is refused`,
  }),
  about("template-email", {
    id: "template-requires-email",
    title: "a message template has a part for e-mail",
    source: `${SCHEMA}, courierTemplates: an override for SMS alone is refused`,
    needs: "effective",
  }),
  about("sms-template", {
    id: "template-sms-version",
    title: "codes of a registration by SMS have a template of their own only from kratos 25.4 on",
    source: "ory/kratos#4243; v25.4.0 embedx/config.schema.json, registration_code",
    versions: "before 25.4.0",
  }),
  about("webauthn-config", {
    id: "webauthn-config-required",
    title: "webauthn and passkey have a config where they are enabled",
    source: `${SCHEMA}, selfservice.methods.webauthn and passkey (if, then)`,
    needs: "effective",
  }),
  about("smtp-scheme", {
    id: "smtp-scheme",
    title: "the SMTP server is named by a URI that starts with smtps:// or smtp://",
    source: `${SCHEMA}, courier.smtp.connection_uri`,
  }),
  about("secret", {
    id: "weak-secrets",
    title: "secrets have 16 characters or more, those of the cipher exactly 32",
    source: `${SCHEMA}, secrets`,
  }),
  secretPlaceholder,
];
