import type { Document } from "../../infra/identity-config/model";

/** How much a finding weighs: `mandatory` stops the deployment, `advisory` only warns. */
export type Severity = "mandatory" | "advisory";

/**
 * What a rule looks at: plain data, free of engine values. Secrets are redacted. A leaf that is not known yet
 * (an output of a resource that the preview has not created) is `{ unknown: true }`.
 */
export interface Review {
  /** The program's own document. Inlined texts (schemas, Jsonnet) are `base64://` URIs; read them with `inlineText`. */
  declared: Document;
  /** What the target runs, overlaid by what the program declares: what will be in force. */
  effective: Document;
  /** Kind of target that the config is for. */
  target: "kratos" | "network";
  /** Version of the target's Kratos, such as `1.3.1`; absent on Ory Network, which always runs the newest. */
  kratosVersion?: string;
}

/** One violation of a rule. */
export interface Finding {
  /** Id of the violated rule. */
  rule: string;
  /** Path in the document, with array elements by key: `/courier/channels[id=sms]/type`. */
  path: string;
  /** What is wrong, with the offending value: lower case, no full stop. */
  message: string;
  /** What to change. */
  remedy: string;
}

/** One check over an identity config; pure. */
export interface Rule {
  /** Kebab-case, unique, stable: users acknowledge and configure rules by it. */
  id: string;
  severity: Severity;
  /** One sentence: what must hold. */
  title: string;
  /** What happens to the users when it does not hold. */
  why: string;
  /** Where the fact comes from: a file of Kratos's sources, an issue of its repository, a page of its docs. */
  source: string;
  /**
   * `declared`: a violation in what the program declares stays one whatever is live, so it is refused before the
   * target is read. `effective`: only what will be in force can tell.
   */
  needs: "declared" | "effective";
  /** Findings without the rule's id, which the runner adds. Must not throw on malformed documents. */
  check(review: Review): Omit<Finding, "rule">[];
}
