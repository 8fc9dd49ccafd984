import { findings, rules } from "../../policies/rules/index";
import type { Finding, Review } from "../../policies/rules/rule";
import { documentOf, leavesOf } from "../identity-config/leaves";
import type { Document } from "../identity-config/model";
import { redact } from "../identity-config/sensitive";

/** `document` without its secrets: what rules, logs and outputs may see. */
export function redacted(document: Document, secrets: readonly string[]): Document {
  const leaves = leavesOf(document);
  for (const [path, value] of leaves) leaves.set(path, redact(path, value, secrets));
  return documentOf(leaves);
}

/** What the rules say of a review: what stops the deployment, and what is only shown. */
export interface Verdict {
  refusals: Finding[];
  warnings: Finding[];
}

/** Runs the rules. @param needs `declared`: only those whose verdict nothing live can change. */
export function judge(review: Review, needs?: "declared"): Verdict {
  const severities = new Map(rules.map(({ id, severity }) => [id, severity]));
  const found = findings(review, needs);
  const stops = ({ rule, undecided }: Finding) => severities.get(rule) === "mandatory" && undecided !== true;
  return { refusals: found.filter(stops), warnings: found.filter((finding) => !stops(finding)) };
}

/** `code-mfa-xor-passwordless: … (at /selfservice/…); …`. */
export function findingLine({ rule, path, message, remedy }: Finding): string {
  return `${rule}: ${message} (at ${path}); ${remedy}`;
}
