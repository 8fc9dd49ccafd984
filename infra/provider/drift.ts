import { type Change, changesBetween } from "../identity-config/change-set";
import { leavesOf } from "../identity-config/leaves";
import { isUnknown, UNKNOWN } from "../identity-config/model";
import { secretNames } from "../identity-config/references";
import { UserError } from "../identity-config/user-error";
import { openTarget, type Surroundings } from "../targets/open";
import type { Target } from "../targets/target";
import { hasUnknown, type IdentityConfigInputs } from "./inputs";
import type { Common, Stored } from "./lifecycle";
import { pastOf } from "./past";
import { planned } from "./reconcile";
import { type OthersChange, othersChanges } from "./unmanaged";

/** What of a target is not as its resource's last update has left it. Without secrets. */
export interface Drift {
  /** The target's id. */
  id: string;
  revision: string;
  /** What differs where the resource manages it: what it declares is `before`, what is live is `after`. */
  owned: Change[];
  /** What others have changed beside it; undefined where the state does not know what stood there. */
  unmanaged?: OthersChange[];
  /** URN of another resource that writes the target now. */
  owner?: string;
  /** Declared paths that cannot be compared, as the secrets in them are not known. */
  notCompared: string[];
  /** What running servers fail to show of what was handed over to the program. */
  missing: string[];
}

/** What is needed to look at a resource of a stack's state. */
export interface LookContext extends Omit<Common, "rules"> {
  urn: string;
  signal: AbortSignal;
}

/** What the last update has applied, planned once more on what is live. */
export type PlannedAgain = Awaited<ReturnType<typeof plannedAgain>>;

/**
 * Plans once more what the last update has applied, by the same plan as previews.
 * @param stored The resource as the state has it; secrets that could not be decrypted are `UNKNOWN`. Throws UserError.
 */
export async function plannedAgain(stored: Stored, context: LookContext) {
  refuseUnreadable(stored);
  const inputs = withSecretsByName(stored);
  const past = pastOf({ ...stored, inputs });
  const found = await planned(inputs, past, { ...context, log: async () => {} });
  const secrets = [...found.write.secrets, ...past.secrets];
  const unread = [...leavesOf(found.write.declared)].filter(([, value]) => hasUnknown(value));
  /** Declared paths that cannot be compared, as the secrets in them are not known. */
  const notCompared = unread.map(([path]) => path);
  return { ...found, inputs, past, secrets, notCompared };
}

/** What of a target is not as the last update has left it: what that would change now. Throws UserError. */
export async function driftOf(stored: Stored, context: LookContext): Promise<Drift> {
  const { target, write, foreign, review, past, secrets, notCompared } = await plannedAgain(stored, context);
  const { observed, plan, isSecret } = write;
  const differing = new Set(plan.changes.map(({ path }) => path));
  for (const path of notCompared) differing.delete(path);
  const [after, live] = [leavesOf(plan.after), leavesOf(observed.effective)];
  const back = changesBetween(after, live, secrets, review, isSecret);
  const { evidence } = past.rendered ?? {};
  return {
    id: target.id,
    revision: observed.revision,
    owned: back.filter(({ path }) => differing.has(path)),
    ...(past.seen && { unmanaged: othersChanges(past.seen, observed.effective, past.owned, secrets) }),
    ...(foreign !== undefined && { owner: foreign }),
    notCompared,
    missing: evidence ? await target.missing(evidence, 0, context.signal) : [],
  };
}

/** The target of a resource of a stack's state, as its last update has left it. Throws UserError where that is a secret. */
export function storedTarget(stored: Stored, surroundings: Surroundings): Target {
  refuseUnreadable(stored);
  const inputs = withSecretsByName(stored);
  return openTarget(inputs.target, surroundings, pastOf({ ...stored, inputs }).rendered);
}

/** Secrets that stand as one secret in the state become as many unknown ones as the config names. */
function withSecretsByName({ inputs }: Stored): IdentityConfigInputs {
  const given = inputs as IdentityConfigInputs;
  if (!isUnknown(given.secrets)) return given;
  return {
    ...given,
    secrets: Object.fromEntries(secretNames(given.config).map((name) => [name, UNKNOWN])),
  };
}

function refuseUnreadable({ id, inputs, outputs }: Stored): void {
  const { target } = inputs as IdentityConfigInputs;
  if (!hasUnknown(target) && !isUnknown(outputs.rendered)) return;
  const what = hasUnknown(target) ? "its target" : "what was handed over";
  throw new UserError(
    `cannot tell what ${id} runs: ${what} is a secret of the state, which could not be decrypted; set PULUMI_CONFIG_PASSPHRASE, or sign in to the stack's secrets provider`,
  );
}
