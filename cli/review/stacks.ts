import { resolve } from "node:path";
import { changesBetween } from "../../infra/identity-config/change-set";
import { documentOf, leavesOf } from "../../infra/identity-config/leaves";
import { type Document, isUnknown, UNKNOWN } from "../../infra/identity-config/model";
import { isWithin } from "../../infra/identity-config/path";
import { environmentReason } from "../../infra/identity-config/promotion/environment-keys";
import { scalarsOf } from "../../infra/identity-config/scalars";
import { isSensitive } from "../../infra/identity-config/sensitive";
import { UserError } from "../../infra/identity-config/user-error";
import { type LookContext, type PlannedAgain, plannedAgain } from "../../infra/provider/drift";
import { redacted } from "../../infra/provider/redacted";
import { changedByOthers } from "../../infra/provider/unmanaged";
import { stackLooks } from "../stack";
import type { StackResource } from "../stack-state";
import { withTexts } from "../texts";
import { plannedBetween, type Side, said } from "./documents";
import type { Planned } from "./reviewed";

/** What is live under a stack's identity config, and what its program would make of it. */
interface Look extends PlannedAgain {
  resource: string;
  /** What is in force, with texts of the server's own files. */
  live: Document;
  /** What would be, where secrets that could not be decrypted are what they are. */
  after: Document;
  unread: string[];
}

/** What the next update of an unchanged program would do: undo what was changed in the targets since the last one. */
export async function plannedOnLive(stack: string, signal: AbortSignal): Promise<Planned[]> {
  const { found, locked } = await stackLooks(stack, lookAt, signal);
  return found.map((look) => undoing(look, locked));
}

/** What the targets of a stack run. */
export async function sidesOf(stack: string, signal: AbortSignal): Promise<Side[]> {
  const { found, locked } = await stackLooks(stack, lookAt, signal);
  return found.map((look) => sideOf(look, locked));
}

/** What it takes to make of what runs under one stack what runs under another; pairs resources by their names. */
export function plannedBetweenStacks(before: readonly Side[], after: readonly Side[]): Planned[] {
  const names = (sides: readonly Side[]) => sides.map(({ resource }) => resource).sort();
  const [old, wanted] = [names(before), names(after)];
  const isOne = old.length === 1 && wanted.length === 1;
  if (!isOne && old.join() !== wanted.join())
    throw new UserError(
      `cannot compare: the identity configs are ${old.join(", ")} before, and ${wanted.join(", ")} after`,
    );
  return before.map((one) => {
    const other = isOne ? after[0]! : after.find(({ resource }) => resource === one.resource)!;
    return plannedBetween(one, other, undeclared([one, other]));
  });
}

/** Whether a path belongs to an environment, and no program of `sides` declares it. */
function undeclared(sides: readonly Side[]): (path: string) => boolean {
  const declared = sides.flatMap(({ review }) => [...leavesOf(review.declared).keys()]);
  return (path) =>
    environmentReason(path) !== undefined &&
    !declared.some((one) => isWithin(path, one) || isWithin(one, path));
}

async function lookAt(stored: StackResource, context: LookContext): Promise<Look> {
  const again = await plannedAgain(stored, context);
  const { write, notCompared, inputs } = again;
  const { kratos } = inputs.target;
  // Where there is a folder, texts of it can be read.
  const dir = kratos && resolve(context.root, kratos.dir ?? ".");
  const read = async (document: Document) =>
    dir === undefined ? { document, unread: [] } : withTexts(document, dir, kratos?.host);
  const [live, after] = [await read(write.observed.effective), await read(write.plan.after)];
  const [old, wanted] = [leavesOf(live.document), leavesOf(after.document)];
  for (const path of notCompared) if (old.has(path)) wanted.set(path, old.get(path));
  return {
    ...again,
    resource: stored.urn.split("::").slice(3).join("::"),
    live: live.document,
    after: documentOf(wanted),
    unread: [...new Set([...live.unread, ...after.unread])],
  };
}

function undoing(look: Look, locked: string | undefined): Planned {
  const { review, secrets, live, after, target, write, past, foreign } = look;
  const { observed, isSecret } = write;
  const [old, wanted] = [leavesOf(live), leavesOf(after)];
  const changes = changesBetween(old, wanted, secrets, review, isSecret);
  const reviewed = { ...review, effective: after, changes, ...(review.observed && { observed: live }) };
  return {
    name: target.id,
    id: target.id,
    revision: observed.revision,
    review: redacted(reviewed, secrets, isSecret),
    isNew: review.observed === undefined,
    drift: changesBetween(wanted, old, secrets, review, isSecret),
    unmanaged: past.seen ? changedByOthers(past.seen, observed.effective, past.owned, secrets) : [],
    notices: [
      ...look.unread,
      ...(foreign === undefined ? [] : [`another resource manages it now: ${foreign}`]),
      ...said(`not compared, as ${undecrypted(locked)}`, look.notCompared),
    ],
  };
}

function sideOf(look: Look, locked: string | undefined): Side {
  const { review, write, secrets, target, resource, notCompared } = look;
  const { environment, kratosVersion, rules } = review;
  const effective = leavesOf(look.live);
  // Files show their secrets; which texts are some is known by where they stand, or from the state.
  const isShown = (path: string): boolean =>
    target.kind === "kratos" && (isSensitive(path) || !effective.has(path));
  for (const path of notCompared) if (!isShown(path)) effective.set(path, UNKNOWN);
  const live = documentOf(effective);
  return {
    name: target.id,
    resource,
    secrets,
    isSecret: write.isSecret,
    files: [],
    observed: write.observed,
    notices: [
      ...look.unread,
      ...(scalarsOf(live).some(([, value]) => isUnknown(value)) ? [undecrypted(locked)] : []),
    ],
    review: {
      declared: write.declared,
      effective: live,
      target: target.kind,
      environment,
      ...(kratosVersion !== undefined && { kratosVersion }),
      ...(rules && { rules }),
    },
  };
}

const undecrypted = (locked: string | undefined): string =>
  `secrets of the stack cannot be decrypted${locked === undefined ? "" : ` (${locked.split("\n")[0]})`}`;
