import { examples, stepsOf } from "../policies/examples";
import type { Parameter, Rule } from "../policies/rules/rule";
import { NEEDS, severityText } from "../policies/rules/words";

const INTRODUCTION = `<!-- Written by \`npm run docs\` from policies/rules; not to be edited. -->

# Rules

Each rule runs in the provider, in the policy pack and in \`pulumi-ory check\`, which tell its findings with path and remedy. What a finding weighs depends on the target's \`environment\`; where a Kratos has none, it is \`prod\`.

- **mandatory**: the provider refuses the deployment before anything is written.
- **advisory**: a warning.
- **info**: good to know, nothing more.

A policy pack's policies are called as the rules. One that weighs more in \`prod\` has a second policy there,
\`<rule>-in-prod\`. \`pulumi preview --policy-pack policies --policy-pack-config levels.json\` takes another level for
each: \`{"all": "advisory", "<policy>": "mandatory"}\`. What the provider refuses, it refuses regardless.

What **can be set** about a rule is set in the stack's configuration, for the provider and for the policy pack:
\`pulumi config set --path 'ory:rules.<rule>.<name>' <value>\`. The pack's own file wins there; \`pulumi-ory check\` has
\`--rules <file>\`.

Where a rule cannot tell, as what decides is not known yet, the preview warns, and the update decides.

Some things are refused without a rule, as they are not about a config: a key of the wrong kind, a project that
\`ory:allowedProjectIds\` does not list or of another environment than the target names, and a mask that would be written
over a secret of Ory Network's that the program does not declare.
`;

/** The reference page of `rules`, as Markdown; by id, so that it does not depend on the files they stand in. */
export function rulesPage(rules: readonly Rule[]): string {
  const byId = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  return [INTRODUCTION, list(byId), ...byId.map(section)].join("\n");
}

const list = (rules: readonly Rule[]): string =>
  rules.map(({ id, title }) => `- [\`${id}\`](#${id}): ${inline(title)}\n`).join("");

function section(rule: Rule): string {
  const facts = [
    `**Severity:** ${severityText(rule)}`,
    `**Looks at:** ${NEEDS[rule.needs]}`,
    ...(rule.versions === undefined ? [] : [`**Versions:** ${inline(rule.versions)}`]),
    ...Object.entries(rule.config ?? {}).map(parameter),
    `**Otherwise:** ${inline(rule.why)}`,
    `**Source:** ${inline(rule.source)}`,
  ];
  return `## ${rule.id}\n\n${sentence(inline(rule.title))}\n\n${facts.map((fact) => `- ${fact}\n`).join("")}${example(rule)}`;
}

const example = ({ id }: Rule): string =>
  stepsOf(examples[id]!)
    .map(([title, text]) => `\n${sentence(title).slice(0, -1)}:\n\n${yaml(text)}`)
    .join("");

const yaml = (text: string): string => `\`\`\`yaml\n${text.trim()}\n\`\`\`\n`;

const parameter = ([name, { description, default: byDefault }]: [string, Parameter]): string =>
  `**Can be set:** \`${name}\`, ${inline(description)}; default: \`${byDefault}\``;

/** What Markdown would take for markup is escaped; line breaks would end a list. */
const inline = (text: string): string =>
  text.replace(/\s+/g, " ").replace(/[\\`*<>|]|(?<!\w)_|_(?!\w)/g, "\\$&");

/** A name such as required_aal keeps its spelling. */
const sentence = (text: string): string =>
  `${text.replace(/^[a-z]+(?= )/, (word) => word[0]!.toUpperCase() + word.slice(1))}.`;
