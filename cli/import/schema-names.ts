import { documentOf, leavesOf } from "../../infra/identity-config/leaves";
import { type Document, inlineText, isBranch, parsedJson } from "../../infra/identity-config/model";
import { segments } from "../../infra/identity-config/path";
import { SCHEMA_HASH } from "../../infra/targets/network/behavior";
import { renameSchema, SCHEMAS } from "../../infra/targets/network/schema-ids";
import { unused } from "./names";

/**
 * `document` with identity schemas under names that people can read, where Ory Network calls them by a hash of their
 * content; it finds them by the content.
 */
export function readableSchemas(document: Document): Document {
  const leaves = leavesOf(document);
  const listed = [...leaves].flatMap(([path, url]) => {
    const [, , key, step] = segments(path);
    return path.startsWith(SCHEMAS) && typeof key === "object" && step === "url"
      ? [{ id: key.value, url }]
      : [];
  });
  const taken = new Set(listed.map(({ id }) => id));
  for (const { id, url } of listed) {
    const text = inlineText(url);
    if (!SCHEMA_HASH.test(id) || text === undefined) continue;
    const name = unused(titleOf(text), taken);
    taken.add(name);
    renameSchema(leaves, id, name);
  }
  return documentOf(leaves);
}

function titleOf(text: string): string {
  const schema = parsedJson(text);
  const title = isBranch(schema) && typeof schema.title === "string" ? schema.title : "";
  return (
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 40) || "schema"
  );
}
