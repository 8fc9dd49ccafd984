import { code, fenced } from "../review/markup";
import { plain } from "../review/plain";
import type { DriftReport } from "./report";
import { details, summary } from "./words";

/** The reports as Markdown, for the body of an issue. Whatever comes from a config stands in code that it cannot end. */
export const asMarkdown = (reports: readonly DriftReport[]): string => reports.map(section).join("\n");

function section(report: DriftReport): string {
  const { subject, revision } = report;
  const parts = details(report).map(
    ({ title, lines }) => `### ${title}\n\n${fenced("text", lines.map(plain))}`,
  );
  const seen = revision === undefined ? "" : `Revision: ${code(revision)}\n`;
  return `## Drift of ${code(subject)}\n\n${summary(report)}\n\n${parts.join("")}${seen}`;
}
