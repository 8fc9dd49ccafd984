import { changesBetween, plan } from "../../infra/identity-config/change-set";
import { leavesOf } from "../../infra/identity-config/leaves";
import { secretPaths, sensitiveTexts } from "../../infra/identity-config/sensitive";
import { UserError } from "../../infra/identity-config/user-error";
import { isImportId, type SubjectOptions, subjectsOf } from "../subjects";
import type { DriftReport } from "./report";

/**
 * What of `live`, files of one config or the import id of a target, is not as `declared`, files of one config, says.
 * What only `live` has is not looked at. Throws UserError.
 */
export async function fileDrift(
  declared: readonly string[],
  live: readonly string[],
  options: SubjectOptions,
  signal: AbortSignal,
): Promise<DriftReport> {
  if (declared.some(isImportId))
    throw new UserError(
      `cannot take ${declared.join(" ")} for what is declared: name files, and the target with --live`,
    );
  const [[wanted], [found]] = await Promise.all([
    subjectsOf(declared, options, signal),
    subjectsOf(live, options, signal),
  ]);
  const { effective, target, kratosVersion } = found!.review;
  const running = { target, ...(kratosVersion !== undefined && { kratosVersion }) };
  const intent = wanted!.review.effective;
  const secrets = [...sensitiveTexts(intent), ...sensitiveTexts(effective)];
  const { after, changes } = plan(
    { effective, defaults: {}, managed: [] },
    { declared: intent, owned: [], release: [], secrets, running },
  );
  // Ory Network masks them.
  const notCompared = target === "network" ? secretPaths(intent, secrets) : [];
  const differing = new Set(changes.map(({ path }) => path).filter((path) => !notCompared.includes(path)));
  return {
    subject: found!.name,
    owned: changesBetween(leavesOf(after), leavesOf(effective), secrets, running).filter(({ path }) =>
      differing.has(path),
    ),
    notCompared,
    missing: [],
    notices: [...wanted!.notices, ...found!.notices],
  };
}
