import * as fc from "fast-check";
import type { Document } from "../../infra/identity-config/model";

/** Scalars and atomic arrays, durations and inlined JSON among them. */
const leaf = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.constantFrom("", "15m", "90s", "1h30m", "text", "a/b~[c]", "base64://eyAiYSI6IDEgfQ=="),
  fc.constant(null),
  fc.array(fc.constantFrom("x", "y", "z"), { maxLength: 3 }),
  fc.constant({}),
);

const name = fc.constantFrom("code", "enabled", "lifespan", "ttl", "config", "a/b", "~", "[x]", "__proto__");

const tree: fc.Arbitrary<Document> = fc.letrec<{ node: Document }>((tie) => ({
  node: fc.dictionary(name, fc.oneof({ depthSize: "small" }, leaf, tie("node")), { maxKeys: 4 }) as never,
})).node;

const keyed = (fields: fc.Arbitrary<Document>) =>
  fc
    .dictionary(fc.constantFrom("sms", "a", "b/c", "d]"), fields, { maxKeys: 3 })
    .map((elements) => Object.entries(elements).map(([id, element]) => ({ ...element, id })));

/** Documents with keyed arrays, odd keys and every kind of leaf. */
export const documents: fc.Arbitrary<Document> = fc
  .record(
    {
      selfservice: tree,
      session: tree,
      courier: fc.record({ channels: keyed(tree) }, { requiredKeys: [] }),
      identity: fc.record({ schemas: keyed(tree) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  )
  .map((document) => document as Document);
