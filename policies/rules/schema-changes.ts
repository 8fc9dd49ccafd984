import { isDeepStrictEqual } from "node:util";
import { canonicalAt } from "../../infra/identity-config/canonical";
import { inlineText, isUnknown, parsedJson } from "../../infra/identity-config/model";
import { elementsAt, readAt, shown } from "../../infra/identity-config/reading";
import { type SchemaChange, schemaChanges } from "../../infra/identity-config/schema-changes";
import { undecided } from "./condition";
import type { Review, Rule, Violation } from "./rule";

const DEFAULT_ID = "/identity/default_schema_id";
const CODE = "/selfservice/methods/code";

/** A listed schema whose text differs under the same id. */
interface Changed {
  /** Path of its `url`. */
  path: string;
  /** What the texts differ in; undefined where one of them cannot be read. */
  changes?: SchemaChange[];
  unknown: boolean;
}

function changedSchemas({ observed, effective }: Review): Changed[] {
  if (observed === undefined) return [];
  const before = new Map(elementsAt(observed, "/identity/schemas").map(({ path, value }) => [path, value]));
  return elementsAt(effective, "/identity/schemas").flatMap(({ path: element, value }) => {
    const path = `${element}/url`;
    const [old, url] = [readAt(before.get(element), "/url"), readAt(value, "/url")];
    if (old === undefined || isDeepStrictEqual(canonicalAt(path, old), canonicalAt(path, url))) return [];
    const [was, is] = [parsedJson(inlineText(old)), parsedJson(inlineText(url))];
    const readable = was !== undefined && is !== undefined;
    return [{ path, ...(readable && { changes: schemaChanges(was, is) }), unknown: isUnknown(url) }];
  });
}

/** One violation for each of `kinds`, a note where texts cannot be read. */
function told(
  review: Review,
  kind: SchemaChange["kind"],
  say: (change: SchemaChange) => Omit<Violation, "path">[],
) {
  return changedSchemas(review).flatMap(({ path, changes, unknown }): Violation[] => {
    if (changes === undefined) return [undecided(path, unknown ? "unknown" : "remote")];
    return changes
      .filter((one) => one.kind === kind)
      .flatMap((one) => say(one).map((said) => ({ path, ...said })));
  });
}

const SOURCE =
  "ory/kratos v1.3.1 identity/manager.go, which validates an identity whenever it is written; seen on 1.3.1 and 26.2.0";

const rejectsStored: Rule = {
  id: "schema-rejects-stored",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "identities that exist still satisfy their schema",
  why: "whoever does not can sign in, but no longer save anything, a new password included",
  source: SOURCE,
  needs: "changes",
  check: (review) => [
    ...told(review, "rejects", ({ message }) => [
      {
        message: `identities that exist may no longer satisfy the schema: ${message}`,
        remedy: "put right the identities that do not before, or give the schema another id for new ones",
      },
    ]),
    ...changedSchemas(review).flatMap(({ path, changes = [] }) =>
      changes
        .filter(({ kind }) => kind === "unclear")
        .map(
          ({ message }): Violation => ({
            path,
            undecided: true,
            message: `cannot tell whether identities that exist still satisfy the schema: ${message}`,
            remedy: "try it on copies of them",
          }),
        ),
    ),
  ],
};

const forgetsTrait: Rule = {
  id: "schema-forgets-trait",
  severity: "advisory",
  title: "a trait that identities have stays in their schema",
  why: "the profile's form no longer has it, and saving the form removes its value",
  source: "seen on kratos 1.3.1 and 26.2.0: a settings flow replaces all traits by those of its form",
  needs: "changes",
  check: (review) =>
    told(review, "forgets", ({ message }) => [
      { message, remedy: "keep the trait, or move its values elsewhere first" },
    ]),
};

const losesIdentifier: Rule = {
  id: "schema-loses-identifier",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "what people sign in by stays an identifier",
  why: "it goes on working until the identity is written next, such as by saving the profile; from then on they cannot sign in by it",
  source: "ory/kratos v1.3.1 identity/extension_credentials.go; seen on 1.3.1 and 26.2.0",
  needs: "changes",
  check: (review) =>
    told(review, "loses", ({ message }) => [
      {
        message: `${message}: whoever does so is locked out once the identity is written again`,
        remedy: "keep it as an identifier, or tell people by what to sign in from now on",
      },
    ]),
};

const needsRewrite: Rule = {
  id: "schema-needs-rewrite",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "identities that exist get the credentials that their schema gains",
  why: "kratos makes credentials when an identity is written; before 25.4, whoever has none is asked for a code that cannot be sent",
  source: "ory/kratos v1.3.1 identity/extension_credentials.go, kratos#3581; seen on 1.3.1 and 26.2.0",
  needs: "changes",
  check: (review) =>
    told(review, "gains", ({ message, credential }) =>
      credential === "code" &&
      readAt(review.effective, `${CODE}/config/missing_credential_fallback_enabled`) === true
        ? []
        : [
            {
              message: `${message}, but of identities that exist only once they are written again`,
              remedy: `write each of them again as it is (PUT /admin/identities/<id>)${credential === "code" ? `, or set ${CODE}/config/missing_credential_fallback_enabled to true` : ""}`,
            },
          ],
    ),
};

const changedInPlace: Rule = {
  id: "schema-changed-in-place",
  severity: "info",
  title: "a changed schema under the same id is meant for identities that exist",
  why: "on a kratos they follow the new text at once; on Ory Network they keep the old one, and only new identities follow the new one",
  source: "ory/kratos v1.3.1 identity/validator.go; ory/docs, identity schemas of Ory Network",
  needs: "changes",
  check: (review) =>
    changedSchemas(review).map(({ path }) => ({
      path,
      message:
        review.target === "network"
          ? "the text of this schema changes: identities that exist keep the old one"
          : "the text of this schema changes: identities that exist follow it from now on",
      remedy: "give it another id if it is meant for new identities only",
    })),
};

const unlisted: Rule = {
  id: "schema-unlisted",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "a schema that identities follow stays listed",
  why: "kratos fails with a server error wherever it meets them: they cannot sign in, and the Admin API cannot read them",
  source: "ory/kratos v1.3.1 schema/schema.go, Schemas.GetByID; seen on 1.3.1 and 26.2.0",
  needs: "changes",
  check({ observed, effective }) {
    const listed = elementsAt(effective, "/identity/schemas");
    if (observed === undefined || listed.some(({ value }) => isUnknown(readAt(value, "/id")))) return [];
    const ids = listed.map(({ value }) => readAt(value, "/id"));
    return elementsAt(observed, "/identity/schemas").flatMap(({ path, value }) => {
      const id = readAt(value, "/id");
      if (id === undefined || ids.includes(id)) return [];
      return [
        {
          path: `${path}/url`,
          message: `the schema ${shown(id)} is no longer listed: identities that follow it can no longer sign in`,
          remedy: "keep it listed, or move all identities to another schema first",
        },
      ];
    });
  },
};

const defaultSwitch: Rule = {
  id: "default-schema-switch",
  severity: "info",
  severityInProd: "advisory",
  title: "another default schema is meant for new identities only",
  why: "identities that exist keep the schema that they were made with",
  source: "ory/kratos v1.3.1 identity/identity.go, SchemaID, which is stored; seen on 1.3.1 and 26.2.0",
  needs: "changes",
  check({ observed, effective }) {
    const [old, id] = [observed, effective].map((one) => readAt(one, DEFAULT_ID) ?? "default");
    const had = elementsAt(observed, "/identity/schemas").some(({ value }) => readAt(value, "/id") === old);
    if (!had || isUnknown(id) || old === id) return [];
    return [
      {
        path: DEFAULT_ID,
        message: `the default schema becomes ${shown(id)}: identities that exist keep theirs, most of them ${shown(old)}`,
        remedy: "move identities that should follow it, too (PUT /admin/identities/<id> with schema_id)",
      },
    ];
  },
};

export const schemaChangeRules: Rule[] = [
  rejectsStored,
  forgetsTrait,
  losesIdentifier,
  needsRewrite,
  changedInPlace,
  unlisted,
  defaultSwitch,
];
