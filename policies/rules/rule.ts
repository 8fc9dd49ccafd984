import type { Acknowledgement } from "../../infra/identity-config/acknowledgement";
import type { Change } from "../../infra/identity-config/change-set";
import type { Running } from "../../infra/identity-config/kratos-version";
import type { Document, Environment, Json } from "../../infra/identity-config/model";
import type { PromotionReview } from "../../infra/identity-config/promotion/gate";

/** How much a finding weighs: `mandatory` stops the deployment, `advisory` only warns, `info` is good to know. */
export type Severity = "mandatory" | "advisory" | "info";

/** What is set about a rule, by name. */
export type RuleConfig = Readonly<Record<string, Json>>;

/** One thing that can be set about a rule, as JSON schema. */
export interface Parameter {
  type: "string" | "integer" | "number" | "boolean";
  /** What it means, with its unit: lower case, no full stop. */
  description: string;
  default: string | number | boolean;
  /** Regular expression that a text must match. */
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

/**
 * What a rule looks at: plain data, free of engine values. Secrets are redacted. A leaf that is not known yet
 * (an output of a resource that the preview has not created) is `{ unknown: true }`.
 */
export interface Review extends Running {
  /** The program's own document. Inlined texts (schemas, Jsonnet) are `base64://` URIs; read them with `inlineText`. */
  declared: Document;
  /** What the target runs, overlaid by what the program declares: what will be in force. */
  effective: Document;
  /** What the target is for; rules may be stricter in `prod`. */
  environment: Environment;
  /** What the target runs before the change; absent where there is no target, as for a file. */
  observed?: Document;
  /** What would change, redacted; absent as `observed`. */
  changes?: readonly Change[];
  /** Paths at which the program declares a secret as plain text; absent where there is no program, as for a file. */
  plain?: readonly string[];
  /** What is set about rules, by their ids; checked. Default: their defaults. */
  rules?: Readonly<Record<string, RuleConfig>>;
  /** Steps that the user consents to, expired ones among them. */
  acknowledge?: readonly Acknowledgement[];
  /** The day in UTC on which that consent counts: `2026-12-15`; without it, none does. */
  today?: string;
  /** What runs on the stage before this one, such as staging's config for prod; absent where it is not known. */
  lower?: { name: string; effective: Document };
  /** How it compares with what the stage before has proven; absent where no promotion is asked for. */
  promotion?: PromotionReview;
}

/** One violation of a rule, without the rule's id. */
export interface Violation {
  /** Path in the document, with array elements by key: `/courier/channels[id=sms]/type`. */
  path: string;
  /** Other paths that it takes for the violation, so that the user is told which of them the program declares. */
  beside?: readonly string[];
  /** What is wrong, with the offending value: lower case, no full stop. */
  message: string;
  /** What to change. */
  remedy: string;
  /**
   * The rule could not tell: what decides is not known yet, or only the target can read it. Such a note warns and
   * never stops a deployment by itself. What is unknown in a preview is known in the update phase, where the same
   * rule runs again, before anything is written.
   */
  undecided?: true;
}

/** One violation of a rule. */
export interface Finding extends Violation {
  /** Id of the violated rule. */
  rule: string;
  /** The user's consent to it, which has not expired: the finding does not stop a deployment. */
  waived?: Acknowledgement;
}

/** One check over an identity config; pure. */
export interface Rule {
  /** Kebab-case, unique, stable: users acknowledge and configure rules by it. */
  id: string;
  severity: Severity;
  /** What it weighs in `prod`. Default: the same. */
  severityInProd?: Severity;
  /** One sentence: what must hold. */
  title: string;
  /** What happens to the users when it does not hold. */
  why: string;
  /** Where the fact comes from: a file of Kratos's sources, an issue of its repository, a page of its docs. */
  source: string;
  /** Which versions of Kratos it is about, in words. Default: all. */
  versions?: string;
  /**
   * `declared`: a violation in what the program declares stays one whatever is live, so it is refused before the
   * target is read; then the rule is given the declaration as `effective`, and must not blame what is absent.
   * `effective`: only what will be in force can tell.
   * `changes`: only `observed` and `changes` can tell; without them it finds nothing.
   */
  needs: "declared" | "effective" | "changes";
  /** What can be set about it, by name. Default: nothing. */
  config?: Readonly<Record<string, Parameter>>;
  /**
   * Whether the user can consent to a violation. Default: where more than the declaration is needed to tell, since what
   * breaks by itself cannot be consented to.
   */
  waivable?: boolean;
  /**
   * The violations in `effective`, and a note (`undecided`) where an unknown leaf decides. Documents are untrusted:
   * a value of a wrong type is not a violation, since Kratos refuses it by itself, and must not make it throw.
   * @param config A value for each parameter in `config`.
   */
  check(review: Review, config: RuleConfig): Violation[];
}

/** Whether the user can consent to a violation of `rule`. */
export const isWaivable = ({ waivable, needs }: Rule): boolean => waivable ?? needs !== "declared";

/** What `rule` weighs in `environment`. */
export const severityIn = (rule: Rule, environment: Environment): Severity =>
  (environment === "prod" && rule.severityInProd) || rule.severity;

/** A value for each parameter of `rule`: the last one in `given` that has it, else its default. */
export function configOf({ config = {} }: Rule, ...given: (RuleConfig | undefined)[]): RuleConfig {
  const defaults = Object.entries(config).map(([name, parameter]) => [name, parameter.default]);
  return Object.assign(Object.fromEntries(defaults), ...given);
}
