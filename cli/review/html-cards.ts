import type { Change } from "../../infra/identity-config/change-set";
import type { JourneyChange } from "../../infra/identity-config/journeys/compare";
import type { Journey, Path } from "../../infra/identity-config/journeys/journey";
import { nameOf, stepsOf } from "../../infra/identity-config/journeys/words";
import { badge, escaped, escapedLine, inline } from "./html-pieces";
import type { ReviewedChange } from "./reviewed";
import { type DiffLine, valueDiff } from "./value-diff";

const EFFECTS = {
  weakening: "weakening",
  unknown: "effect unknown",
  hardening: "hardening",
  neutral: "neutral",
} as const;

/** More lines are folded. */
const MOST_LINES = 60;

/** A change with its values before and after. */
export function changeCard(change: Change & Pick<ReviewedChange, "isDrift">): string {
  const { path, effect, reason, isDrift } = change;
  const drift = isDrift ? badge("caution", "changed in the target since the last update") : "";
  const why = reason === undefined ? "" : `<p class="reason">${inline(reason)}</p>`;
  const { said, lines } = valueDiff(change);
  const values = lines === undefined ? `<p class="said">${said}</p>` : diff(lines);
  return `<div class="change ${effect}"><header><h3><code>${escaped(path)}</code></h3>${badge(effect, EFFECTS[effect])}${drift}${why}</header>${values}</div>`;
}

function diff(lines: readonly DiffLine[]): string {
  const block = `<pre class="diff" tabindex="0"><code>${lines.map(diffLine).join("")}</code></pre>`;
  return lines.length <= MOST_LINES
    ? block
    : `<details><summary>${lines.length} lines</summary>${block}</details>`;
}

const KINDS = { "-": "gone", "+": "come", " ": "same", "@": "hunk" } as const;

const diffLine = ({ sign, text }: DiffLine): string =>
  `<span class="${KINDS[sign]}">${sign === "@" ? escapedLine(text) : `${sign} ${escapedLine(text)}`}\n</span>`;

/** The steps of some people before and after, drawn beside each other. */
export function journeyCard({ who, before, after }: JourneyChange): string {
  const known = new Set(before.paths.flatMap((path) => stepsOf(before, path)));
  return `<div class="journey"><h3>${escaped(nameOf(after))}</h3><p class="who">${escaped(who.join("; "))}</p><div class="sides"><div class="side"><b>before</b>${before.paths.map((path) => steps(before, path)).join("")}</div><div class="side"><b>after</b>${after.paths.map((path) => steps(after, path, known)).join("")}</div></div></div>`;
}

function steps(journey: Journey, path: Path, known?: ReadonlySet<string>): string {
  const all = stepsOf(journey, path);
  const items = all.map((step, index) => {
    const isEnd = index === all.length - 1;
    const tone = "reached" in path.end ? "good" : "danger";
    const kind = isEnd ? `end ${tone}` : known !== undefined && !known.has(step) ? "new" : "step";
    return `<li><span class="${kind}">${escaped(step)}</span></li>`;
  });
  return `<ol class="steps">${items.join("")}</ol>`;
}
