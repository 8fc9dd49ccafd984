/** Running all rules, on the identity config of a real project and on a large one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Document } from "../infra/identity-config/model";
import { findings, rules } from "../policies/rules";
import type { Review } from "../policies/rules/rule";
import { largeDocument } from "./large-document";
import { interleaved, median, type Row } from "./measurement";

const RUNS = 31;
const REAL = join(__dirname, "../test/fixtures/network-project/source.yml");

const reviewOf = (document: Document): Review => ({
  declared: document,
  effective: document,
  target: "kratos",
  environment: "prod",
  kratosVersion: "1.3.1",
});

export async function ruleRows(): Promise<Row[]> {
  const real = reviewOf(parse(readFileSync(REAL, "utf8")) as Document);
  const large = reviewOf(largeDocument());
  const times = await interleaved({ real: () => findings(real), large: () => findings(large) }, RUNS);
  const row = (on: string, values: number[]): Row => ({
    name: `all ${rules.length} rules on ${on}`,
    value: median(values),
    unit: "ms",
    runs: RUNS,
  });
  return [
    { ...row("a real project's config", times.real), budget: 5 },
    row(`${(JSON.stringify(large.effective).length / 1e6).toFixed(2)} MB`, times.large),
  ];
}
