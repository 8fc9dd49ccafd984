import type { Fault } from "../../infra/identity-config/keys/faults";
import { isBase64, isUri } from "../../infra/identity-config/keys/formats";
import { identitySchemaFaults } from "../../infra/identity-config/keys/schema";
import { inlineText, isBranch, isUnknown, parsedJson } from "../../infra/identity-config/model";
import { elementsAt, readAt, shown } from "../../infra/identity-config/reading";
import { undecided } from "./condition";
import { violationOf } from "./load";
import type { Review, Rule, Violation } from "./rule";

const WHY =
  "kratos does not start, and does not say which schema it means; a running one fails every sign-in";
const SMS_RECOVERY = "sms-recovery";

/** A fault of an identity schema. */
interface SchemaFault extends Fault {
  /** Path of the schema's `url` in the document. */
  url: string;
  part: "schema" | "extension";
}

/** All rules of one run get the same review. */
const seen = new WeakMap<Review, SchemaFault[]>();

function schemaFaults(review: Review): SchemaFault[] {
  let found = seen.get(review);
  if (found === undefined) {
    found = elementsAt(review.effective, "/identity/schemas").flatMap(({ path, value }) => {
      const schema = parsedJson(inlineText(readAt(value, "/url")));
      if (!isBranch(schema)) return [];
      const faults = identitySchemaFaults(schema, review);
      return (["schema", "extension"] as const).flatMap((part) =>
        faults[part].map((fault) => ({ ...fault, part, url: `${path}/url` })),
      );
    });
    seen.set(review, found);
  }
  return found;
}

const violationsWhere = (review: Review, matches: (fault: SchemaFault) => boolean): Violation[] =>
  schemaFaults(review)
    // In the text of a schema, nothing is unknown.
    .filter((fault) => fault.sort !== "open" && matches(fault))
    .map((fault) => {
      const { message, remedy } = violationOf(fault, `${fault.path} in the schema`);
      return { path: fault.url, message: `in the schema, at ${fault.path}: ${message}`, remedy };
    });

const schemaValid: Rule = {
  id: "schema-valid",
  severity: "mandatory",
  title: "an identity schema is a JSON Schema of draft 7 whose traits are objects",
  why: WHY,
  source: "ory/kratos v1.3.1 and v26.2.0 embedx/identity_meta.schema.json",
  needs: "declared",
  check: (review) => violationsWhere(review, ({ part }) => part === "schema"),
};

const extensionValid: Rule = {
  id: "schema-extension-valid",
  severity: "mandatory",
  title: "what an identity schema tells kratos about a trait has keys and values that kratos knows",
  why: WHY,
  source: "ory/kratos v1.3.1 and v26.2.0 embedx/identity_extension.schema.json",
  needs: "declared",
  check: (review) =>
    violationsWhere(review, ({ part, topic }) => part === "extension" && topic !== SMS_RECOVERY),
};

const recoveryBySms: Rule = {
  id: "schema-recovery-sms-version",
  severity: "mandatory",
  title: "accounts are recovered by SMS only from kratos 25.4 on",
  why: WHY,
  source: "ory/kratos v1.3.1 embedx/identity_extension.schema.json, recovery.via; sms from v25.4.0 on",
  versions: "before 25.4.0",
  needs: "declared",
  check: (review) => violationsWhere(review, ({ topic }) => topic === SMS_RECOVERY),
};

const urlReadable: Rule = {
  id: "schema-url-readable",
  severity: "mandatory",
  title: "the text of each identity schema can be read",
  why: "kratos does not start; a running one fails every sign-in",
  source: "ory/kratos v1.3.1 driver/config/config.go, validateIdentitySchemas; ory/jsonschema base64loader",
  needs: "declared",
  // Ory Network has schemes of its own, and has read what it shows.
  check: ({ effective, target }) =>
    target === "network"
      ? []
      : elementsAt(effective, "/identity/schemas").flatMap(({ path, value }) =>
          urlFaults(`${path}/url`, readAt(value, "/url")),
        ),
};

function urlFaults(path: string, url: unknown): Violation[] {
  if (isUnknown(url)) return [undecided(path)];
  if (typeof url !== "string") return [];
  const inline = url.startsWith("base64://") ? url.slice("base64://".length) : undefined;
  if (inline !== undefined) {
    if (isBase64(inline)) return [];
    return [
      {
        path,
        message: "the schema's text is no base64",
        remedy: "encode it with padding, and without - and _",
      },
    ];
  }
  if (!isUri(url)) return [];
  if (/^(https?|file):/i.test(url)) return [undecided(path, "remote")];
  return [
    {
      path,
      message: `url is ${shown(url)}, of a scheme that kratos cannot read`,
      remedy: `set ${path} to a URI that starts with base64://, https://, http:// or file://`,
    },
  ];
}

export const identitySchemaRules: Rule[] = [schemaValid, extensionValid, recoveryBySms, urlReadable];
