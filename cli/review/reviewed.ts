import type { Change } from "../../infra/identity-config/change-set";
import { inBrief } from "../../infra/identity-config/journeys/brief";
import {
  changedJourneys,
  type JourneyChange,
  newcomersOf,
} from "../../infra/identity-config/journeys/compare";
import type { Journey } from "../../infra/identity-config/journeys/journey";
import { peopleOf } from "../../infra/identity-config/journeys/people";
import { type Environment, isEmptyObject } from "../../infra/identity-config/model";
import { isWithin } from "../../infra/identity-config/path";
import { readAt } from "../../infra/identity-config/reading";
import { redactText, sensitiveTexts } from "../../infra/identity-config/sensitive";
import type { Impact } from "../../infra/impact/impact";
import type { Finding, Review, Severity } from "../../policies/rules/rule";
import {
  findingLine,
  judge,
  type Verdict as RuleVerdict,
  suggestedConsent,
} from "../../policies/rules/verdict";
import { type Area, areaOf } from "./areas";
import { type Consequence, consequencesOf } from "./consequences";
import { plain } from "./plain";
import { type Verdict, verdictOf } from "./verdict";

/** A plan, as a source tells it. */
export interface Planned {
  /** What would change: a target's id, or the names of files. */
  name: string;
  /** With `observed` and `changes`. */
  review: Review;
  /** The target's revision that the plan was made from. */
  revision?: string;
  /** The target's id, where an update can be held to the revision. */
  id?: string;
  /** What was changed in the target since the last update, at paths that are managed. */
  drift?: readonly Change[];
  /** What others have changed beside what is managed, a line each. */
  unmanaged?: readonly string[];
  /** What keeps the review from seeing everything, a line each. */
  notices?: readonly string[];
  /** What rules and target warn of, a line each; what rules say is left out, as it is found again. */
  warnings?: readonly string[];
  /** What was counted of those who are there, a line each. */
  estimates?: readonly string[];
  /** Nobody can be using the target yet. */
  isNew?: boolean;
  /** It is managed no longer, and stays as it stands. */
  isLetGo?: boolean;
}

/** A change, with where it belongs and how much it matters here. */
export interface ReviewedChange extends Change {
  area: Area;
  risk: number;
  /** It undoes, or takes over, what was changed in the target since the last update. */
  isDrift: boolean;
}

/** A finding with its weight. */
export interface WeighedFinding extends Finding {
  severity: Severity;
  /** It was so before; the change does not bring it. */
  isOld: boolean;
  /** The entry of `acknowledge` that consents to it, where it refuses and somebody may. */
  consent?: string;
}

/** One plan as it is reviewed; without secrets. */
export interface Reviewed
  extends Required<Pick<Planned, "name" | "drift" | "unmanaged" | "notices" | "estimates">> {
  target: "kratos" | "network";
  environment: Environment;
  kratosVersion: string | undefined;
  id: string | undefined;
  revision: string | undefined;
  verdict: Verdict;
  /** The riskiest first. */
  changes: ReviewedChange[];
  consequences: Consequence[];
  journeys: JourneyChange[];
  /** The journeys that say the rest. */
  brief: JourneyChange[];
  /** Why nothing can be said about people who exist, where that is so. */
  unclear: string | undefined;
  /** The heaviest first. */
  findings: WeighedFinding[];
}

const NO_FINDINGS: RuleVerdict = { refusals: [], warnings: [], notes: [] };

/** What `planned` means. @param impact Counts of those whom it befalls, where they were made. */
export function reviewed(planned: Planned, impact: Impact | undefined): Reviewed {
  const { review, drift = [], unmanaged = [], notices = [], warnings = [], estimates = [] } = planned;
  const { target, environment, kratosVersion } = review;
  // Where nothing was planned, there is no config to look at.
  const verdict = isEmptyObject(review.effective) ? NO_FINDINGS : judge(review, []);
  const isChange = (review.changes ?? []).length > 0;
  const findings = weighed(verdict, isChange ? review : undefined).map((one) => withConsent(one, review));
  const known = new Set(verdict.warnings.map(findingLine));
  const changes = (review.changes ?? []).map(
    (change): ReviewedChange => ({
      ...change,
      area: areaOf(change.path),
      risk: riskOf(change, findings),
      isDrift: drift.some(({ path }) => isWithin(change.path, path) || isWithin(path, change.path)),
    }),
  );
  changes.sort((a, b) => b.risk - a.risk);
  const people = changes.length === 0 ? NOBODY : peopleMet(review);
  const { isNew = false, isLetGo = false } = planned;
  const meaning = {
    changes,
    consequences: people.consequences,
    refusals: verdict.refusals,
    impact,
    isNew,
    isLetGo,
  };
  return {
    name: planned.name,
    target,
    environment,
    kratosVersion,
    id: planned.id,
    revision: planned.revision,
    verdict: verdictOf(meaning),
    changes,
    ...people,
    findings,
    drift,
    unmanaged,
    notices: [...notices, ...warnings.filter((line) => !known.has(line))],
    estimates,
  };
}

/** @param review What changes; undefined where nothing does. */
function weighed({ refusals, warnings, notes }: RuleVerdict, review: Review | undefined): WeighedFinding[] {
  const { observed } = review ?? {};
  const before =
    observed === undefined
      ? []
      : findingsOf({ ...review!, declared: observed, effective: observed, changes: [] });
  const key = ({ rule, path, message }: Finding): string => JSON.stringify([rule, path, message]);
  const old = new Set(before.map(key));
  const withWeight = (severity: Severity) => (finding: Finding) => ({
    severity,
    isOld: old.has(key(finding)),
    ...finding,
  });
  return [
    ...refusals.map(withWeight("mandatory")),
    ...warnings.map(withWeight("advisory")),
    ...notes.map(withWeight("info")),
  ].sort((a, b) => weightOf(b) - weightOf(a));
}

function withConsent(finding: WeighedFinding, review: Review): WeighedFinding {
  const consent = finding.severity === "mandatory" ? suggestedConsent(finding, review) : undefined;
  return consent === undefined ? finding : { ...finding, consent };
}

const findingsOf = (review: Review): Finding[] => {
  const { refusals, warnings, notes } = judge(review, []);
  return [...refusals, ...warnings, ...notes];
};

/** What is consented to was refused before, and is still the step that matters. That a change weakens, its effect says. */
function weightOf({ rule, severity, waived, undecided, isOld }: WeighedFinding): number {
  if (isOld) return severity === "mandatory" ? 400 : 0;
  if (waived !== undefined) return 500;
  if (severity === "mandatory") return rule === "weakening-change" ? 600 : 1_000;
  return (severity === "advisory" ? 100 : 1) / (undecided ? 2 : 1);
}

/** What is no news stands apart, but for what refuses. */
export const isAside = ({ isOld, severity }: WeighedFinding): boolean => isOld && severity !== "mandatory";

const EFFECTS = { weakening: 300, unknown: 50, hardening: 10, neutral: 0 } as const;

function riskOf({ path, effect }: Change, findings: readonly WeighedFinding[]): number {
  const about = findings.filter((finding) => isWithin(finding.path, path));
  return EFFECTS[effect] + Math.max(0, ...about.map(weightOf));
}

type People = Pick<Reviewed, "consequences" | "journeys" | "brief" | "unclear">;
const NOBODY: People = { consequences: [], journeys: [], brief: [], unclear: undefined };

/** What people meet; nothing where nobody can have signed up before. */
function peopleMet({ observed, effective, target, kratosVersion }: Review): People {
  if (observed === undefined || readAt(observed, "/identity/schemas") === undefined) return NOBODY;
  const running = { target, ...(kratosVersion !== undefined && { kratosVersion }) };
  const [before, after] = [observed, effective].map((document) => ({ ...running, document })) as [
    { document: unknown } & typeof running,
    { document: unknown } & typeof running,
  ];
  const found = changedJourneys(before, after);
  const hidden = [...sensitiveTexts(effective), ...sensitiveTexts(observed)];
  const clean = (text: string): string => plain(redactText(text, hidden));
  const journeys = found.changes.map(
    (change): JourneyChange => ({
      who: change.who,
      before: withReasons(change.before, clean),
      after: withReasons(change.after, clean),
    }),
  );
  const people = peopleOf(before, after);
  const newcomers = newcomersOf(people);
  return {
    consequences: consequencesOf(
      { changes: journeys },
      people.map(({ name }) => name),
      newcomers.map(({ name }) => name),
    ),
    journeys,
    brief: inBrief(journeys),
    unclear: found.unclear === undefined ? undefined : clean(found.unclear),
  };
}

const withReasons = (journey: Journey, map: (text: string) => string): Journey => ({
  ...journey,
  paths: journey.paths.map((path) => ({
    ...path,
    end: "because" in path.end ? { ...path.end, because: map(path.end.because) } : path.end,
  })),
});

/**
 * The environment variable that holds an update to what was reviewed, as a shell sets it; undefined where no plan was
 * made from what is live.
 */
export function expectedRevision(plans: readonly Reviewed[]): string | undefined {
  const revisions = revisionsOf(plans);
  if (revisions === undefined) return undefined;
  return `ORY_EXPECTED_REVISION='${plain(revisions).replaceAll("'", "'\\''")}'`;
}

/** Its value. */
export function revisionsOf(plans: readonly Reviewed[]): string | undefined {
  const entries = plans.flatMap(({ id, revision }) => (id && revision ? [`${id}=${revision}`] : []));
  return entries.length === 0 ? undefined : entries.join(",");
}
