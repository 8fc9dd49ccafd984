import type { Change } from "../../infra/identity-config/change-set";
import type { JourneyChange } from "../../infra/identity-config/journeys/compare";
import { mermaid } from "../../infra/identity-config/journeys/mermaid";
import { changeText } from "../../infra/identity-config/journeys/words";
import { AREAS } from "./areas";
import type { Item, Section } from "./budget";
import { consentLines, HOW_TO_CONSENT } from "./consent";
import { code, diffBeginning, diffBlock, fenced, prose } from "./markup";
import { clipped, plain } from "./plain";
import { isAside, type Reviewed, type ReviewedChange, type WeighedFinding } from "./reviewed";
import { valueDiff } from "./value-diff";
import { effectCounts, placeOf } from "./verdict";

const VERDICTS = { refused: "⛔", danger: "🔴", caution: "🟠", fine: "🟢", nothing: "⚪" } as const;
const LEVELS = { danger: "🔴", warning: "🟠", good: "🟢", neutral: "⚪" } as const;
const EFFECTS = { weakening: "🔴", unknown: "🟠", hardening: "🟢", neutral: "⚪" } as const;
const SEVERITIES = { mandatory: "⛔", advisory: "🟠", info: "⚪" } as const;

/** What takes its room first; of changes, the riskier. */
const RANKS = {
  people: 1,
  first: 2,
  refused: 3,
  consent: 3.5,
  counts: 4,
  advised: 5,
  drift: 6,
  journeys: 7,
  changes: 10,
  others: 10_000,
};

/** More of them no diagram shows well. */
const MOST_DRAWN = 12;

/** So many are shown unfolded. */
const FEW = 4;

/** A risk of so much is shown unfolded. */
const RISKY = 100;

export type Listed = Item & Partial<Pick<Change, "effect">>;

/** What the sections of a plan are made with. */
interface Surroundings {
  /** Where the rest is. */
  pointer: string;
  /** How many plans stand before this one. */
  before: number;
  /** A table of who is there. */
  counts: string | undefined;
}

export const fixed = (open: string): Section => ({ open, items: [], close: "", missing: () => "" });

/** A section of `items`; none where there are none. */
export const listed = (
  open: string,
  items: readonly Listed[],
  close: string,
  missing: (left: readonly Listed[]) => string,
): Section[] => (items.length === 0 ? [] : [{ open, items, close, missing }]);

const folding = (summary: string, isOpen = false): string =>
  `<details${isOpen ? " open" : ""}>\n<summary>${summary}</summary>\n\n`;
const FOLDED = "</details>\n\n";

/** A plan as sections, in the order of a review. */
export function planSections(plan: Reviewed, { pointer, before, counts }: Surroundings): Section[] {
  const at = (rank: number): number => rank + before / 1_000;
  const rest = (left: readonly Listed[]) => `\n_${left.length} more not shown here. ${pointer}_\n\n`;
  const lines = (texts: readonly string[], rank: number): Item[] =>
    texts.map((text) => ({ full: `- ${text}\n`, rank: at(rank) }));
  const found = (severity: WeighedFinding["severity"]): string[] =>
    plan.findings.filter((one) => one.severity === severity && !isAside(one)).map(findingText);
  const [riskiest, ...others] = plan.changes;
  const isFirst = riskiest !== undefined && riskiest.risk > 0;
  const people = [
    ...plan.consequences.map(({ level, text }) => `${LEVELS[level]} ${prose(text)}.`),
    ...(plan.unclear === undefined
      ? []
      : [`🟠 Of people who exist, nothing can be told: ${prose(plan.unclear)}.`]),
  ];
  const notes = [...found("info"), ...plan.notices.map(prose)];
  const aside = plan.findings.filter(isAside).map(findingText);
  return [
    fixed(`## ${VERDICTS[plan.verdict.level]} ${prose(plan.verdict.text)}\n\n${headOf(plan)}\n\n`),
    ...listed("### What people will notice\n\n", lines(people, RANKS.people), "\n", rest),
    ...(isFirst
      ? listed("### The riskiest change\n\n", [changeItem(riskiest, at(RANKS.first))], "", rest)
      : []),
    ...journeySection(plan, at(RANKS.journeys), pointer),
    ...listed("### What the rules refuse\n\n", lines(found("mandatory"), RANKS.refused), "\n", rest),
    ...consentSection(plan, at(RANKS.consent)),
    ...listed("### What the rules advise\n\n", lines(found("advisory"), RANKS.advised), "\n", rest),
    ...(counts === undefined ? [] : listed("", [{ full: counts, rank: at(RANKS.counts) }], "", rest)),
    ...listed(
      "### Counted among those who are there\n\n",
      lines(plan.estimates.map(prose), RANKS.counts),
      "\n",
      rest,
    ),
    ...areaSections(isFirst ? others : plan.changes, at, pointer),
    ...listed(
      "### Changed in the target since the last update\n\nNot by this change: somebody has edited what is managed here.\n\n",
      plan.drift.map((change) => ({
        ...changeItem({ ...change, isDrift: false }, at(RANKS.drift)),
        effect: change.effect,
      })),
      "",
      rest,
    ),
    ...listed(
      "### Changed by others, and not managed here\n\n",
      lines(plan.unmanaged.map(code), RANKS.others),
      "\n",
      rest,
    ),
    ...listed(
      folding(`The rules advised this before, too (${aside.length})`),
      lines(aside, RANKS.others + 1),
      `\n${FOLDED}`,
      rest,
    ),
    ...listed(folding(`Good to know (${notes.length})`), lines(notes, RANKS.others + 2), `\n${FOLDED}`, rest),
  ];
}

function headOf(plan: Reviewed): string {
  const { changes, name, revision } = plan;
  const amount =
    changes.length === 0
      ? "no changes"
      : `${changes.length} ${changes.length === 1 ? "change" : "changes"}: ${effectCounts(changes)}`;
  const from = revision === undefined ? "" : `, reviewed at revision ${code(revision)}`;
  return `${code(name)} (${prose(placeOf(plan))}): ${amount}${from}`;
}

/** Whole or not at all: half of it would not do. */
function consentSection({ findings }: Reviewed, rank: number): Section[] {
  const lines = consentLines(findings);
  if (lines.length === 0) return [];
  const item: Item = { full: `${HOW_TO_CONSENT}\n\n${fenced("yaml", lines)}`, rank };
  return listed(
    folding("To go ahead nevertheless"),
    [item],
    FOLDED,
    () => `_There is no room for it here._\n\n`,
  );
}

function findingText({ severity, rule, path, message, remedy, undecided, waived }: WeighedFinding): string {
  const what = `${SEVERITIES[severity]} ${code(rule)} at ${code(path)}: ${prose(message)}.`;
  if (waived) return `${what} Acknowledged until ${code(waived.until)}: ${code(waived.reason)}`;
  return `${what}${undecided ? " It cannot be told yet." : ""}\n  → ${prose(remedy)}`;
}

const EFFECT_WORDS = {
  weakening: "weakening",
  unknown: "effect unknown",
  hardening: "hardening",
  neutral: "neutral",
} as const;

/** A change with its values, and with the beginning of them. */
function changeItem(
  change: Change & Pick<ReviewedChange, "isDrift"> & { risk?: number },
  rank: number,
): Listed {
  const { path, effect, reason, isDrift, risk = 0 } = change;
  const meaning = `**${EFFECT_WORDS[effect]}**${reason === undefined ? "" : `: ${prose(reason)}`}`;
  const drift = isDrift ? " (it was changed in the target since the last update)" : "";
  // What keeps people out may well protect accounts.
  const sign = risk >= RISKY && effect !== "weakening" ? "🟠" : EFFECTS[effect];
  const head = `${sign} ${code(path)}, ${meaning}${drift}`;
  const { said, lines } = valueDiff(change);
  if (lines === undefined) return { full: `${head}\n\n_${said}_\n\n`, rank, effect };
  const [full, short] = [diffBlock(lines), diffBeginning(lines)].map((block) => `${head}\n\n${block}`);
  return { full: full!, ...(short!.length < full!.length && { short: short! }), rank, effect };
}

/** The names of schemas, hooks and providers in it are as a config has them. */
const stepsLine = (change: JourneyChange): string => clipped(plain(changeText(change)), 600);

function journeySection({ brief: journeys }: Reviewed, rank: number, pointer: string): Section[] {
  if (journeys.length === 0) return [];
  const drawn = journeys.slice(0, MOST_DRAWN);
  const undrawn = journeys.length - drawn.length;
  const more = undrawn === 0 ? "" : `_${undrawn} more are not drawn here. ${pointer}_\n\n`;
  const item: Item = {
    full: fenced("mermaid", mermaid(drawn).trimEnd().split("\n")) + more,
    short: fenced("text", drawn.slice(0, 2).map(stepsLine)) + more,
    rank,
  };
  const missing = () => `_They are not drawn here. ${pointer}_\n\n`;
  return listed(
    folding(`The steps that change, before and after (${journeys.length})`, journeys.length <= FEW),
    [item],
    FOLDED,
    missing,
  );
}

function areaSections(
  changes: readonly ReviewedChange[],
  at: (rank: number) => number,
  pointer: string,
): Section[] {
  const order = new Map([...changes].sort((a, b) => b.risk - a.risk).map((change, index) => [change, index]));
  return AREAS.flatMap((area) => {
    const inside = changes.filter((change) => change.area === area);
    const items = inside.map((change) => changeItem(change, at(RANKS.changes + order.get(change)!)));
    const isOpen = inside.some(({ risk }) => risk >= RISKY);
    const missing = (left: readonly Listed[]): string =>
      `_${left.length} more not shown here: ${effectCounts(left.map(({ effect = "unknown" }) => ({ effect })))}. ${pointer}_\n\n`;
    const summary = `${area}: ${effectCounts(inside)}`;
    return listed(folding(summary, isOpen), items, FOLDED, missing);
  });
}
