import { isUnknown } from "../../infra/identity-config/model";
import { undecided } from "./condition";
import { elementsAt, readAt, shown } from "./document";
import { identitySchemas } from "./identity-schema";
import type { Rule } from "./rule";

const DEFAULT_ID = "/identity/default_schema_id";

const defaultSchemaExists: Rule = {
  id: "default-schema-exists",
  severity: "mandatory",
  title: "the default identity schema is one of the listed ones",
  why: "kratos starts, then every sign-in and sign-up fails with a server error",
  source: "ory/kratos v1.3.1 driver/config/config.go, DefaultIdentityTraitsSchemaURL; not checked at load",
  needs: "effective",
  check({ effective }) {
    const id = readAt(effective, DEFAULT_ID) ?? "default";
    const listed = identitySchemas(effective);
    // Kratos itself refuses a config without any schema.
    if (listed.length === 0 || listed.some((schema) => schema.id === id)) return [];
    if (isUnknown(id)) return [undecided(DEFAULT_ID)];
    const open = elementsAt(effective, "/identity/schemas").find(({ value }) =>
      isUnknown(readAt(value, "/id")),
    );
    if (open) return [undecided(open.path)];
    const ids = listed.map((schema) => shown(schema.id)).join(", ");
    return [
      {
        path: DEFAULT_ID,
        message: `default_schema_id is ${shown(id)}, but the listed schemas are ${ids}`,
        remedy: `set ${DEFAULT_ID} to a listed id, or list a schema with the id ${shown(id)}`,
      },
    ];
  },
};

export const schemaRules: Rule[] = [defaultSchemaExists];
