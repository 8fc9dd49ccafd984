import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { rulesPage } from "../../docs/rules-page";
import { type Document, inlineUri, UNKNOWN } from "../../infra/identity-config/model";
import { findings, rules } from "../../policies/rules";
import type { Review } from "../../policies/rules/rule";
import { reviewOf, schemaUrl } from "./review";

const code = (method: Document): Document => ({ selfservice: { methods: { code: method } } });

test("every rule has an id of its own, a title, a reason and a source", () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const rule of rules) {
    expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const text of [rule.title, rule.why, rule.source]) expect(text).toMatch(/^.*[^.]$/s);
  }
});

test("docs/rules.md is what `npm run docs` makes of the rules", () => {
  expect(readFileSync(join(__dirname, "../../docs/rules.md"), "utf8")).toBe(rulesPage(rules));
});

test("the README names no rule that does not exist, and links the page of all", () => {
  const readme = readFileSync(join(__dirname, "../../README.md"), "utf8");
  const section = /^## Rules$(.*?)^## /ms.exec(readme)![1]!;
  expect(section).toContain("(docs/rules.md)");
  const named = [...section.matchAll(/\(docs\/rules\.md#([^)]*)\)/g)].map(([, id]) => id);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
});

test("findings carry the rule's id and come by path, whatever the order of the keys", () => {
  const toggles = { passwordless_enabled: true, mfa_enabled: true };
  const of = ["code-unknown-key", "code-mfa-xor-passwordless"];
  const found = findings(reviewOf(code({ ...toggles, livespan: "1h", aaa: 1 }))).filter(({ rule }) =>
    of.includes(rule),
  );
  expect(found.map(({ rule, path }) => [rule, path.split("/code/")[1]])).toEqual([
    ["code-unknown-key", "aaa"],
    ["code-unknown-key", "livespan"],
    ["code-mfa-xor-passwordless", "mfa_enabled"],
  ]);
});

test("before the target is read, only the declaration counts", () => {
  const review = reviewOf(code({ mfa_enabled: true, passwordless_enabled: true }), {
    declared: code({ mfa_enabled: true }),
  });
  expect(findings(review, "declared")).toEqual([]);
  expect(findings(review).map(({ rule }) => rule)).toContain("code-mfa-xor-passwordless");
});

test("a rule that needs what is live stays silent before the target is read", () => {
  const declared = { identity: { schemas: [{ id: "customer", url: schemaUrl({ name: {} }) }] } };
  expect(findings(reviewOf(declared), "declared")).toEqual([]);
  expect(findings(reviewOf(declared), "effective").map(({ rule }) => rule)).toContain(
    "default-schema-exists",
  );
});

/** Any JSON, but shaped like a config often enough to reach the rules: their keys, with anything below them. */
const hostile = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.constantFrom(null, true, false, "aal1", "sms", "default", "", 0, UNKNOWN, "file:///x"),
    fc.jsonValue(),
    fc.jsonValue().map((value) => inlineUri(JSON.stringify(value) ?? "")),
    fc.string().map(inlineUri),
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ..."identity schemas default_schema_id id url courier channels type request_config body method".split(
          " ",
        ),
        ..."selfservice methods code config mfa_enabled passwordless_enabled enabled session whoami".split(
          " ",
        ),
        ..."recovery verification login after hooks hook password use link headers url smtp http".split(" "),
        ..."lifespan max_submissions delivery_strategy connection_uri feature_flags totp log".split(" "),
        ..."flows settings required_aal webauthn __proto__ constructor toString unknown".split(" "),
      ),
      tie("node"),
      { noNullPrototype: false },
    ),
  ),
})).node;

test("no document makes a rule throw", () => {
  fc.assert(
    fc.property(
      hostile,
      hostile,
      fc.constantFrom("1.3.1", "25.4.0", undefined, "newest"),
      fc.constantFrom("kratos" as const, "network" as const),
      (declared, effective, kratosVersion, target) => {
        const review = { declared, effective, kratosVersion, target } as Review;
        for (const needs of [undefined, "declared", "effective"] as const) {
          for (const { path, message, remedy } of findings(review, needs)) {
            expect([path, message, remedy].every((text) => typeof text === "string" && text !== "")).toBe(
              true,
            );
          }
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("whole configs with one odd value anywhere do not make a rule throw either", () => {
  const places: ((odd: unknown) => unknown)[] = [
    (odd) => ({
      identity: {
        schemas: [
          { id: "default", url: schemaUrl({ "ory.sh/kratos": { "ory.sh/kratos": odd } as Document }) },
        ],
      },
      selfservice: { methods: { code: { mfa_enabled: true } } },
    }),
    (odd) => ({ identity: { schemas: [{ id: "default", url: inlineUri(JSON.stringify(odd) ?? "") }] } }),
    (odd) => ({ identity: { default_schema_id: odd, schemas: [odd, { id: odd, url: odd }] } }),
    (odd) => ({ courier: { channels: [odd, { id: "sms", type: odd, request_config: odd }] } }),
    (odd) => ({ courier: { channels: [{ id: odd, request_config: { body: odd, method: odd } }] } }),
    (odd) => ({ selfservice: { methods: { code: { mfa_enabled: true, enabled: odd, config: odd } } } }),
    (odd) => ({
      courier: { smtp: { connection_uri: odd }, http: { request_config: { url: odd, headers: odd } } },
    }),
    (odd) => ({ selfservice: { flows: { login: { after: { hooks: odd, password: { hooks: [odd] } } } } } }),
    (odd) => ({
      selfservice: { flows: { recovery: { enabled: true, use: odd, after: odd }, settings: odd } },
    }),
    (odd) => ({ selfservice: { methods: odd, flows: { settings: { required_aal: odd } } } }),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...places), hostile, (place, odd) => {
      expect(() => findings(reviewOf(place(odd) as Document))).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});
