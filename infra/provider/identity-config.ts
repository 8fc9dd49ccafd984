import { createHash } from "node:crypto";
import { canonical } from "../identity-config/canonical";
import { describe, plan } from "../identity-config/change-set";
import { UNKNOWN } from "../identity-config/model";
import { UserError } from "../identity-config/user-error";
import { openTarget } from "../targets/open";
import type { Evidence, Rendered, Target, Write } from "../targets/target";
import { forget, notApproved, noteFirst, noteShown, type Shown } from "./approval";
import { findingPath, inputPaths } from "./differences";
import { findingLine, judge, redacted } from "./gates";
import { checkedInputs, hasUnknown, type IdentityConfigInputs, resolved } from "./inputs";
import type { Context, Lifecycle, Stored } from "./lifecycle";
import { liveInputs } from "./live-inputs";
import { type Properties, SecretOutput } from "./wire";

/** What the state remembers of earlier updates. */
interface Past {
  owned: readonly string[];
  rendered: Rendered | undefined;
}

function pastOf({ inputs, outputs }: Stored): Past {
  const { owned = [] } = inputs as Partial<IdentityConfigInputs>;
  const { rendered: text, evidence } = outputs as { rendered?: string; evidence?: Evidence };
  return { owned, rendered: text === undefined ? undefined : { text, evidence } };
}

const NO_PAST: Past = { owned: [], rendered: undefined };

/** The outputs of a target that hands its config over; none of any other. */
const handedOver = (rendered: Rendered | undefined): Properties =>
  rendered === undefined ? {} : { rendered: new SecretOutput(rendered.text), evidence: rendered.evidence };

/** Plans `inputs` against what is live. The same for preview, update, refresh and drift. */
async function planned(inputs: IdentityConfigInputs, { owned, rendered }: Past, context: Context) {
  const target = openTarget(inputs.target, context.root, rendered);
  const observed = await target.observe(context.signal);
  const { declared, secrets } = resolved(inputs);
  const write: Write = {
    plan: plan(observed, { declared, owned, release: inputs.release, secrets }),
    observed,
    declared,
    secrets,
  };
  const review = {
    declared: redacted(declared, secrets),
    effective: redacted(write.plan.after, secrets),
    target: target.kind,
    ...(observed.kratosVersion !== undefined && { kratosVersion: observed.kratosVersion }),
  };
  const shown: Shown = { changes: write.plan.changes, before: observed.effective, after: write.plan.after };
  return { target, write, review, shown };
}

/** Observe, plan, gate, apply, prove: the body of create and update, in preview without the writing. */
async function reconcile(
  inputs: IdentityConfigInputs,
  past: Past,
  preview: boolean,
  context: Context,
): Promise<Properties> {
  const { target, write, review, shown } = await planned(inputs, past, context);
  const lines = write.plan.changes.map(describe);
  for (const line of lines) await context.log("info", line);
  const { refusals, warnings } = judge(review);
  if (refusals.length > 0)
    throw new UserError(`refused before any write:\n${refusals.map(findingLine).join("\n")}`);
  const notices = [...warnings.map(findingLine), ...target.notices(write)];
  for (const notice of notices) await context.log("warning", notice);
  refuseUnexpected(target, write.observed.revision);

  const outputs = {
    target: inputs.target,
    config: inputs.config,
    assets: inputs.assets,
    digest: digestOf(inputs),
    owned: inputs.owned,
    changes: [] as string[],
    warnings: [] as string[],
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
    return { ...outputs, ...coming, changes: lines, warnings: [...notices, ...untried], review };
  }
  await refuseUnapproved(context.urn, shown);
  const {
    revision,
    rendered,
    warnings: outcome,
  } = writes
    ? await target.apply(write, context.signal)
    : { revision: write.observed.revision, rendered: past.rendered, warnings: [] };
  for (const warning of outcome) await context.log("warning", warning);
  await forget(context.urn);
  return { ...outputs, revision, ...handedOver(rendered) };
}

const willHandOver = ({ target }: IdentityConfigInputs): Properties =>
  target.kratos.transport === "output" ? { rendered: new SecretOutput(UNKNOWN), evidence: UNKNOWN } : {};

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
function digestOf({ config, assets }: IdentityConfigInputs): unknown {
  if (hasUnknown(config) || hasUnknown(assets)) return UNKNOWN;
  const texts = Object.entries(assets).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([canonical(config), texts]))
    .digest("hex");
}

/** The life of `ory:index:IdentityConfig`. */
export const identityConfig: Lifecycle = {
  async check(news) {
    const { inputs, failures } = checkedInputs(news);
    if (failures.length > 0) return { inputs: news, failures };
    const { declared, secrets } = resolved(inputs);
    const clean = redacted(declared, secrets);
    const { refusals } = judge({ declared: clean, effective: clean, target: "kratos" }, "declared");
    return {
      inputs: inputs as unknown as Properties,
      // Without a property: the engine would print a nested one as "value {<nil>}".
      failures: refusals.map((finding) => ({ property: "", reason: findingLine(finding) })),
    };
  },

  async diff(old: Stored, news, context) {
    const inputs = news as unknown as IdentityConfigInputs;
    if (openTarget(inputs.target, context.root).id !== old.id) {
      return { changed: true, paths: new Map([["target", "replace"]]) };
    }
    const olds = old.inputs as Partial<IdentityConfigInputs>;
    const { target, write, review, shown } = await planned(inputs, pastOf(old), context);
    await noteFirst(context.urn, shown);
    const { changes } = write.plan;
    const paths = inputPaths(changes, olds, inputs);
    // A diff must never refuse: the refresh and the repairing program come through here too.
    const { refusals } = judge(review);
    for (const { path } of changes.length === 0 ? refusals : [])
      paths.set(findingPath(inputs.config, path), "update");
    return { changed: changes.length > 0 || refusals.length > 0 || target.isStale(write), paths };
  },

  async create(news, preview, context) {
    const inputs = news as unknown as IdentityConfigInputs;
    const outputs = await reconcile(inputs, NO_PAST, preview, context);
    return { id: openTarget(inputs.target, context.root).id, outputs };
  },

  async update(old, news, preview, context) {
    return reconcile(news as unknown as IdentityConfigInputs, pastOf(old), preview, context);
  },

  async read(old, context) {
    if (old.inputs.target === undefined) {
      throw new UserError(
        `cannot import ${old.id}: an id does not tell where the files are; declare the resource and run \`pulumi up\`, which adopts what is live and shows every difference`,
      );
    }
    const inputs = old.inputs as unknown as IdentityConfigInputs;
    const { rendered } = pastOf(old);
    const target = openTarget(inputs.target, context.root, rendered);
    const observed = await target.observe(context.signal);
    if (rendered?.evidence !== undefined) {
      for (const line of await target.missing(rendered.evidence, 0, context.signal))
        await context.log("warning", line);
    }
    const live = liveInputs(inputs, observed);
    // The refresh displays what differs between the outputs, as a whole: the live inputs, and no more.
    const outputs = {
      ...old.outputs,
      config: live.config,
      assets: live.assets,
      revision: observed.revision,
      ...handedOver(rendered),
    };
    return { id: old.id, inputs: live as unknown as Properties, outputs };
  },

  async delete(old, context) {
    await context.log(
      "warning",
      `${old.id} is no longer managed; its configuration stays in force as it stands`,
    );
  },
};
