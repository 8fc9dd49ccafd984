import { documentOf, leavesOf, valueAt } from "../infra/identity-config/leaves";
import { UNKNOWN } from "../infra/identity-config/model";
import { isWithin } from "../infra/identity-config/path";
import { isSensitive } from "../infra/identity-config/sensitive";
import { unshownSecrets } from "./import/unshown";
import { type Report, reported } from "./report";
import type { Subject } from "./subjects";

/**
 * What the rules say of a project on Ory Network, which shows no secrets: those that must be there, and those that a
 * program declares, count as there, and nothing is said of what they are.
 */
export function reportedWithHidden(subject: Subject): Report {
  const { declared, effective } = subject.review;
  const missing = [...leavesOf(declared).keys()].filter(
    (path) => isSensitive(path) && valueAt(effective, path) === undefined,
  );
  const hidden = [...new Set([...unshownSecrets(effective), ...missing])].sort();
  if (hidden.length === 0) return reported(subject);
  const leaves = leavesOf(effective);
  for (const path of hidden) leaves.set(path, UNKNOWN);
  const report = reported({ ...subject, review: { ...subject.review, effective: documentOf(leaves) } });
  return {
    ...report,
    findings: report.findings.filter(
      ({ path, undecided }) => !undecided || !hidden.some((one) => isWithin(path, one)),
    ),
    notices: [...report.notices, `not looked into, as Ory Network does not show it: ${hidden.join(", ")}`],
  };
}
