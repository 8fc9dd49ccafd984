import { isDeepStrictEqual } from "node:util";
import { entriesFor, stepOf } from "../../policies/rules/consent";
import { findings, rules } from "../../policies/rules/index";
import type { Finding, Review } from "../../policies/rules/rule";
import { findingLine, suggestedConsent, waivable } from "../../policies/rules/verdict";
import { type Acknowledgement, dayOf, isAbout, isExpired } from "../identity-config/acknowledgement";
import { UserError } from "../identity-config/user-error";
import type { Context } from "./lifecycle";

/**
 * The refusal of a review, with what to write where the user may consent to it.
 * @param review Without its secrets.
 */
export function refused(refusals: readonly Finding[], review: Review): UserError {
  const lines = refusals.map((finding) => findingLine(finding) + lapsed(finding, review));
  const entries = refusals.flatMap((finding) => {
    const entry = suggestedConsent(finding, review);
    return entry === undefined ? [] : `  - ${entry}`;
  });
  const way =
    entries.length > 0
      ? [
          "to go ahead nevertheless, add to `acknowledge`, in the stack's file or of this resource:",
          ...new Set(entries),
        ]
      : [];
  return new UserError(`refused before any write:\n${[...lines, ...way].join("\n")}`);
}

function lapsed(finding: Finding, review: Review): string {
  const [entry] = entriesFor(finding, review);
  return entry === undefined ? "" : ` (it was acknowledged until ${entry.until}, which is over)`;
}

/** What is wrong with entries by themselves, a line each. */
export function entryProblems(entries: readonly Acknowledgement[]): string[] {
  return entries.flatMap(({ rule, until }, index) => {
    const at = `acknowledge[${index}]`;
    const known = waivable().includes(rule);
    const why = rules.some(({ id }) => id === rule) ? "nobody can consent to that" : "there is no such rule";
    const time = Date.parse(until);
    return [
      ...(known ? [] : [`${at}.rule is ${JSON.stringify(rule)}; ${why}, allowed: ${waivable().join(", ")}`]),
      ...(Number.isNaN(time) || dayOf(new Date(time)) !== until
        ? [`${at}.until is ${JSON.stringify(until)}; there is no such day`]
        : []),
    ];
  });
}

/** What to do about the entries that consent to nothing in `review` (any more), a line each. */
export function reports(review: Review): string[] {
  const { acknowledge = [], today = "" } = review;
  if (acknowledge.length === 0) return [];
  const found = findings(review);
  return acknowledge.flatMap((entry, index) => {
    const used = found.some(
      ({ rule, waived }) => waived !== undefined && rule === entry.rule && isDeepStrictEqual(waived, entry),
    );
    const report = used ? undefined : reportOf(entry, review, today);
    return report === undefined ? [] : [`acknowledge[${index}] (${entry.rule} at ${entry.path}) ${report}`];
  });
}

function reportOf(entry: Acknowledgement, review: Review, today: string): string {
  const step = stepOf(entry, review);
  const rests = isDeepStrictEqual(step.before, step.after);
  if (rests && isAbout(entry, step)) return "is done and no longer needed: remove it";
  if (isExpired(entry, today)) return `has expired on ${entry.until}: remove it`;
  if (isAbout(entry, step)) return `is not needed: nothing refuses this step in ${review.environment}`;
  return `has no effect, as ${rests ? "nothing changes there" : "the change there is another one"}: correct or remove it`;
}

/** Lines that this process has shown, by resource: the engine compares more than once in a run. */
const told = new Set<string>();

/** Shows `reports` on the resource, each once. */
export async function report(review: Review, { urn, log }: Pick<Context, "urn" | "log">): Promise<void> {
  for (const line of reports(review)) {
    if (told.has(`${urn} ${line}`)) continue;
    told.add(`${urn} ${line}`);
    await log("warning", line);
  }
}
