import type { Document } from "../infra/identity-config/model";
import { resolveReferences } from "../infra/identity-config/references";
import { UserError } from "../infra/identity-config/user-error";
import type { TargetSettings } from "../infra/targets/open";
import { targetSubject } from "./live";
import { stackState } from "./stack-state";
import type { Subject } from "./subjects";

/**
 * What the targets of a stack's identity configs run, which is what the last `pulumi up` has made of them and whatever
 * was changed since. What a coming `pulumi up` would do, its preview judges by the same rules. Secrets of the stack are
 * not asked for.
 */
export async function stackSubjects(stack: string, signal: AbortSignal): Promise<Subject[]> {
  const { root, configs } = await stackState(stack, signal);
  const subjects: Subject[] = [];
  for (const { id, inputs } of configs) {
    const { target, config, assets } = inputs;
    const { document } = resolveReferences(config as Document, assets as Record<string, unknown>, {});
    const settings = target as TargetSettings;
    if (settings.kratos?.transport === "output")
      throw new UserError(
        `cannot check ${id}: what it runs is a secret of the state, as its transport is "output"; \`pulumi preview\` runs the same rules on it`,
      );
    subjects.push(await targetSubject(settings, document, root, signal));
  }
  return subjects;
}
