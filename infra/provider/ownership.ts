import { canonicalLeaves } from "../identity-config/canonical";
import type { Document } from "../identity-config/model";
import { isWithin } from "../identity-config/path";
import { UserError } from "../identity-config/user-error";
import { importId } from "../targets/import-id";
import type { TargetSettings } from "../targets/open";
import type { Observed, Target } from "../targets/target";
import type { Past } from "./past";

/**
 * Paths of the target that nobody here manages. Without a stamp and a state, this is the first contact: all that
 * stands there.
 */
export function leftAlone(observed: Observed, past: Past): readonly string[] {
  return past.leftAlone ?? observed.stamp?.leftAlone ?? observed.managed;
}

/** What is still left alone once `declared` is in force. */
export function stillLeftAlone(paths: readonly string[], declared: Document): string[] {
  const taken = [...canonicalLeaves(declared).keys()];
  return paths.filter((path) => !taken.some((one) => isWithin(one, path) || isWithin(path, one)));
}

/** `observed` without the paths that are left alone among those that would fall back to their default. */
export function withoutLeftAlone<T extends Observed>(observed: T, paths: readonly string[]): T {
  const isLeft = (path: string): boolean => paths.some((one) => isWithin(path, one));
  return { ...observed, managed: observed.managed.filter((path) => !isLeft(path)) };
}

/** The owner of the target where it is another resource than `urn`. */
export function foreignOwner({ stamp }: Observed, urn: string, past: Past): string | undefined {
  if (stamp === undefined || stamp.owner === urn || stamp.owner === past.owner) return undefined;
  return stamp.owner;
}

/** The error about a target that `owner` manages already. */
export function ownedByAnother(
  owner: string,
  urn: string,
  target: Target,
  settings: TargetSettings,
): UserError {
  const [stack, name] = [stackOf(urn), nameOf(urn)];
  const remedy =
    stackOf(owner) === stack
      ? `if it was renamed, declare its old name with \`aliases: [{ name: "${nameOf(owner)}" }]\`; else declare one of them, with the parts of both`
      : `stop managing it there, then take it over with \`pulumi import ory:index:IdentityConfig ${name} '${importId(settings)}'\`, after \`pulumi state delete\` where this stack has it already`;
  return new UserError(
    `${target.id} (${target.place}) is managed by IdentityConfig "${nameOf(owner)}" of stack ${stackOf(owner)}, and would be by "${name}" of stack ${stack}: two would undo each other's changes; nothing was written. ${remedy}\n  there: ${owner}\n  here:  ${urn}`,
  );
}

/** Which resource of this run declares which place. A run's program is checked by one process. */
const claims = new Map<string, string>();

/** What is wrong with places that a second resource has claimed. */
const contested = new Map<string, string>();

const keysOf = (target: Target) =>
  [
    [`are named ${target.id}`, target.id],
    [`write ${target.place}`, target.place],
  ] as const;

/** Claims `target` for `urn`. @returns What is wrong where another resource of the program has it already. */
export function claimed(target: Target, urn: string): string | undefined {
  for (const [what, key] of keysOf(target)) {
    const other = claims.get(key) ?? urn;
    claims.set(key, other);
    if (other === urn) continue;
    const reason = `IdentityConfigs "${nameOf(other)}" and "${nameOf(urn)}" both ${what}; declare one, with the parts of both, or give each a target of its own`;
    contested.set(key, reason);
    return reason;
  }
  return undefined;
}

/** Begins a run. */
export function forgetClaims(): void {
  claims.clear();
  contested.clear();
}

/** Throws where another resource has claimed `target`, too: the engine updates the first one while it checks the second. */
export function refuseContested(target: Target): void {
  for (const [, key] of keysOf(target)) {
    const reason = contested.get(key);
    if (reason !== undefined) throw new UserError(`${reason}; nothing was written`);
  }
}

/** `dev of project shop`. */
function stackOf(urn: string): string {
  const [stack, project] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `${stack} of project ${project}`;
}

const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
