import { identitySchemas } from "../../infra/identity-config/identity-schema";
import { inlineText, isBranch, isUnknown } from "../../infra/identity-config/model";
import { elementsAt, readAt, shown } from "../../infra/identity-config/reading";
import { undecided } from "./condition";
import type { Rule } from "./rule";

const DEFAULT_ID = "/identity/default_schema_id";

const defaultSchemaExists: Rule = {
  id: "default-schema-exists",
  waivable: false,
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

const schemaIsJson: Rule = {
  id: "schema-is-json",
  severity: "mandatory",
  title: "an identity schema is a JSON object that kratos reads to its end",
  why: "kratos does not start, and says neither which schema it means nor what is wrong with it",
  source: "ory/kratos v1.3.1 driver/config/config.go, validateIdentitySchemas and its LimitReader",
  needs: "declared",
  check: ({ effective }) =>
    elementsAt(effective, "/identity/schemas").flatMap(({ path, value }) => {
      const text = inlineText(readAt(value, "/url"));
      const fault = text === undefined ? undefined : (sizeFault(text) ?? jsonFault(text));
      return fault === undefined ? [] : [{ path: `${path}/url`, ...fault }];
    }),
};

/** Kratos reads 1 MiB of a schema, and fails on the rest that is missing; the marker of a revision needs its place. */
const LARGEST = 1024 * 1024 - 100;

interface Fault {
  message: string;
  remedy: string;
}

function sizeFault(text: string): Fault | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes <= LARGEST) return undefined;
  return { message: `the schema has ${bytes} bytes, of which kratos reads ${LARGEST}`, remedy: "shorten it" };
}

function jsonFault(text: string): Fault | undefined {
  const reason = notAnObject(text);
  if (reason === undefined) return undefined;
  return {
    message: `the schema is no JSON object: ${reason}`,
    remedy: 'write it as a JSON Schema: { "type": "object", … }',
  };
}

function notAnObject(text: string): string | undefined {
  if (text.trim() === "") return "it is empty";
  if (text.startsWith("\ufeff")) return "it begins with a byte order mark";
  try {
    const schema: unknown = JSON.parse(text);
    if (isBranch(schema)) return undefined;
    return Array.isArray(schema)
      ? "it is a list"
      : `it is ${schema === null ? "null" : `a ${typeof schema}`}`;
  } catch (error) {
    // Newer versions of Node add the line, and a piece of the text may hold line breaks.
    return (error as Error).message.replace(/ \(line \d+ column \d+\)$/, "").replace(/\s+/g, " ");
  }
}

export const schemaRules: Rule[] = [defaultSchemaExists, schemaIsJson];
