import type { Change } from "../../infra/identity-config/change-set";
import type { Effect } from "../../infra/identity-config/effects/index";
import type { Impact } from "../../infra/impact/impact";
import type { Finding, Review } from "../../policies/rules/rule";
import { waivable } from "../../policies/rules/verdict";
import type { Consequence } from "./consequences";

/** What a reviewer has to know first. */
export interface Verdict {
  /**
   * - `refused`: rules refuse it; nothing is written
   * - `danger`: it keeps people out, or weakens what protects them
   * - `caution`: people will notice it, or nobody can tell what it does
   * - `fine`: neither
   * - `nothing`: nothing changes
   */
  level: "refused" | "danger" | "caution" | "fine" | "nothing";
  /** One sentence, without its full stop. */
  text: string;
}

interface Told {
  changes: readonly Change[];
  consequences: readonly Consequence[];
  refusals: readonly Finding[];
  impact: Impact | undefined;
  isNew: boolean;
  isLetGo: boolean;
}

/** The one sentence about a plan. */
export function verdictOf({ changes, consequences, refusals, impact, isNew, isLetGo }: Told): Verdict {
  if (isLetGo)
    return { level: "caution", text: "It is managed no longer, and its configuration stays as it stands" };
  const [first] = consequences;
  const felt = first === undefined || first.level === "neutral" || first.level === "good" ? undefined : first;
  if (refusals.length > 0) {
    // What nobody can consent to never comes to be felt: Kratos does not even load most of it.
    const hard = refusals.find(({ rule }) => !waivable().includes(rule));
    const text = hard?.message ?? (felt === undefined ? refusals[0]!.message : withCount(felt, impact));
    return { level: "refused", text: `Refused by the rules: ${lower(text)}` };
  }
  if (changes.length === 0) return { level: "nothing", text: "Nothing changes" };
  if (isNew) return { level: "fine", text: "Sets up what nobody can be using yet" };
  const weak = changes.filter(({ effect }) => effect === "weakening");
  const reason = weak.find((change) => change.reason !== undefined)?.reason;
  const weakening = `Weakens the protection of accounts${reason === undefined ? "" : `: ${reason}`}`;
  const locked = impact?.of.lockedOut.newly ?? 0;
  if (felt?.level === "danger") return { level: "danger", text: withCount(felt, impact) };
  if (locked > 0)
    return { level: "danger", text: `${locked} of ${impact!.identities} people will be locked out` };
  if (weak.length > 0 && (felt === undefined || felt.weight < 70))
    return { level: "danger", text: weakening };
  if (felt !== undefined)
    return { level: weak.length > 0 ? "danger" : "caution", text: withCount(felt, impact) };
  const open = changes.filter(({ effect }) => effect === "unknown").length;
  const all = changes.length === 1 ? "One change" : `${changes.length} changes`;
  if (open > 0)
    return {
      level: "caution",
      text: `${all}; of ${open === changes.length ? (open === 1 ? "it" : "them") : open} nobody but you can tell what ${open === 1 ? "it means" : "they mean"} for the protection of accounts`,
    };
  return {
    level: "fine",
    text: `${all}, ${changes.length === 1 ? "which does not weaken" : "none of which weakens"} the protection of accounts`,
  };
}

/** The sentence with how many were counted, where they were. */
function withCount({ text, counted }: Consequence, impact: Impact | undefined): string {
  if (impact === undefined || counted === undefined) return text;
  const { newly } = impact.of[counted];
  const about = impact.sample === undefined ? "" : "in a sample, ";
  return newly === 0 ? text : `${text} (${about}${newly} of ${impact.identities} people)`;
}

const lower = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;

type Place = Pick<Review, "target" | "environment"> & { kratosVersion?: string | undefined };

/** Where it is: `prod, Kratos 1.3.1`. */
export const placeOf = ({ target, environment, kratosVersion }: Place): string =>
  `${environment}, ${target === "network" ? "Ory Network" : `Kratos ${kratosVersion ?? "of unknown version"}`}`;

const EFFECTS: readonly Effect[] = ["weakening", "unknown", "hardening", "neutral"];

/** How many changes have which effect: `1 weakening, 2 neutral`. */
export function effectCounts(changes: readonly Pick<Change, "effect">[]): string {
  const counts = EFFECTS.map(
    (effect) => [changes.filter((one) => one.effect === effect).length, effect] as const,
  );
  return counts
    .filter(([count]) => count > 0)
    .map(([count, effect]) => `${count} ${effect === "unknown" ? "of unknown effect" : effect}`)
    .join(", ");
}
