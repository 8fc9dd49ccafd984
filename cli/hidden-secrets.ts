import { documentOf, leavesOf, valueAt } from "../infra/identity-config/leaves";
import { UNKNOWN } from "../infra/identity-config/model";
import { isSensitive } from "../infra/identity-config/sensitive";
import type { Review } from "../policies/rules/rule";
import { unshownSecrets } from "./import/unshown";

/**
 * `review` of a project on Ory Network, which shows no secrets: those that must be there, and those that a program
 * declares, count as there, with values that are not known.
 */
export function withHidden(review: Review): Review {
  const { declared, effective } = review;
  const missing = [...leavesOf(declared).keys()].filter(
    (path) => isSensitive(path) && valueAt(effective, path) === undefined,
  );
  const hidden = new Set([...unshownSecrets(effective), ...missing]);
  if (hidden.size === 0) return review;
  const leaves = leavesOf(effective);
  for (const path of hidden) leaves.set(path, UNKNOWN);
  return { ...review, effective: documentOf(leaves) };
}
