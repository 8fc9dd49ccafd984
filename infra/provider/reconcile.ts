import { createHash } from "node:crypto";
import { findingLine, judge } from "../../policies/rules/verdict";
import { dayOf } from "../identity-config/acknowledgement";
import { canonical } from "../identity-config/canonical";
import { plan } from "../identity-config/change-set";
import { describe } from "../identity-config/describe";
import { UNKNOWN } from "../identity-config/model";
import { elementsAt } from "../identity-config/reading";
import { secretPlaces } from "../identity-config/references";
import { plainSecrets } from "../identity-config/sensitive";
import { UserError } from "../identity-config/user-error";
import { environmentOf, openTarget } from "../targets/open";
import type { Applied, Observed, Rendered, Target, Write } from "../targets/target";
import { refused, report } from "./acknowledged";
import { applied } from "./applied";
import { forget, notApproved, noteShown, type Shown } from "./approval";
import { impactLines } from "./impact";
import { hasUnknown, type IdentityConfigInputs, resolved } from "./inputs";
import { journeyLines } from "./journeys";
import type { Context } from "./lifecycle";
import {
  foreignOwner,
  leftAlone,
  ownedByAnother,
  refuseContested,
  stillLeftAlone,
  withoutLeftAlone,
} from "./ownership";
import type { Past } from "./past";
import { promotionLines, promotionOf, promotionOutputs } from "./promotion";
import { REFUSED_REVIEW, told } from "./redacted";
import { changedByOthers, seenIn } from "./unmanaged";
import { type Properties, SecretOutput } from "./wire";

/** Plans `inputs` against what is live. The same for preview, update, refresh and drift. */
export async function planned(inputs: IdentityConfigInputs, past: Past, context: Context) {
  const target = openTarget(inputs.target, context, past.rendered);
  const { declared, secrets } = resolved(inputs);
  const known = { declared, written: past.written, secrets: [...secrets, ...past.secrets] };
  const found = await target.observe(context.signal, known);
  const left = leftAlone(found, past);
  const observed = withoutLeftAlone(found, left);
  const { kratosVersion } = observed;
  const running = { target: target.kind, ...(kratosVersion !== undefined && { kratosVersion }) };
  const isSecret = secretPlaces(inputs.config);
  const { release } = inputs;
  const write: Write = {
    plan: plan(observed, { declared, owned: past.owned, release, secrets, running, isSecret }),
    observed,
    stamp: { owner: context.urn, leftAlone: stillLeftAlone(left, declared) },
    declared,
    secrets,
    isSecret,
  };
  const promotion = promotionOf(inputs, past);
  const review = {
    ...running,
    declared,
    effective: write.plan.after,
    environment: environmentOf(inputs.target),
    ...(isInUse(observed) && { observed: observed.effective, changes: write.plan.changes }),
    plain: plainSecrets(inputs.config),
    ...(promotion && { promotion }),
    ...(context.rules && { rules: context.rules }),
    ...(inputs.acknowledge && { acknowledge: inputs.acknowledge, today: dayOf(new Date()) }),
  };
  const shown: Shown = { changes: write.plan.changes, before: observed.effective, after: write.plan.after };
  return { target, write, review, shown, foreign: foreignOwner(observed, context.urn, past) };
}

/** Whether people may be signing in there: no Kratos starts without an identity schema, so then there are none. */
const isInUse = ({ isUnseen, effective }: Observed): boolean =>
  isUnseen !== true && elementsAt(effective, "/identity/schemas").length > 0;

/** Observe, plan, gate, apply, prove: the body of create and update, in preview without the writing. */
export async function reconcile(
  inputs: IdentityConfigInputs,
  past: Past,
  preview: boolean,
  context: Context,
): Promise<Properties> {
  const { target, write, review, shown, foreign } = await planned(inputs, past, context);
  if (foreign !== undefined) throw ownedByAnother(foreign, context.urn, target, inputs.target);
  const lines = write.plan.changes.map(describe);
  const journeys = preview ? journeyLines(review, write.secrets) : [];
  const impact = preview ? await impactLines(review, target, context.signal) : [];
  const { promotion } = review;
  const promoted = preview ? promotionLines(promotion) : [];
  for (const line of [...lines, ...promoted, ...journeys, ...impact]) await context.log("info", line);
  const { refusals, warnings, notes } = judge(review, write.secrets);
  if (refusals.length > 0) {
    const shownReview = told(review, target, write);
    if (preview) await context.log("debug", REFUSED_REVIEW + JSON.stringify(shownReview));
    throw refused(refusals, shownReview);
  }
  await report(review, context);
  for (const note of notes) await context.log("info", findingLine(note));
  const notices = warnings.map(findingLine);
  for (const notice of notices) await context.log("warning", notice);
  refuseUnexpected(target, write.observed.revision);

  const outputs = {
    target: inputs.target,
    config: inputs.config,
    assets: inputs.assets,
    digest: digestOf(inputs),
    ...promotionOutputs(inputs, promotion, past),
    owned: inputs.owned,
    ...write.stamp,
    changes: [] as string[],
    warnings: [] as string[],
    unmanaged: [] as string[],
    review: {},
  };
  const writes = write.plan.changes.length > 0 || target.isStale(write);
  if (preview) {
    const untried = writes && !hasUnknown(write.plan.after) ? await target.trial(write, context.signal) : [];
    for (const warning of untried) await context.log("warning", warning);
    await noteShown(context.urn, shown);
    const coming = writes
      ? { revision: UNKNOWN, ...willHandOver(inputs) }
      : { revision: write.observed.revision, ...handedOver(past.rendered) };
    return {
      ...outputs,
      ...coming,
      changes: lines,
      warnings: [...notices, ...untried],
      unmanaged: past.seen
        ? changedByOthers(past.seen, write.observed.effective, inputs.owned, write.secrets)
        : [],
      review: told(review, target, write),
    };
  }
  await refuseUnapproved(context.urn, shown);
  refuseContested(target);
  const again = async () => {
    const other = await planned(inputs, past, context);
    if (other.write.plan.changes.length > 0) refuseUnexpected(target, other.write.observed.revision);
    return other;
  };
  const {
    revision,
    rendered,
    effective = write.plan.after,
    warnings: outcome,
  }: Applied = writes
    ? await applied({ target, write, review, shown }, again, context)
    : { revision: write.observed.revision, rendered: past.rendered, warnings: [] };
  for (const warning of outcome) await context.log("warning", warning);
  await forget(context.urn);
  const seen = write.observed.isShared && seenIn(effective, inputs.owned);
  return { ...outputs, revision, ...(seen && { seen }), ...handedOver(rendered) };
}

/** The outputs of a target that hands its config over; none of any other. */
export const handedOver = (rendered: Rendered | undefined): Properties =>
  rendered === undefined ? {} : { rendered: new SecretOutput(rendered.text), evidence: rendered.evidence };

const willHandOver = ({ target }: IdentityConfigInputs): Properties =>
  target.kratos?.transport === "output" ? { rendered: new SecretOutput(UNKNOWN), evidence: UNKNOWN } : {};

async function refuseUnapproved(urn: string, shown: Shown): Promise<void> {
  const differing = await notApproved(urn, shown);
  if (differing.length === 0) return;
  throw new UserError(
    `the live configuration has changed since the preview, so what was approved is not what would be applied; nothing was written, run \`pulumi up\` again:\n${differing.join("\n")}`,
  );
}

/** `ORY_EXPECTED_REVISION` holds what a review in another process was made from: `kratos/shop=<revision>,…`. */
function refuseUnexpected(target: Target, revision: string): void {
  const expected = (process.env.ORY_EXPECTED_REVISION ?? "")
    .split(",")
    .map((entry) => entry.split("="))
    .find(([id]) => id?.trim() === target.id)?.[1]
    ?.trim();
  if (expected === undefined || expected === revision) return;
  throw new UserError(
    `${target.id} is at revision ${revision}, but ORY_EXPECTED_REVISION names ${expected}; nothing was written, review the change again`,
  );
}

/** Identifies the declaration apart from its target and secrets, so that stages can be compared. */
export function digestOf({ config, assets }: IdentityConfigInputs): unknown {
  if (hasUnknown(config) || hasUnknown(assets)) return UNKNOWN;
  const texts = Object.entries(assets).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([canonical(config), texts]))
    .digest("hex");
}
