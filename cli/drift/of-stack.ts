import { type Drift, driftOf } from "../../infra/provider/drift";
import { stackLooks } from "../stack";
import type { DriftReport } from "./report";

/** The drift of every identity config of a stack. Throws UserError. */
export async function stackDrift(stack: string, signal: AbortSignal): Promise<DriftReport[]> {
  const { found, locked } = await stackLooks(stack, driftOf, signal);
  return found.map((drift) => reported(drift, locked));
}

function reported({ id, ...drift }: Drift, locked: string | undefined): DriftReport {
  const notices =
    drift.notCompared.length > 0 && locked !== undefined
      ? [`secrets are not compared, as they cannot be decrypted: ${locked.split("\n")[0]}`]
      : [];
  return { subject: id, ...drift, notices };
}
