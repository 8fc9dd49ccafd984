import type { Impact } from "../../infra/impact/impact";
import { fitted, LEAST_SIZE, type Section } from "./budget";
import { impactTable } from "./impact-table";
import { fixed, type Listed, listed, planSections } from "./markdown-sections";
import { code, fenced, prose } from "./markup";
import { expectedRevision, type Reviewed } from "./reviewed";

/** How reviews are rendered as Markdown. */
export interface MarkdownOptions {
  impact?: Impact | undefined;
  /** The most characters, as UTF-16 code units. */
  maxSize: number;
  /** Where the HTML page is. */
  htmlUrl?: string | undefined;
}

/** By which a comment is known again, so that the next one replaces it. */
export const MARKER = "<!-- pulumi-ory review -->\n";

/**
 * Reviews as the comment of a pull request: never longer than `maxSize`, of which the most important takes what it
 * needs first.
 */
export function asMarkdown(plans: readonly Reviewed[], options: MarkdownOptions): string {
  const { impact, htmlUrl, maxSize } = options;
  const pointer =
    htmlUrl === undefined
      ? "The HTML page has everything (`pulumi-ory review … --html review.html`)."
      : `[The whole review](<${new URL(htmlUrl).href}>) has everything.`;
  const detailed = Math.max(1, Math.floor(maxSize / LEAST_SIZE));
  const [whole, others] = [plans.slice(0, detailed), plans.slice(detailed)];
  const sections: Section[] = [
    fixed(MARKER),
    ...whole.flatMap((plan, index) =>
      planSections(plan, {
        pointer,
        before: index,
        counts: index === 0 ? impact && table(impact) : undefined,
      }),
    ),
    ...otherPlans(others, pointer),
    ...ending(whole, pointer),
  ];
  return `${fitted(sections, maxSize).trimEnd()}\n`;
}

const table = (impact: Impact): string => {
  const { scope, rows } = impactTable(impact);
  const lines = rows.map((row) => `| ${row.name} | ${row.before} | ${row.after} | ${row.newly} |`);
  return `### Who is there\n\n${scope}\n\n| | before | after | newly |\n| --- | --: | --: | --: |\n${lines.join("\n")}\n\n`;
};

function otherPlans(plans: readonly Reviewed[], pointer: string): Section[] {
  const lines: Listed[] = plans.map(({ name, verdict }) => ({
    full: `- ${code(name)}: ${prose(verdict.text)}\n`,
    rank: 0.5,
  }));
  return listed(
    "## Other identity configs\n\n",
    lines,
    "\n",
    (left) => `_${left.length} more identity configs change or are checked. ${pointer}_\n`,
  );
}

function ending(plans: readonly Reviewed[], pointer: string): Section[] {
  const expected = expectedRevision(plans);
  const how =
    expected === undefined ? [] : [{ full: `${HOW}\n\n${fenced("sh", [`export ${expected}`])}`, rank: 0 }];
  return [...listed("---\n\n", how, "", () => ""), fixed(`${pointer}\n`)];
}

const HOW =
  "To apply exactly what was reviewed, and to be refused where the live configuration is another one by then:";
