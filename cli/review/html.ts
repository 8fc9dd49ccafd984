import { createHash } from "node:crypto";
import type { Impact } from "../../infra/impact/impact";
import { AREAS } from "./areas";
import { consentLines, HOW_TO_CONSENT } from "./consent";
import { changeCard, journeyCard } from "./html-cards";
import { badge, escaped, escapedLine, inline, list } from "./html-pieces";
import { STYLE } from "./html-style";
import { impactTable } from "./impact-table";
import { sentence } from "./plain";
import { expectedRevision, isAside, type Reviewed, type WeighedFinding } from "./reviewed";
import { placeOf } from "./verdict";

/** Nothing is fetched or run, whatever stands in the page: its one style is known by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`;

const WORDS = {
  refused: "Refused",
  danger: "Danger",
  caution: "Take care",
  fine: "Looks fine",
  nothing: "No change",
} as const;

/** Reviews as one page that needs nothing else. */
export function asHtml(plans: readonly Reviewed[], impact: Impact | undefined): string {
  const title = plans[0] === undefined ? "Review" : `Review: ${plans[0].verdict.text}`;
  const expected = expectedRevision(plans);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="top">Review of an Ory identity configuration</p>
${plans.map((plan, index) => article(plan, index === 0 ? impact : undefined)).join("\n")}
${expected === undefined ? "" : revision(expected)}
</main>
</body>
</html>
`;
}

const revision = (expected: string): string =>
  `<h2>To apply exactly this</h2>
<p>Set this for the update. It is refused where the live configuration is another one by then.</p>
<pre class="command" tabindex="0"><code>${escaped(`export ${expected}`)}</code></pre>`;

const section = (title: string, content: string): string =>
  content === "" ? "" : `<section>\n<h2>${title}</h2>\n${content}\n</section>\n`;

function article(plan: Reviewed, impact: Impact | undefined): string {
  const [riskiest, ...others] = plan.changes;
  const isFirst = riskiest !== undefined && riskiest.risk > 0;
  const findings = (severity: WeighedFinding["severity"]): string =>
    list(
      plan.findings
        .filter((one) => one.severity === severity && !isAside(one))
        .map((one) => [severity, findingText(one)]),
    );
  const people = [
    ...plan.consequences.map(({ level, text }): [string, string] => [level, `<p>${inline(text)}.</p>`]),
    ...(plan.unclear === undefined
      ? []
      : [
          ["warning", `<p>Of people who exist, nothing can be told: ${inline(plan.unclear)}.</p>`] as [
            string,
            string,
          ],
        ]),
  ];
  const remaining = isFirst ? others : plan.changes;
  const notes = list(plan.notices.map((line) => ["info", `<p>${inline(line)}</p>`]));
  const sections = [
    section("What people will notice", list(people)),
    section("The riskiest change", isFirst ? changeCard(riskiest) : ""),
    section("What the rules refuse", findings("mandatory") + consent(plan.findings)),
    section("The steps that change", plan.brief.map(journeyCard).join("\n")),
    section("What the rules advise", findings("advisory")),
    impact === undefined ? "" : section("Who is there", table(impact)),
    section(
      "Counted among those who are there",
      list(plan.estimates.map((line) => ["info", `<p>${inline(line)}</p>`])),
    ),
    ...AREAS.map((area) =>
      section(
        area,
        remaining
          .filter((one) => one.area === area)
          .map(changeCard)
          .join("\n"),
      ),
    ),
    section("Changed in the target since the last update", drift(plan)),
    section(
      "Changed by others, and not managed here",
      list(plan.unmanaged.map((line) => ["neutral", `<p><code>${escaped(line)}</code></p>`])),
    ),
    section("Good to know", findings("info") + notes),
    old(plan.findings.filter(isAside)),
  ];
  return `<article>\n${head(plan)}\n${sections.join("")}</article>`;
}

function consent(findings: readonly WeighedFinding[]): string {
  const lines = consentLines(findings);
  if (lines.length === 0) return "";
  const text = lines.map((line) => `${escapedLine(line)}\n`).join("");
  return `<details><summary>To go ahead nevertheless</summary>\n<p>${HOW_TO_CONSENT}</p>\n<pre class="command" tabindex="0"><code>${text}</code></pre>\n</details>\n`;
}

/** What is no news, folded. */
const old = (findings: readonly WeighedFinding[]): string =>
  findings.length === 0
    ? ""
    : `<section>\n<details><summary>The rules advised this before, too (${findings.length})</summary>\n${list(findings.map((one) => [one.severity, findingText(one)]))}\n</details>\n</section>\n`;

function head(plan: Reviewed): string {
  const { verdict, name, changes, revision: from } = plan;
  const counts = (["weakening", "unknown", "hardening", "neutral"] as const).flatMap((effect) => {
    const count = changes.filter((one) => one.effect === effect).length;
    return count === 0
      ? []
      : [`<li>${badge(effect, `${count} ${effect === "unknown" ? "of unknown effect" : effect}`)}</li>`];
  });
  return `<header class="verdict ${verdict.level}">
<span class="word">${WORDS[verdict.level]}</span>
<h1>${inline(verdict.text)}</h1>
<ul class="facts"><li><code>${escaped(name)}</code></li><li>${escaped(placeOf(plan))}</li>${from === undefined ? "" : `<li>revision <code>${escaped(from)}</code></li>`}${counts.join("")}</ul>
</header>`;
}

function findingText({ rule, path, message, remedy, undecided, waived }: WeighedFinding): string {
  // A key keeps its spelling.
  const first = sentence(message)[0]?.code ? "" : ' class="first"';
  const what = `<p${first}>${inline(message)}.${undecided ? " It cannot be told yet." : ""}</p><p class="quiet"><code>${escaped(rule)}</code> at <code>${escaped(path)}</code></p>`;
  const then =
    waived === undefined
      ? inline(remedy)
      : `acknowledged until <code>${escaped(waived.until)}</code>: <code>${escaped(waived.reason)}</code>`;
  return `${what}<p class="remedy">${then}</p>`;
}

const drift = ({ drift: changes }: Reviewed): string =>
  changes.length === 0
    ? ""
    : `<p>Not by this change: somebody has edited what is managed here.</p>\n${changes.map((change) => changeCard({ ...change, isDrift: false })).join("\n")}`;

function table(impact: Impact): string {
  const { scope, rows } = impactTable(impact);
  const cells = rows.map(
    ({ name, before, after, newly }) =>
      `<tr><th scope="row">${name}</th><td>${before}</td><td>${after}</td><td>${newly}</td></tr>`,
  );
  return `<p class="quiet">${scope}</p>\n<table><thead><tr><th></th><th scope="col">before</th><th scope="col">after</th><th scope="col">newly</th></tr></thead><tbody>${cells.join("")}</tbody></table>`;
}
