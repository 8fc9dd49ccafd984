import { type Examples, PASSWORD, trait, withSchema, withTraits } from "./example";

const listed = (id: string, standard: string): string =>
  `identity:\n  default_schema_id: ${standard}\n  schemas: [{ id: ${id}, url: file:///etc/kratos/customer.schema.json }]`;
const PHONE = '"type": "string", "format": "tel",';
const TEXT = '"type": "string",';

/** Of rules about identity schemas. */
export const schemaExamples: Examples = {
  "default-schema-exists": { bad: listed("customer", "default"), good: listed("customer", "customer") },
  "schema-is-json": {
    bad: withTraits("", trait("email", PASSWORD)).replace('"type": "object"', 'type: "object"'),
    good: withTraits("", trait("email", PASSWORD)),
  },
  "schema-valid": {
    bad: withSchema("", '"properties": { "email": { "type": "text" } }'),
    good: withSchema("", '"properties": { "email": { "type": "string" } }'),
  },
  "schema-extension-valid": {
    bad: withTraits("", trait("email", '{ "credential": { "password": { "identifier": true } } }')),
    good: withTraits("", trait("email", PASSWORD)),
  },
  "schema-recovery-sms-version": {
    bad: withTraits("", trait("phone", '{ "recovery": { "via": "sms" } }', PHONE)),
    good: withTraits("", trait("phone", '{ "verification": { "via": "sms" } }', PHONE)),
  },
  "schema-url-readable": {
    bad: 'identity:\n  schemas: [{ id: default, url: "s3://shop/customer.schema.json" }]',
    good: withTraits("", trait("email", PASSWORD)),
  },
  "schema-code-via": {
    bad: withTraits("", trait("email", '{ "credentials": { "code": { "identifier": true } } }')),
    good: withTraits(
      "",
      trait("email", '{ "credentials": { "code": { "identifier": true, "via": "email" } } }'),
    ),
  },
  "schema-sms-verification-format": {
    bad: withTraits("", trait("phone", '{ "verification": { "via": "sms" } }', TEXT)),
    good: withTraits("", trait("phone", '{ "verification": { "via": "sms" } }', PHONE)),
  },
  "schema-phone-format": {
    bad: withTraits(
      "",
      trait("phone", '{ "verification": { "via": "sms" } }', `${TEXT} "format": "no-validate",`),
    ),
    good: withTraits("", trait("phone", '{ "verification": { "via": "sms" } }', PHONE)),
  },
};
