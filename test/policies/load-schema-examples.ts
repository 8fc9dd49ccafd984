import { type Document, inlineUri, type Json } from "../../infra/identity-config/model";
import { schemaUrl } from "../kratos/config";
import type { LoadExample } from "./load-examples";

const extended = (extension: Document, trait: Document = {}): Document => ({
  identity: {
    schemas: [
      { id: "default", url: schemaUrl({ a: { type: "string", ...trait, "ory.sh/kratos": extension } }) },
    ],
  },
});
const schema = (text: string): Document => ({
  identity: { schemas: [{ id: "default", url: inlineUri(text) }] },
});
const traits = (value: Json): string => JSON.stringify({ properties: { traits: value } });
const schemaAt = (url: string): Document => ({ identity: { schemas: [{ id: "default", url }] } });
const SCHEMA = schemaUrl({ a: { type: "string" } });

/** Identity schemas that Kratos does not load, and ones that it does. */
export const LOAD_SCHEMA_EXAMPLES: LoadExample[] = [
  {
    rule: "schema-valid",
    fault: "an identity schema without traits",
    bad: schema(JSON.stringify({ type: "object", properties: { email: { type: "string" } } })),
    good: schemaAt(SCHEMA),
    said: /missing properties: "traits"|one or more required properties are missing/,
  },
  {
    rule: "schema-valid",
    fault: "a pattern that Go does not know",
    bad: schema(traits({ type: "object", properties: { a: { pattern: "^(?!x)" } } })),
    good: schema(traits({ type: "object", properties: { a: { pattern: "^[^x]" } } })),
    said: /is not valid "regex"/,
  },
  {
    rule: "schema-extension-valid",
    fault: "codes via a phone",
    bad: extended({ credentials: { code: { identifier: true, via: "phone" } } }),
    good: extended({ credentials: { code: { identifier: true, via: "sms" } } }),
    said: /value must be one of "email", "sms"/,
  },
  {
    rule: "schema-extension-valid",
    fault: "a misspelt key",
    bad: extended({ credential: { password: { identifier: true } } }),
    good: extended({ credentials: { password: { identifier: true } } }),
    said: /additionalProperties "credential" not allowed/,
  },
  {
    rule: "schema-extension-valid",
    fault: "verification of a trait of another format",
    bad: extended({ verification: { via: "email" } }, { format: "uri" }),
    good: extended({ verification: { via: "email" } }, { format: "email" }),
    said: /value must be one of "email", "tel"/,
  },
  {
    rule: "schema-recovery-sms-version",
    fault: "recovery by SMS",
    bad: extended({ recovery: { via: "sms" } }),
    good: extended({ recovery: { via: "email" } }),
    said: /value must be "email"|value must be one of "email"/,
    until: "25.4.0",
  },
  {
    rule: "schema-url-readable",
    fault: "base64 without its padding",
    bad: schemaAt(SCHEMA.replace(/=*$/, "").concat("x")),
    good: schemaAt(SCHEMA),
    said: /unable to decode std encoded base64 string/,
  },
  {
    rule: "schema-url-readable",
    fault: "a scheme that is not known",
    bad: schemaAt("s3://shop/customer.schema.json"),
    good: schemaAt(SCHEMA),
    said: /no Loader registered for scheme s3/,
  },
];
