import * as fc from "fast-check";
import { canonical, canonicalLeaves } from "../../infra/identity-config/canonical";
import { type Baseline, changesBetween, ownedPaths, plan } from "../../infra/identity-config/change-set";
import { stepLine as line } from "../../infra/identity-config/describe";
import { documentOf, leavesOf, setLeaf } from "../../infra/identity-config/leaves";
import { type Document, inlineUri, UNKNOWN } from "../../infra/identity-config/model";
import { secretPlaces } from "../../infra/identity-config/references";
import { mapScalars, scalarsOf } from "../../infra/identity-config/scalars";
import { documents, respelled } from "./documents";

const baseline = (effective: Document, rest: Partial<Baseline> = {}): Baseline => ({
  effective,
  defaults: {},
  managed: [],
  ...rest,
});
const intent = (declared: Document, rest = {}) => ({
  declared,
  owned: [],
  release: [],
  secrets: [],
  ...rest,
});

const mfa = (mfa_enabled: boolean, more: Document = {}): Document => ({
  selfservice: { methods: { code: { mfa_enabled, ...more } } },
});
const PATH = "/selfservice/methods/code/mfa_enabled";

const HARDENS = { effect: "hardening", reason: "a session needs a code as second factor" };
const WEAKENS = {
  effect: "weakening",
  reason: "sessions without a code as second factor become valid",
};

describe("a plan", () => {
  it("that is applied leaves nothing to do", () => {
    fc.assert(
      fc.property(documents, documents, documents, (effective, declared, owned) => {
        const first = plan(baseline(effective), intent(declared, { owned: ownedPaths(owned) }));
        const again = plan(baseline(first.after), intent(declared, { owned: ownedPaths(declared) }));
        expect(again.changes).toEqual([]);
        expect(again.after).toEqual(first.after);
      }),
    );
  });

  it("puts every declared value in force", () => {
    fc.assert(
      fc.property(documents, documents, (effective, declared) => {
        const { after } = plan(baseline(effective), intent(declared));
        const inForce = canonicalLeaves(after);
        for (const [path, value] of canonicalLeaves(declared)) {
          // An empty object says nothing where something below it is in force.
          if (JSON.stringify(value) !== "{}") expect(inForce.get(path)).toEqual(value);
        }
      }),
    );
  });

  it("lists exactly the leaves that differ, and patching them in gives what will be in force", () => {
    fc.assert(
      fc.property(documents, documents, (before, after) => {
        const leaves = canonicalLeaves(before);
        for (const change of changesBetween(canonicalLeaves(before), canonicalLeaves(after))) {
          expect("before" in change).toBe(leaves.has(change.path));
          const wanted = canonicalLeaves(after).get(change.path);
          if (wanted === undefined) leaves.delete(change.path);
          else leaves.set(change.path, wanted);
        }
        expect(leaves).toEqual(new Map([...canonicalLeaves(after)]));
      }),
    );
  });

  it("of documents as they are spelled is that of their canonical forms", () => {
    fc.assert(
      fc.property(fc.array(documents, { minLength: 4, maxLength: 4 }), (given) => {
        const planned = ([effective, declared, defaults, old]: Document[], owned = ownedPaths(old!)) =>
          plan(baseline(effective!, { defaults: defaults! }), intent(declared!, { owned }));
        const asSpelled = planned(given);
        const ofCanonical = planned(given.map(canonical));
        expect(asSpelled.changes).toEqual(ofCanonical.changes);
        expect(canonical(asSpelled.after)).toEqual(ofCanonical.after);
      }),
    );
  });

  it("has no change where what is declared is in force in another spelling", () => {
    fc.assert(
      fc.property(documents, (effective) => {
        expect(plan(baseline(effective), intent(respelled(effective))).changes).toEqual([]);
      }),
    );
  });

  it("puts new values in force in their canonical spelling", () => {
    fc.assert(
      fc.property(documents, (declared) => {
        expect(plan(baseline({}), intent(declared)).after).toEqual(canonical(declared));
      }),
    );
  });

  it("leaves alone what nobody declares", () => {
    fc.assert(
      fc.property(documents, (effective) => {
        expect(plan(baseline(effective), intent({})).changes).toEqual([]);
      }),
    );
  });

  it("shows the live value before, not the last declared one", () => {
    expect(plan(baseline(mfa(false)), intent(mfa(true))).changes).toEqual([
      { path: PATH, before: false, after: true, ...HARDENS },
    ]);
  });

  it("resets a path that leaves the declaration to what it falls back to", () => {
    const owned = [PATH];
    expect(plan(baseline(mfa(true)), intent({}, { owned })).changes).toEqual([
      { path: PATH, before: true, ...WEAKENS },
    ]);
    expect(plan(baseline(mfa(true), { defaults: mfa(false) }), intent({}, { owned })).changes).toEqual([
      { path: PATH, before: true, after: false, ...WEAKENS },
    ]);
  });

  it("lets a released path go as it stands", () => {
    const released = intent({}, { owned: [PATH], release: ["/selfservice/methods/code"] });
    expect(plan(baseline(mfa(true)), released).changes).toEqual([]);
  });

  it("undoes what only our own file holds and nobody declares", () => {
    expect(plan(baseline(mfa(true), { managed: [PATH] }), intent({})).changes).toEqual([
      { path: PATH, before: true, ...WEAKENS },
    ]);
  });

  it("has no change where a declared value is in force already", () => {
    expect(plan(baseline(mfa(true)), intent(mfa(true))).changes).toEqual([]);
  });

  it("keeps an unknown leaf from hiding the others", () => {
    const declared = mfa(true, { config: UNKNOWN });
    expect(plan(baseline(mfa(false)), intent(declared)).changes).toEqual([
      { path: "/selfservice/methods/code/config", after: UNKNOWN, effect: "unknown" },
      { path: PATH, before: false, after: true, ...HARDENS },
    ]);
  });

  it("tells a changed secret without showing it", () => {
    const smtp = (connection_uri: string) => ({ courier: { smtp: { connection_uri } } });
    const changes = plan(baseline(smtp("smtp://a:canary-1@m")), intent(smtp("smtp://a:canary-2@m"))).changes;
    expect(changes).toEqual([
      { path: "/courier/smtp/connection_uri", before: "[secret]", after: "[secret]", effect: "neutral" },
    ]);
  });

  it("handles keyed elements one by one", () => {
    const channel = (id: string, url: string) => ({ id, request_config: { url } });
    const before = { courier: { channels: [channel("sms", "https://a"), channel("other", "https://o")] } };
    const declared = { courier: { channels: [channel("sms", "https://b")] } };
    const { changes, after } = plan(baseline(before), intent(declared));
    expect(changes.map(line)).toEqual([
      '/courier/channels[id=sms]/request_config/url: "https://a" => "https://b"',
    ]);
    expect(after).toEqual(
      canonical({ courier: { channels: [channel("other", "https://o"), channel("sms", "https://b")] } }),
    );
  });
});

describe("a change's line", () => {
  it("shows the first line of a text that differs", () => {
    expect(line({ path: "/x", before: "a\nb\nc", after: "a\nB\nc" })).toBe(
      '/x: line 2 of the text: "b" => "B"',
    );
  });

  it("decodes inlined texts", () => {
    const leaves = (text: string) => new Map([["/x", inlineUri(text)]]);
    expect(changesBetween(leaves("a\n"), leaves("b\n"))).toEqual([
      { path: "/x", before: "a\n", after: "b\n", effect: "unknown" },
    ]);
  });

  const hooks = (config: object, ...more: object[]) => [{ hook: "web_hook", config }, ...more];
  const between = (before: unknown, after: unknown, path = "/hooks") =>
    changesBetween(new Map([[path, before]]), new Map([[path, after]])).map(line);

  it("names the one element and field that differs in an array, and its first line", () => {
    expect(between(hooks({ url: "a" }), hooks({ url: "b" }))).toEqual(['/hooks/0/config/url: "a" => "b"']);
    const body = (text: string) => hooks({ url: "a", body: inlineUri(text) });
    expect(between(body("{\n  a: 1\n}"), body("{\n  a: 2\n}"))).toEqual([
      '/hooks/0/config/body: line 2 of the text: "a: 1" => "a: 2"',
    ]);
  });

  it("shows what holds more than one difference as a whole", () => {
    const session = { hook: "session" };
    expect(between([session], [])).toEqual(['/hooks: [{"hook":"session"}] => []']);
    expect(between([{ a: 1, b: 1 }], [{ a: 2, b: 2 }])).toEqual(['/hooks/0: {"a":1,"b":1} => {"a":2,"b":2}']);
    expect(line({ path: "/hooks", before: {}, after: UNKNOWN })).toBe("/hooks: {} => (known after apply)");
  });

  it("says that a secret inside an array differs, without it", () => {
    const auth = (value: string) => hooks({ auth: { config: { value } } });
    expect(between(auth("canary-1"), auth("canary-2"))).toEqual(["/hooks: a secret in it differs"]);
  });

  it("cuts what is too long and says how long it is", () => {
    expect(line({ path: "/x", after: "y".repeat(300) })).toMatch(
      /^\/x: \(default\) => "y+… \(302 characters\)$/,
    );
  });
});

test("whatever is live where the program has a secret is shown as a secret", () => {
  fc.assert(
    fc.property(documents, fc.nat(), (document, pick) => {
      const places = scalarsOf(document).flatMap(([path]) => (path.endsWith("/id") ? [] : path));
      fc.pre(places.length > 0);
      const place = places[pick % places.length];
      const having = (value: string) =>
        mapScalars("", document, (path, scalar) => (path === place ? value : scalar)) as Document;
      const isSecret = secretPlaces(having("secret:key"));
      const { changes } = plan(baseline(having("canary")), intent(having("other"), { isSecret }));
      expect(changes).toHaveLength(1);
      expect(JSON.stringify(changes)).toContain("[secret]");
      expect(JSON.stringify(changes)).not.toContain("canary");
    }),
  );
  const hooks = (...values: string[]) => ({ after: { hooks: values.map((key) => ({ config: { key } })) } });
  const isSecret = secretPlaces(hooks("secret:one"));
  const { changes } = plan(baseline(hooks("canary", "canary")), intent(hooks("new"), { isSecret }));
  expect(JSON.stringify(changes)).not.toContain("canary");
});

describe("setting a leaf", () => {
  it("drops what stood below and, as a leaf, above it", () => {
    const leaves = leavesOf({ a: { b: { c: 1 } }, d: 2 });
    setLeaf(leaves, "/a/b", 3);
    setLeaf(leaves, "/d/e", 4);
    expect(documentOf(leaves)).toEqual({ a: { b: 3 }, d: { e: 4 } });
  });

  it("takes an empty object for asking for nothing below it", () => {
    const baseline = { effective: { session: { lifespan: "1h" } }, defaults: {}, managed: [] };
    const intent = { declared: { session: {}, cookies: {} }, owned: [], release: [], secrets: [] };
    const { after, changes } = plan(baseline, intent);
    expect(after).toEqual({ session: { lifespan: "1h" }, cookies: {} });
    expect(changes).toEqual([{ path: "/cookies", after: {}, effect: "neutral" }]);
    expect(ownedPaths(intent.declared)).toEqual([]);
  });
});
