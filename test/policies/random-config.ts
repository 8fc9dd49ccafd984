import fc from "fast-check";
import { DOCUMENT } from "../../infra/identity-config/keys/document";
import { isKnown } from "../../infra/identity-config/keys/faults";
import type { Keys, Kind, When } from "../../infra/identity-config/keys/kind";
import type { Running } from "../../infra/identity-config/kratos-version";
import type { Document, Json } from "../../infra/identity-config/model";
import { readAt } from "../../infra/identity-config/reading";
import { type Change, changed } from "./random-change";
import { schemaUrl, trait } from "./review";

const SCHEMA = schemaUrl({ email: trait({ credentials: { password: { identifier: true } } }) });

type Tree = { [key: string]: Json };

/**
 * Configs of any keys that `running` knows, with up to two changes of which most make Kratos refuse them. The identity
 * schema is always a valid one.
 */
export function randomConfig(running: Running): fc.Arbitrary<Document> {
  const valid = valuesOf(DOCUMENT, running) as fc.Arbitrary<Tree>;
  const change: fc.Arbitrary<Change> = fc.record({
    at: fc.nat(),
    how: fc.nat(),
    pick: fc.nat(),
    text: oddText,
  });
  return fc
    .tuple(valid, fc.array(change, { maxLength: 2 }))
    .map(([config, changes]) => changes.reduce((one, next) => changed(one, next, running), complete(config)));
}

/** Pieces of URLs and durations, put together in any order. */
const oddText = fc
  .array(
    fc.constantFrom(
      ..."http https :// : / // // % %41 %zz [ ] [::1] @ # ? base64:// file:// smtp * . 15 m h s é".split(
        " ",
      ),
      ...' |\\|\u0000|\n|shop.example|a|b|x y|&|=|{|}|"|<|`|^|🔑'.split("|"),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(""))
  // What Go makes of these depends on its version.
  .map((text) => (/\/\/[^/?#]*([[\]]|:[^/?#]*:)/.test(text) ? "" : text));

/** Mostly the key is left out, so that configs stay small. */
const sometimes = (arbitrary: fc.Arbitrary<Json>, weight: number): fc.Arbitrary<Json | undefined> =>
  fc.oneof({ weight: 10 - weight, arbitrary: fc.constant(undefined) }, { weight, arbitrary });

function valuesOf(kind: Kind, running: Running): fc.Arbitrary<Json> {
  switch (kind.is) {
    case "anything":
      return fc.constantFrom<Json[]>(true, "x", null, 3, {}, []);
    case "scalar":
      return fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...kind.samples.right) },
        { weight: 1, arbitrary: oddText.map((text) => (kind.accepts(text) ? text : kind.samples.right[0]!)) },
      );
    case "choice":
      return fc.constantFrom(
        ...kind.options.filter((one) => isKnown(running, one)).map(({ value }) => value),
      );
    case "list": {
      const of = valuesOf(kind.of, running);
      const limits = { minLength: kind.min ?? 0, maxLength: 3 };
      return kind.unique
        ? fc.uniqueArray(of, { ...limits, selector: (value) => JSON.stringify(value) })
        : fc.array(of, limits);
    }
    case "map":
      return fc.dictionary(fc.constantFrom("userinfo", "x-header", "a.b", "ü"), valuesOf(kind.of, running), {
        noNullPrototype: true,
        maxKeys: 2,
      }) as fc.Arbitrary<Json>;
    case "variants":
      return fc.oneof(
        ...Object.entries(kind.of)
          .filter(([, variant]) => isKnown(running, variant))
          .map(([name, variant]) =>
            valuesOf(variant, running).map((value) => ({ ...(value as Tree), [kind.by]: name })),
          ),
      );
    case "keys":
      return objectsOf(kind, running);
    default:
      throw new Error(`no values of ${kind.is}`);
  }
}

function objectsOf(kind: Keys, running: Running): fc.Arbitrary<Json> {
  const known = Object.entries(kind.keys).filter(([, below]) => isKnown(running, below));
  const fields = known.map(([name, below]) => {
    const values = valuesOf(below, running);
    if (kind.required?.includes(name)) return [name, values] as const;
    return [name, sometimes(values, below.is === "keys" ? 5 : 2)] as const;
  });
  return fc.record(Object.fromEntries(fields), { noNullPrototype: true }).map((fieldsOf) => {
    const object = Object.fromEntries(Object.entries(fieldsOf).filter(([, value]) => value !== undefined));
    return (kind.when ?? []).reduce((node, when) => obeying(node, when), object as Tree);
  });
}

/** `node` with what `when` needs, and without what it excludes. */
function obeying(node: Tree, when: When): Tree {
  const value = readAt(node, when.at) as Json | undefined;
  if (value === undefined || (when.is && !when.is.includes(value)) || when.isNot?.includes(value))
    return node;
  const excluded = (when.excludes ?? []).map(({ key }) => key);
  const kept = Object.fromEntries(Object.entries(node).filter(([key]) => !excluded.includes(key)));
  for (const path of when.needs ?? []) {
    if (readAt(kept, path) !== undefined) continue;
    const [, first, second] = path.split("/") as [string, string, string?];
    if (second === undefined) kept[first] = first === "config" ? {} : "needed";
    else kept[first] = { ...(kept[first] as Tree), [second]: ["x".repeat(32)] };
  }
  return kept;
}

/** `config` with identity schemas that can be read, and codes as one factor only. */
function complete(config: Tree): Document {
  const identity = config.identity as Tree;
  const schemas = (identity.schemas as Tree[]).map((schema) => ({ ...schema, url: SCHEMA }));
  const document = { ...config, identity: { ...identity, schemas } } as Document;
  const code = readAt(document, "/selfservice/methods/code") as Tree | undefined;
  if (code?.mfa_enabled === true) code.passwordless_enabled = false;
  return document;
}
