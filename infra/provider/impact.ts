import type { Review } from "../../policies/rules/rule";
import { UserError } from "../identity-config/user-error";
import { impactText } from "../impact/words";
import type { Target } from "../targets/target";
import { withTimeLimit } from "../time-limit";

/** Loaded when first needed: what it calls with takes a fifth of the provider's start. */
const impactModule = () => require("../impact/impact") as typeof import("../impact/impact");

/** How long a preview may take for it; the second one ends what hangs. */
const BUDGET = 5_000;
const LIMIT = 10_000;

/**
 * What a plan means for those who are there, estimated from as many identities as the environment variable
 * `ORY_IMPACT_SAMPLE` says; nothing where it is not set. An estimate that cannot be made is told, and stops nothing.
 */
export async function impactLines(
  { observed, effective, changes, target: kind, kratosVersion }: Review,
  target: Pick<Target, "endpoints">,
  signal: AbortSignal,
): Promise<string[]> {
  const wanted = process.env.ORY_IMPACT_SAMPLE ?? "";
  if (wanted === "" || observed === undefined || changes?.length === 0) return [];
  const identities = Number(wanted);
  if (!Number.isInteger(identities) || identities < 1)
    throw new UserError(
      `cannot estimate the impact: ORY_IMPACT_SAMPLE is ${JSON.stringify(wanted)}, write how many identities to look at, such as 2000`,
    );
  const running = { target: kind, ...(kratosVersion !== undefined && { kratosVersion }) };
  const limited = withTimeLimit(LIMIT, signal);
  try {
    const { adminUrl, adminToken } = await target.endpoints(limited);
    const impact = await impactModule().measureImpact({
      api: { adminUrl, ...(adminToken !== undefined && { apiKey: adminToken }) },
      before: { ...running, document: observed },
      after: { ...running, document: effective },
      sample: { identities, milliseconds: BUDGET },
      signal: limited,
    });
    return impactText(impact).map((line) => `impact: ${line}`);
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof UserError ? error.message : `no answer within ${LIMIT / 1_000} s`;
    return [`impact: not estimated: ${why}`];
  }
}
