import type { Review } from "../../policies/rules/rule";
import { inBrief } from "../identity-config/journeys/brief";
import { changedJourneys } from "../identity-config/journeys/compare";
import { changeText } from "../identity-config/journeys/words";
import { readAt } from "../identity-config/reading";
import { redactText, sensitiveTexts } from "../identity-config/sensitive";

/** One line for each journey that a plan changes, in brief; none where nothing was set up before. */
export function journeyLines(review: Review, secrets: readonly string[]): string[] {
  const { observed, effective, changes, target, kratosVersion } = review;
  if (observed === undefined || changes?.length === 0) return [];
  if (readAt(observed, "/identity/schemas") === undefined) return [];
  const running = { target, ...(kratosVersion !== undefined && { kratosVersion }) };
  const found = changedJourneys({ ...running, document: observed }, { ...running, document: effective });
  const lines = [
    ...inBrief(found.changes).map(changeText),
    ...(found.unclear === undefined ? [] : [`of people who exist, nothing can be told: ${found.unclear}`]),
  ];
  if (lines.length === 0) return [];
  const hidden = [...secrets, ...sensitiveTexts(effective), ...sensitiveTexts(observed)];
  return lines.map((line) => `journey: ${redactText(line, hidden)}`);
}
