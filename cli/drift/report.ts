import type { Change } from "../../infra/identity-config/change-set";
import type { Drift } from "../../infra/provider/drift";
import { styled, visible } from "../visible";
import { details, summary } from "./words";

/** The drift of one target, or of what files say. Without secrets. */
export interface DriftReport extends Omit<Drift, "id" | "revision"> {
  /** The target's id, or the names of files. */
  subject: string;
  /** Of the target, where a stack manages it. */
  revision?: string;
  /** What keeps it from seeing everything. */
  notices: string[];
}

/** Whether something is not as it was declared; with `others`, or was changed beside that. */
export const hasDrifted = (report: DriftReport, others: boolean): boolean =>
  report.owned.length > 0 ||
  report.missing.length > 0 ||
  report.owner !== undefined ||
  (others && (report.unmanaged ?? []).length > 0);

/** What people read in a terminal. */
export const asText = (reports: readonly DriftReport[]): string => reports.map(text).join("\n");

function text(report: DriftReport): string {
  const blocks = details(report).map(
    ({ title, lines }) => `  ${title}:\n${lines.map((line) => `    ${coloured(visible(line))}\n`).join("")}`,
  );
  return `${styled("bold", visible(report.subject))}: ${summary(report)}\n${blocks.join("")}`;
}

const coloured = (line: string): string => (line.includes(" (weakening: ") ? styled("red", line) : line);

/** The reports as data; `drift` is what the exit code says. */
export function asJson(reports: readonly DriftReport[], others: boolean): string {
  const targets = reports.map(({ subject, revision, owned, ...more }) => ({
    subject,
    revision,
    drift: hasDrifted({ subject, owned, ...more }, others),
    owned: owned.map(asData),
    ...more,
  }));
  const drift = targets.some((target) => target.drift);
  return `${JSON.stringify({ drift, targets }, undefined, 2)}\n`;
}

const asData = ({ path, before, after, effect, reason }: Change) => ({
  path,
  declared: before,
  live: after,
  effect,
  reason,
});
