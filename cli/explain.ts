import { Command, Option } from "commander";
import { closest, distance } from "fastest-levenshtein";
import { UserError } from "../infra/identity-config/user-error";
import { examples, stepsOf } from "../policies/examples";
import { rules } from "../policies/rules/index";
import { type Rule, severityIn } from "../policies/rules/rule";
import { NEEDS, severityText } from "../policies/rules/words";
import { styled } from "./visible";

/** The rule `id`. Throws UserError, with the nearest name, where there is none. */
export function explain(id: string): Rule {
  const found = rules.find((rule) => rule.id === id);
  if (found !== undefined) return found;
  const ids = rules.map((rule) => rule.id);
  const containing = ids.find((one) => id !== "" && one.includes(id));
  const nearest = containing ?? closest(id, ids);
  const isNear = containing !== undefined || distance(id, nearest) <= id.length / 2;
  const suggestion = isNear ? `; did you mean ${nearest}?` : "";
  throw new UserError(`there is no rule ${JSON.stringify(id)}${suggestion} (pulumi-ory explain lists all)`);
}

function asText(rule: Rule): string {
  const facts: [string, string | undefined][] = [
    ["severity", severityText(rule)],
    ["looks at", NEEDS[rule.needs]],
    ["versions", rule.versions],
    ["otherwise", rule.why],
    ["source", rule.source],
    ...Object.entries(rule.config ?? {}).map(([name, parameter]): [string, string] => [
      "can be set",
      `${name}: ${parameter.description}; default: ${parameter.default}`,
    ]),
  ];
  const lines = facts.flatMap(([name, text]) => (text ? [`  ${name.padEnd(11)} ${text}`] : []));
  const blocks = stepsOf(examples[rule.id]!).flatMap(([title, text]) => ["", block(title, text)]);
  return `${[styled("bold", rule.id), rule.title, "", ...lines, ...blocks].join("\n")}\n`;
}

const block = (title: string, text: string): string =>
  [`  ${title}:`, ...text.trim().split("\n")]
    .map((line, index) => (index === 0 ? line : `    ${line}`))
    .join("\n");

function list(): string {
  const ids = rules.map(({ id }) => id);
  const widest = Math.max(...ids.map(({ length }) => length));
  return rules
    .map((rule) => `${styled("bold", rule.id.padEnd(widest))}  ${severityText(rule)}: ${rule.title}\n`)
    .join("");
}

/** A rule as data. */
const described = (rule: Rule) => {
  const { id, title, why, source, versions, needs, config } = rule;
  const severity = {
    prod: severityIn(rule, "prod"),
    stage: severityIn(rule, "stage"),
    dev: severityIn(rule, "dev"),
  };
  return { id, title, severity, why, source, versions, needs, config, example: examples[id] };
};

const HELP = `
Examples:
  pulumi-ory explain                              lists all rules
  pulumi-ory explain settings-aal-bypass
  pulumi-ory explain settings-aal-bypass --json`;

/** The verb's command line. */
export function command(): Command {
  return new Command("explain")
    .argument("[rule]", "id of a rule, as findings have it; without, all are listed")
    .addOption(new Option("--format <format>", "how to answer").choices(["text", "json"]).default("text"))
    .option("--json", "the same as --format json")
    .addHelpText("after", HELP)
    .action((id: string | undefined, { format, json }: { format: string; json?: true }) => {
      const rule = id === undefined ? undefined : explain(id);
      const asJson = () => `${JSON.stringify(rule ? described(rule) : rules.map(described), undefined, 2)}\n`;
      process.stdout.write(json || format === "json" ? asJson() : rule ? asText(rule) : list());
    });
}
