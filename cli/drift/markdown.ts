import { visible } from "../visible";
import type { DriftReport } from "./report";
import { details, summary } from "./words";

/** The reports as Markdown, for the body of an issue. Whatever comes from a config stands in code that it cannot end. */
export const asMarkdown = (reports: readonly DriftReport[]): string => reports.map(section).join("\n");

function section(report: DriftReport): string {
  const { subject, revision } = report;
  const parts = details(report).map(({ title, lines }) => `### ${title}\n\n${block(lines)}`);
  const seen = revision === undefined ? [] : [`Revision: ${code(revision)}\n`];
  return [`## Drift of ${code(subject)}\n`, `${summary(report)}\n`, ...parts, ...seen].join("\n");
}

const oneLine = (text: string): string => visible(text).replaceAll("\n", "\\n");

/** A fence is only ended by one that is as long. */
function block(lines: readonly string[]): string {
  const text = lines.map(oneLine).join("\n");
  const fence = fenceOf(text, 3);
  return `${fence}text\n${text}\n${fence}\n`;
}

const code = (text: string): string => {
  const fence = fenceOf(text, 1);
  return `${fence} ${oneLine(text)} ${fence}`;
};

const fenceOf = (text: string, least: number): string =>
  "`".repeat(Math.max(least, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
