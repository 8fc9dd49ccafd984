import { parse } from "yaml";
import { changesBetween } from "../../infra/identity-config/change-set";
import { leavesOf } from "../../infra/identity-config/leaves";
import { type Document, inlineUri } from "../../infra/identity-config/model";
import { promotionReview } from "../../infra/identity-config/promotion/gate";
import { promotableOf } from "../../infra/identity-config/promotion/promotable";
import { mapScalars } from "../../infra/identity-config/scalars";
import { plainSecrets, REDACTED } from "../../infra/identity-config/sensitive";
import { type Example, examples } from "../../policies/examples";
import { rules } from "../../policies/rules";
import { LOAD_RULES, refusals } from "./load-verdict";
import { violations, whole } from "./review";

const NAMED = Object.entries(examples);

/** The config of an example, with the files that stand behind it inlined. */
function read(text: string): Document {
  const [config, ...files] = text.split(/^---\n/m);
  const texts = new Map(
    files.map((file) => {
      const [, name, content] = /^# (\S+)\n([\s\S]*)$/.exec(file)!;
      return [`file://${name}`, inlineUri(content!)];
    }),
  );
  const used = new Set<unknown>();
  const document = mapScalars("", parse(config!), (_path, value) => {
    used.add(value);
    return texts.get(value as string) ?? value;
  });
  return { document, unused: [...texts.keys()].filter((name) => !used.has(name)) } as unknown as Document;
}

const configIn = (text: string): Document => read(text).document as Document;

/** What the rule says of one config of its example. */
function told(id: string, { before, lower, ...example }: Example, text: string) {
  // Whatever Kratos cannot do without is there.
  const config = LOAD_RULES.includes(id) ? whole(configIn(text)) : configIn(text);
  const observed = before === undefined ? undefined : configIn(before);
  const running = {
    target: example.target ?? "kratos",
    kratosVersion: example.kratosVersion ?? "1.3.1",
  } as const;
  return violations(id, config, {
    ...running,
    environment: "prod",
    plain: plainSecrets(config),
    ...(observed && {
      observed,
      changes: changesBetween(leavesOf(observed), leavesOf(config), [], running),
    }),
    ...(lower !== undefined && {
      lower: { name: "staging", effective: configIn(lower) },
      promotion: promotionReview(
        { from: "staging", proven: { promotable: promotableOf(configIn(lower), {})! } },
        promotableOf(config, {}),
        undefined,
        [],
      ),
    }),
  });
}

test("every rule has an example, and there are no others", () => {
  expect(NAMED.map(([id]) => id).sort()).toEqual(rules.map(({ id }) => id).sort());
});

test.each(NAMED)("the example of %s violates it, and its repair does not", (id, example) => {
  expect(told(id, example, example.bad).filter(({ undecided }) => !undecided)).not.toEqual([]);
  expect(told(id, example, example.good)).toEqual([]);
});

test.each(NAMED)("the repair in the example of %s is one that kratos loads", (_id, example) => {
  const version = example.kratosVersion ?? "1.3.1";
  if (example.target === "network") return;
  // What a reference to a secret is replaced by, the provider has judged.
  const config = mapScalars("", configIn(example.good), (_path, value) =>
    typeof value === "string" && value.startsWith("secret:") ? REDACTED : value,
  );
  expect(refusals(whole(config as Document), version)).toEqual([]);
});

test.each(NAMED)("the example of %s shows no more than what matters", (_id, { before, lower, bad, good }) => {
  for (const text of [before, lower, bad, good]) {
    const lines = text?.split("\n") ?? [];
    expect(lines.length).toBeLessThan(25);
    expect(lines.filter((line) => line.length > 160)).toEqual([]);
  }
});

test("what kratos does not load is shown with it alone", () => {
  for (const id of LOAD_RULES) {
    const { bad, kratosVersion = "1.3.1" } = examples[id]!;
    const found = refusals(whole(configIn(bad)), kratosVersion).map(({ rule }) => rule);
    expect(found.filter((rule) => rule !== id)).toEqual([]);
  }
});
