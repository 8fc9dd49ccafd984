import { closest } from "fastest-levenshtein";
import { isBranch } from "../../infra/identity-config/model";
import { shown } from "../../infra/identity-config/reading";
import { UserError } from "../../infra/identity-config/user-error";
import { rules } from "./index";
import type { Parameter, Review, Rule } from "./rule";

/**
 * What is set about rules, by their ids: `{ "code-lifespan-max": { "atMost": "10m" } }`. Throws UserError where it is
 * not that.
 * @param where Where it is set, for messages.
 */
export function ruleConfigs(
  value: unknown,
  where: string,
  known: readonly Rule[] = rules,
): NonNullable<Review["rules"]> {
  if (!isBranch(value)) throw new UserError(`${where} must map ids of rules to their settings`);
  for (const [id, settings] of Object.entries(value)) {
    const rule = known.find((one) => one.id === id);
    if (rule === undefined)
      throw new UserError(`${where}: there is no rule ${shown(id)}; ${nearest(id, known)}`);
    const parameters = Object.keys(rule.config ?? {});
    if (parameters.length === 0) throw new UserError(`${where}: nothing can be set about ${id}; remove it`);
    if (!isBranch(settings))
      throw new UserError(`${where}: ${id} must map ${parameters.join(", ")} to values`);
    for (const [name, setting] of Object.entries(settings)) {
      const parameter = Object.hasOwn(rule.config!, name) ? rule.config![name]! : undefined;
      if (parameter === undefined)
        throw new UserError(`${where}: ${id} has no setting ${shown(name)}; it has ${parameters.join(", ")}`);
      const problem = problemOf(setting, parameter);
      if (problem !== undefined)
        throw new UserError(`${where}: ${name} of ${id} is ${shown(setting)}, but ${problem}`);
    }
  }
  return value as NonNullable<Review["rules"]>;
}

const nearest = (id: string, known: readonly Rule[]): string =>
  `did you mean ${closest(
    id,
    known.map((rule) => rule.id),
  )}? docs/rules.md lists all`;

/** Why `value` is none of `parameter`, if it is none. */
function problemOf(value: unknown, { type, pattern, minimum, maximum }: Parameter): string | undefined {
  const kind = type === "integer" ? "number" : type;
  if (typeof value !== kind || (type === "integer" && !Number.isInteger(value)))
    return `must be of type ${type}`;
  if (typeof value === "string" && pattern !== undefined && !new RegExp(pattern).test(value))
    return `must match ${pattern}`;
  if (typeof value === "number" && value < (minimum ?? value)) return `must be at least ${minimum}`;
  if (typeof value === "number" && value > (maximum ?? value)) return `must be at most ${maximum}`;
  return undefined;
}
