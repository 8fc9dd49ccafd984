import { plan } from "../../infra/identity-config/change-set";
import { documentOf, leavesOf, valueAt } from "../../infra/identity-config/leaves";
import { type Document, isBranch } from "../../infra/identity-config/model";
import { isWithin } from "../../infra/identity-config/path";
import { secretName } from "../../infra/identity-config/references";
import { sensitiveTexts } from "../../infra/identity-config/sensitive";
import type { Subject } from "../subjects";
import type { Planned } from "./reviewed";

/** What it takes to come from one whole config to another. */
export function plannedBetween(before: Subject, after: Subject): Planned {
  const [old, wanted] = [before.review.effective, after.review.effective];
  const kratosVersion = after.review.kratosVersion ?? before.review.kratosVersion;
  // What is live knows what it is; files are what somebody says they are.
  const { target, environment } = (before.observed ? before : after).review;
  const running = { target, ...(kratosVersion !== undefined && { kratosVersion }) };
  const planned = plan(
    { effective: old, defaults: {}, managed: [...leavesOf(old).keys()] },
    { declared: wanted, owned: [], release: [], secrets: secretsIn(old, wanted), running },
  );
  return {
    name: `${before.name} => ${after.name}`,
    review: {
      ...after.review,
      ...running,
      environment,
      effective: planned.after,
      observed: old,
      changes: planned.changes,
    },
    ...aimedAt(before),
    notices: [...before.notices, ...after.notices],
  };
}

/** What the next update of an unchanged program would do: undo what was changed in the target since the last one. */
export function plannedOnLive(stack: Subject): Planned {
  const { review, observed, notices } = stack;
  const { target, kratosVersion, effective } = review;
  const declared = withLiveSecrets(review.declared, effective);
  const left = observed?.stamp?.leftAlone ?? [];
  const managed = (observed?.managed ?? []).filter((path) => !left.some((one) => isWithin(path, one)));
  const running = { target, ...(kratosVersion !== undefined && { kratosVersion }) };
  const planned = plan(
    { effective, defaults: observed?.defaults ?? {}, managed },
    { declared, owned: [], release: [], secrets: secretsIn(effective), running },
  );
  return {
    name: stack.name,
    review: { ...review, declared, effective: planned.after, observed: effective, changes: planned.changes },
    ...aimedAt(stack),
    drift: planned.changes.map(({ path, before, after, ...effect }) => ({
      path,
      ...effect,
      ...(after !== undefined && { before: after }),
      ...(before !== undefined && { after: before }),
    })),
    notices: [...notices, "secrets of the stack are not compared: they are encrypted in its state"],
  };
}

const aimedAt = ({ name, observed }: Subject) =>
  observed === undefined ? {} : { id: name, revision: observed.revision };

const secretsIn = (...documents: Document[]): string[] => documents.flatMap(sensitiveTexts);

/** `declared` with what is live in place of its secrets, which cannot be read. */
function withLiveSecrets(declared: Document, live: Document): Document {
  const leaves = leavesOf(declared);
  for (const [path, value] of leaves) leaves.set(path, inPlace(value, valueAt(live, path)));
  return documentOf(leaves);
}

function inPlace(wanted: unknown, live: unknown): unknown {
  if (secretName(wanted) !== undefined) return live ?? wanted;
  if (Array.isArray(wanted)) return wanted.map((item, index) => inPlace(item, itemOf(live, index)));
  if (!isBranch(wanted)) return wanted;
  return Object.fromEntries(
    Object.entries(wanted).map(([name, item]) => [name, inPlace(item, itemOf(live, name))]),
  );
}

const itemOf = (tree: unknown, name: string | number): unknown =>
  isBranch(tree) || Array.isArray(tree) ? (tree as Record<string | number, unknown>)[name] : undefined;
