import { dayOf, entryFor } from "../../infra/identity-config/acknowledgement";
import { valueAt } from "../../infra/identity-config/leaves";
import { redactText, sensitiveTexts } from "../../infra/identity-config/sensitive";
import { stepOf } from "./consent";
import { findings, rules } from "./index";
import { type Finding, isWaivable, type Review, type Severity, severityIn } from "./rule";

/** What the rules say of a review: what stops the deployment, what is warned of, and what is only good to know. */
export interface Verdict {
  refusals: Finding[];
  warnings: Finding[];
  notes: Finding[];
}

/**
 * Runs the rules on what will really be in force; findings are redacted.
 * @param secrets Texts of the secrets in `review`.
 * @param needs `declared`: only those whose verdict nothing live can change.
 */
export function judge(review: Review, secrets: readonly string[], needs?: "declared"): Verdict {
  const severities = new Map(rules.map((rule) => [rule.id, severityIn(rule, review.environment)]));
  const found = redactedFindings(findings(review, needs), review, secrets);
  // What a rule cannot tell never stops a deployment by itself.
  const weight = ({ rule, undecided, waived }: Finding): Severity =>
    waived ? "info" : undecided && severities.get(rule) === "mandatory" ? "advisory" : severities.get(rule)!;
  const weighing = (severity: Severity) => found.filter((finding) => weight(finding) === severity);
  return { refusals: weighing("mandatory"), warnings: weighing("advisory"), notes: weighing("info") };
}

/** Mostly there are none, and looking for the secrets of a whole document takes time. */
function redactedFindings(found: Finding[], review: Review, secrets: readonly string[]): Finding[] {
  if (found.length === 0) return [];
  const hidden = [...secrets, ...sensitiveTexts(review.effective)];
  return found.map((finding) => ({
    ...finding,
    message: redactText(finding.message + owners(finding, review), hidden),
    remedy: redactText(finding.remedy, hidden),
  }));
}

/** Which of the paths of a violation the program declares, where it is not alone with it. */
function owners({ path, beside = [] }: Finding, { declared, effective }: Review): string {
  const set = [path, ...beside].filter((one) => valueAt(effective, one) !== undefined);
  const ours = set.filter((one) => valueAt(declared, one) !== undefined);
  const others = set.filter((one) => !ours.includes(one));
  if (ours.length === 0 || others.length === 0) return "";
  return ` (this program declares ${ours.join(", ")}; it does not declare ${others.join(", ")}, which the target has)`;
}

/** `code-mfa-xor-passwordless: … (at /selfservice/…); …`. */
export function findingLine({ rule, path, message, remedy, waived }: Finding): string {
  const then = waived ? `acknowledged until ${waived.until}: ${waived.reason}` : remedy;
  return `${rule}: ${message} (at ${path}); ${then}`;
}

/** Ids of the rules to whose violations the user can consent. */
export const waivable = (): string[] => rules.filter(isWaivable).map(({ id }) => id);

/** Days that a suggested consent holds. */
const SUGGESTED = 14;

/**
 * The entry of `acknowledge` that consents to `finding`, for two weeks from now; undefined where nobody can.
 * @param review Without its secrets.
 */
export function suggestedConsent(finding: Finding, review: Review): string | undefined {
  if (!waivable().includes(finding.rule)) return undefined;
  const until = dayOf(new Date(Date.now() + SUGGESTED * 24 * 60 * 60 * 1000));
  return entryFor(finding.rule, stepOf(finding, review), until);
}
