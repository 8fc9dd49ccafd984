import type { Document } from "../infra/identity-config/model";
import { resolveReferences } from "../infra/identity-config/references";
import { type LookContext, storedTarget } from "../infra/provider/drift";
import { networkAccess } from "../infra/targets/network/access";
import { NetworkConnection } from "../infra/targets/network/connection";
import type { TargetSettings } from "../infra/targets/open";
import { type NamedTarget, targetSubject } from "./live";
import { withProgress } from "./progress";
import { type StackResource, stackState } from "./stack-state";
import type { Subject } from "./subjects";

/** The targets of a stack's identity configs, as the last update has left them. Throws UserError. */
export async function stackTargets(stack: string, signal: AbortSignal): Promise<NamedTarget[]> {
  const { root, configs } = await stackState(stack, signal, true);
  return configs.map((resource) => {
    const { target: settings, config, assets } = resource.inputs;
    const { document } = resolveReferences(config as Document, assets as Record<string, unknown>, {});
    return {
      target: storedTarget(resource, { root, network: networkOf(resource) }),
      settings: settings as TargetSettings,
      root,
      declared: document,
    };
  });
}

/**
 * What the targets of a stack's identity configs run, which is what the last `pulumi up` has made of them and whatever
 * was changed since. What a coming `pulumi up` would do, its preview judges by the same rules.
 */
export async function stackSubjects(stack: string, signal: AbortSignal): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const target of await stackTargets(stack, signal)) subjects.push(await targetSubject(target, signal));
  return subjects;
}

/** What was found of the identity configs of a stack. */
export interface StackLooks<Look> {
  found: Look[];
  /** Why secrets could not be decrypted. */
  locked?: string;
}

/** Looks at what is live of every identity config of a stack, with its secrets where they can be decrypted. */
export async function stackLooks<Look>(
  stack: string,
  look: (resource: StackResource, context: LookContext) => Promise<Look>,
  signal: AbortSignal,
): Promise<StackLooks<Look>> {
  const { root, configs, locked } = await stackState(stack, signal, true);
  const found = configs.map((resource) =>
    look(resource, { urn: resource.urn, root, network: networkOf(resource), signal }),
  );
  const reading = `reading ${configs.map(({ id }) => id).join(", ")}…`;
  return {
    found: await withProgress(reading, Promise.all(found)),
    ...(locked !== undefined && { locked }),
  };
}

/** Ory Network as the stack's provider reaches it; what the environment sets wins. */
function networkOf({ provider }: StackResource): NetworkConnection {
  const { rules: _, ...access } = provider;
  const known = Object.entries(access).filter(([, value]) => typeof value === "string");
  const network = new NetworkConnection();
  network.configure(networkAccess(Object.fromEntries(known)));
  return network;
}
