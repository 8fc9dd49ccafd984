import { type Document, inlineUri } from "../infra/identity-config/model";

const SIZE = 1_000_000;

/**
 * About 1 MB of what makes configurations large: identity schemas as texts, channels, and single values.
 * @param changed How many of the single values are other ones. Default: none.
 */
export function largeDocument(changed = 0): Document {
  const traits = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`trait${index}`, { type: "string", title: `Trait ${index}` }]),
  );
  const schema = (title: string) =>
    inlineUri(JSON.stringify({ title, properties: { traits: { properties: traits } } }));
  const values: Record<string, string> = {};
  const document: Document = {
    identity: {
      schemas: Array.from({ length: 100 }, (_, index) => ({
        id: `schema-${index}`,
        url: schema(`Schema ${index}`),
      })),
    },
    courier: {
      channels: Array.from({ length: 500 }, (_, index) => ({
        id: `channel-${index}`,
        type: "http",
        request_config: {
          method: "POST",
          url: `https://channel-${index}.shop.example/send`,
          body: "base64://e30=",
        },
      })),
    },
    values,
  };
  for (let index = 0, size = JSON.stringify(document).length; size < SIZE; index++) {
    values[`value-${index}`] = index < changed ? "another value of this kind" : "the value that is there";
    size += 45;
  }
  return document;
}
