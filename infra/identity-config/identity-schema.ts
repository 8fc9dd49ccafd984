import { inlineText, isBranch, isUnknown, parsedJson } from "./model";
import { join } from "./path";
import { elementsAt, readAt } from "./reading";

/** Why a text cannot be read. `unknown`: it comes with the update phase. `remote`: it is a URL that only the target reads. */
export type Openness = "unknown" | "remote";

/** What Kratos reads off one trait of an identity schema: its `ory.sh/kratos` object. */
export interface TraitExtension {
  /** Path of the trait in the schema: `/properties/traits/properties/phone`. */
  path: string;
  extension: Record<string, unknown>;
  /** The trait's own `format`; anything, since the schema is untrusted. */
  format?: unknown;
}

/** One element of `identity.schemas`. */
export interface ListedSchema {
  /** Its id as configured; anything, since the document is untrusted. */
  id: unknown;
  /** Path of its `url` in the document. */
  path: string;
  /** Why its text cannot be read, where it cannot; `extensions` is empty then. */
  unreadable?: Openness;
  extensions: TraitExtension[];
}

/** What was read of documents, which never change: many rules ask, and a schema may be long. */
const known = new WeakMap<object, readonly ListedSchema[]>();

/**
 * The identity schemas that `document` lists. A schema that Kratos refuses by itself (no URL, no JSON) has no
 * extensions.
 */
export function identitySchemas(document: unknown): readonly ListedSchema[] {
  if (!isBranch(document)) return [];
  const schemas = known.get(document) ?? listed(document);
  known.set(document, schemas);
  return schemas;
}

function listed(document: unknown): ListedSchema[] {
  return elementsAt(document, "/identity/schemas").map((element) => {
    const url = readAt(element.value, "/url");
    const schema = { id: readAt(element.value, "/id"), path: join(element.path, "url") };
    if (isUnknown(url)) return { ...schema, unreadable: "unknown", extensions: [] };
    const text = inlineText(url);
    if (text !== undefined) return { ...schema, extensions: traitExtensions(parsedJson(text)) };
    return typeof url === "string"
      ? { ...schema, unreadable: "remote", extensions: [] }
      : { ...schema, extensions: [] };
  });
}

const EXTENSION = "ory.sh/kratos";

/** Keywords of JSON Schema draft 7 (and `$defs`) whose value is a schema or a list of schemas. */
const SCHEMA_KEYWORDS = [
  "additionalItems",
  "additionalProperties",
  "allOf",
  "anyOf",
  "contains",
  "else",
  "if",
  "items",
  "not",
  "oneOf",
  "propertyNames",
  "then",
];

/** Keywords whose value maps names to schemas. */
const MAP_KEYWORDS = ["$defs", "definitions", "dependencies", "patternProperties", "properties"];

/**
 * The extensions of every trait in an identity schema, however deep: Kratos runs the extension wherever validation
 * meets it (schema/extension.go), so nested objects, arrays and combinators count. What `$ref` may point at is
 * walked where it is defined, once.
 */
export function traitExtensions(schema: unknown): TraitExtension[] {
  const found: TraitExtension[] = [];
  // A worklist instead of recursion: a hostile schema may be nested deeper than the call stack.
  const open = [{ path: "", node: schema }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, node } = next;
    const extension = isBranch(node) && Object.hasOwn(node, EXTENSION) ? node[EXTENSION] : undefined;
    if (isBranch(extension)) found.push({ path, extension, format: readAt(node, "/format") });
    // Reversed, so that the last in, first out worklist yields them in the schema's order.
    for (const child of subschemas(node, path).reverse()) open.push(child);
  }
  return found;
}

function subschemas(node: unknown, path: string): { path: string; node: unknown }[] {
  if (Array.isArray(node)) {
    return node.map((child, index) => ({ path: join(path, String(index)), node: child }));
  }
  if (!isBranch(node)) return [];
  return Object.entries(node).flatMap(([keyword, value]) => {
    if (SCHEMA_KEYWORDS.includes(keyword)) return [{ path: join(path, keyword), node: value }];
    if (!MAP_KEYWORDS.includes(keyword) || !isBranch(value)) return [];
    return Object.entries(value).map(([name, child]) => ({
      path: join(join(path, keyword), name),
      node: child,
    }));
  });
}

/** The name of the trait at `path`, for messages: `phone`, `contact.phone`. */
export function traitName(path: string): string {
  const names = [...path.matchAll(/\/(?:properties|definitions|\$defs)\/([^/]+)/g)].map(([, name]) => name!);
  return names.filter((name, index) => index > 0 || name !== "traits").join(".") || "identity";
}
