import fc from "fast-check";
import { applyPatch } from "rfc6902";
import { keyedPatch } from "../../infra/targets/network/keyed-patch";

/** Names that the library which applies the patches here takes no notice of; a program cannot declare `__proto__`. */
const IGNORED = ["__proto__", "constructor", "prototype"];
const key = fc.string().filter((name) => !IGNORED.includes(name));
const json = fc
  .jsonValue()
  .filter((value) => !IGNORED.some((name) => JSON.stringify(value).includes(JSON.stringify(name))));

/** Providers with a secret that the server does not show; `hidden` puts them back. */
const provider = fc.record({
  id: fc.constantFrom("a", "b", "c", "d", "e/f", "~g", "[h]"),
  client_id: fc.string(),
  scope: fc.array(fc.constantFrom("email", "openid", "profile")),
});
const document = fc.record(
  {
    session: fc.record({ lifespan: fc.constantFrom("1h0m0s", "2h0m0s") }),
    selfservice: fc.record({
      flows: fc.dictionary(key, json),
      methods: fc.record({
        oidc: fc.record({
          config: fc.record({ providers: fc.uniqueArray(provider, { selector: ({ id }) => id }) }),
        }),
      }),
    }),
    identity: fc.record({
      schemas: fc.array(fc.record({ id: fc.constantFrom("x", "y"), url: fc.webUrl() })),
    }),
  },
  { requiredKeys: [] },
);
type Doc = { selfservice?: { methods: { oidc: { config: { providers: { id: string }[] } } } } };
const providersOf = (doc: Doc) => doc.selfservice?.methods.oidc.config.providers ?? [];
const byId = (doc: Doc) => Object.fromEntries(providersOf(doc).map((one) => [one.id, one]));
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe("a patch that knows natural keys", () => {
  it("makes the one of the other, but for the order of keyed elements", () => {
    fc.assert(
      fc.property(document, document, (from, to) => {
        const [before, after] = [plain(from), plain(to)];
        const result = plain({ root: before });
        const failures = applyPatch(result, keyedPatch({ root: before }, { root: after }, "/root") as never);
        expect(failures.filter((failure) => failure !== null)).toEqual([]);
        expect(byId(result.root as Doc)).toEqual(byId(after as Doc));
        const withoutOrder = (doc: Doc) => {
          const copy = plain(doc);
          providersOf(copy).sort((a, b) => (a.id < b.id ? -1 : 1));
          return copy;
        };
        if (new Set((after.identity ?? { schemas: [] }).schemas.map(({ id }) => id)).size < 2)
          expect(withoutOrder(result.root as Doc)).toEqual(withoutOrder(after as Doc));
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps with each element what the server hides in it", () => {
    fc.assert(
      fc.property(document, document, (from, to) => {
        const [before, after] = [plain(from), plain(to)];
        const patch = keyedPatch({ root: before }, { root: after }, "/root");
        const secretly = plain({ root: before });
        for (const one of providersOf(secretly.root as Doc))
          Object.assign(one, { client_secret: `of ${one.id}` });
        applyPatch(secretly, patch as never);
        const known = new Set(Object.keys(byId(before as Doc)));
        // A section that goes and comes again is another one.
        if (before.selfservice === undefined || after.selfservice === undefined) return;
        for (const one of providersOf(secretly.root as Doc) as { id: string; client_secret?: string }[])
          expect(one.client_secret).toBe(known.has(one.id) ? `of ${one.id}` : undefined);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is empty where nothing differs", () => {
    fc.assert(
      fc.property(document, (one) => {
        expect(keyedPatch({ root: plain(one) }, { root: plain(one) }, "/root")).toEqual([]);
      }),
    );
  });
});
