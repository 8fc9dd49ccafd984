import { type Drift, driftOf } from "../../infra/provider/drift";
import { networkAccess } from "../../infra/targets/network/access";
import { NetworkConnection } from "../../infra/targets/network/connection";
import { withProgress } from "../progress";
import { type StackResource, stackState } from "../stack-state";
import type { DriftReport } from "./report";

/** The drift of every identity config of a stack. Throws UserError. */
export async function stackDrift(stack: string, signal: AbortSignal): Promise<DriftReport[]> {
  const { root, configs, locked } = await stackState(stack, signal, true);
  const drifts = await withProgress(
    `reading ${configs.map(({ id }) => id).join(", ")}…`,
    Promise.all(
      configs.map((resource) =>
        driftOf(resource, { urn: resource.urn, root, network: networkOf(resource), signal }),
      ),
    ),
  );
  return drifts.map((drift) => reported(drift, locked));
}

function reported({ id, ...drift }: Drift, locked: string | undefined): DriftReport {
  const notices =
    drift.notCompared.length > 0 && locked !== undefined
      ? [`secrets are not compared, as they cannot be decrypted: ${locked.split("\n")[0]}`]
      : [];
  return { subject: id, ...drift, notices };
}

/** Ory Network as the stack's provider reaches it; what the environment sets wins. */
function networkOf({ provider }: StackResource): NetworkConnection {
  const { rules: _, ...access } = provider;
  const known = Object.entries(access).filter(([, value]) => typeof value === "string");
  const network = new NetworkConnection();
  network.configure(networkAccess(Object.fromEntries(known)));
  return network;
}
