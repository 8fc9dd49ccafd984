import type { Rule } from "../../policies/rules/rule";
import { ruleConfigs } from "../../policies/rules/rule-configs";

const rule = (id: string, config?: Rule["config"]): Rule => ({
  id,
  severity: "advisory",
  title: "title",
  why: "why",
  source: "source",
  needs: "effective",
  ...(config && { config }),
  check: () => [],
});
const known = [
  rule("plain"),
  rule("lifespan-max", {
    atMost: { type: "string", description: "longest", default: "15m", pattern: "^[0-9]+m$" },
    count: { type: "integer", description: "how many", default: 3, minimum: 1, maximum: 9 },
    strict: { type: "boolean", description: "whether", default: false },
  }),
];
const checked = (value: unknown) => ruleConfigs(value, "ory:rules", known);

test("what can be set is taken as it is", () => {
  const config = { "lifespan-max": { atMost: "10m", count: 9, strict: true } };
  expect(checked(config)).toEqual(config);
  expect(checked({})).toEqual({});
  expect(checked({ "lifespan-max": {} })).toEqual({ "lifespan-max": {} });
});

test.each([
  [[], "ory:rules must map ids of rules to their settings"],
  ["15m", "ory:rules must map ids of rules to their settings"],
  [
    { "lifespan-mx": {} },
    'ory:rules: there is no rule "lifespan-mx"; did you mean lifespan-max? docs/rules.md lists all',
  ],
  [{ plain: {} }, "ory:rules: nothing can be set about plain; remove it"],
  [{ "lifespan-max": "10m" }, "ory:rules: lifespan-max must map atMost, count, strict to values"],
  [
    { "lifespan-max": { most: 1 } },
    'ory:rules: lifespan-max has no setting "most"; it has atMost, count, strict',
  ],
  [
    { "lifespan-max": { toString: 1 } },
    'ory:rules: lifespan-max has no setting "toString"; it has atMost, count, strict',
  ],
  [{ "lifespan-max": { atMost: 10 } }, "ory:rules: atMost of lifespan-max is 10, but must be of type string"],
  [
    { "lifespan-max": { atMost: "10" } },
    'ory:rules: atMost of lifespan-max is "10", but must match ^[0-9]+m$',
  ],
  [
    { "lifespan-max": { count: 1.5 } },
    "ory:rules: count of lifespan-max is 1.5, but must be of type integer",
  ],
  [{ "lifespan-max": { count: 0 } }, "ory:rules: count of lifespan-max is 0, but must be at least 1"],
  [{ "lifespan-max": { count: 10 } }, "ory:rules: count of lifespan-max is 10, but must be at most 9"],
  [
    { "lifespan-max": { strict: null } },
    "ory:rules: strict of lifespan-max is null, but must be of type boolean",
  ],
])("%j is refused with one clear error", (value, message) => {
  expect(() => checked(value)).toThrow(new Error(message));
});
