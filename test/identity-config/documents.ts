import * as fc from "fast-check";
import type { Document } from "../../infra/identity-config/model";

/** Texts that mean the same: as a duration, as inlined JSON, as an inlined text padded and not. */
const SPELLINGS = [
  ["90s", "1m30s"],
  ["base64://eyAiYSI6IDEgfQ==", "base64://eyAiYSI6IDEgfQ", "base64://eyJhIjoxfQ=="],
  ["base64://ZnVuY3Rpb24oY3R4KSB7fQ==", "base64://ZnVuY3Rpb24oY3R4KSB7fQ"],
] as const;

/** Scalars and atomic arrays, durations and inlined JSON among them. */
const leaf = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.constantFrom("", "15m", "1h30m", "text", "a/b~[c]"),
  ...SPELLINGS.map((texts) => fc.constantFrom(...texts)),
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

/** `document` with each text in the next of its spellings. */
export function respelled(document: Document): Document {
  return JSON.parse(JSON.stringify(document), (key, value) => {
    const texts: readonly unknown[] = SPELLINGS.find((all) => all.some((text) => text === value)) ?? [value];
    const isPlain = texts === SPELLINGS[0] && !["lifespan", "ttl"].includes(key);
    return isPlain ? value : texts[(texts.indexOf(value) + 1) % texts.length];
  });
}
