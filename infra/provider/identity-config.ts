import { findingLine, judge } from "../../policies/rules/verdict";
import { UserError } from "../identity-config/user-error";
import { importedTarget } from "../targets/import-id";
import type { NetworkSettings } from "../targets/network/settings";
import { environmentOf, openTarget } from "../targets/open";
import { type Known, RefusedKey, type Target } from "../targets/target";
import { entryProblems, report } from "./acknowledged";
import { noteFirst } from "./approval";
import { findingPath, inputPaths } from "./differences";
import { importedInputs } from "./imported";
import { checkedInputs, type IdentityConfigInputs, resolved } from "./inputs";
import type { Context, Lifecycle, Stored } from "./lifecycle";
import { liveInputs } from "./live-inputs";
import { claimed, leftAlone, withoutLeftAlone } from "./ownership";
import { NO_PAST, pastOf } from "./past";
import { promotionOutputs } from "./promotion";
import { digestOf, handedOver, planned, reconcile } from "./reconcile";
import { changedByOthers, seenIn } from "./unmanaged";

/** The life of `ory:index:IdentityConfig`. */
export const identityConfig: Lifecycle = {
  async check(news, context) {
    const { inputs, failures } = checkedInputs(news);
    if (failures.length > 0) return { inputs: news, failures };
    const target = openTarget(inputs.target, context);
    const clash = claimed(target, context.urn);
    if (clash !== undefined) return { inputs: news, failures: [{ property: "", reason: clash }] };
    const { declared, secrets } = resolved(inputs);
    const environment = environmentOf(inputs.target);
    const { rules } = context;
    const review = {
      declared,
      effective: declared,
      target: target.kind,
      environment,
      ...(rules && { rules }),
    };
    const { refusals } = judge(review, secrets, "declared");
    return {
      inputs,
      // Without a property: the engine would print a nested one as "value {<nil>}".
      failures: [...entryProblems(inputs.acknowledge ?? []), ...refusals.map(findingLine)].map((reason) => ({
        property: "",
        reason,
      })),
    };
  },

  async diff(old: Stored, news, context) {
    const inputs = news as IdentityConfigInputs;
    if (openTarget(inputs.target, context).id !== old.id) {
      return { changed: true, paths: new Map([["target", "replace"]]) };
    }
    const olds = old.inputs as Partial<IdentityConfigInputs>;
    const found = await planned(inputs, pastOf(old), context).catch((error: unknown) => {
      // The refresh comes here with the key of the last update; the update that follows tells what is wrong.
      if (error instanceof RefusedKey) return undefined;
      throw error;
    });
    if (found === undefined) return { changed: true, paths: new Map() };
    const { target, write, review, shown, foreign } = found;
    await noteFirst(context.urn, shown);
    const { changes } = write.plan;
    const paths = inputPaths(changes, olds, inputs);
    // A diff must never refuse: the refresh and the repairing program come through here too.
    const { refusals } = judge(review, write.secrets);
    for (const { path } of changes.length === 0 ? refusals : [])
      paths.set(findingPath(inputs.config, path), "update");
    const refused = refusals.length > 0 || foreign !== undefined;
    const changed = changes.length > 0 || refused || target.isStale(write);
    // Nothing else runs then.
    if (!changed) await report(review, context);
    return { changed, paths };
  },

  async create(news, preview, context) {
    const inputs = news as IdentityConfigInputs;
    const outputs = await reconcile(inputs, NO_PAST, preview, context);
    return { id: openTarget(inputs.target, context).id, outputs };
  },

  async update(old, news, preview, context) {
    return reconcile(news as IdentityConfigInputs, pastOf(old), preview, context);
  },

  async read(old, context) {
    if (old.inputs.target === undefined) return imported(old.id, context);
    const inputs = old.inputs as IdentityConfigInputs;
    const past = pastOf(old);
    const target = openTarget(inputs.target, context, past.rendered);
    const { written, secrets } = past;
    const found = await observedOrRefused(target, { declared: written, written, secrets }, context);
    if (found === undefined) return old;
    const observed = withoutLeftAlone(found, leftAlone(found, past));
    if (past.rendered?.evidence !== undefined) {
      for (const line of await target.missing(past.rendered.evidence, 0, context.signal))
        await context.log("warning", line);
    }
    const others = past.seen ? changedByOthers(past.seen, observed.effective, past.owned, secrets) : [];
    for (const line of others) await context.log("info", `changed by others, and not managed here: ${line}`);
    const live = liveInputs(inputs, observed);
    // The refresh displays what differs between the outputs, as a whole: the live inputs, and no more.
    const outputs = {
      ...old.outputs,
      config: live.config,
      assets: live.assets,
      revision: observed.revision,
      ...handedOver(past.rendered),
    };
    return { id: old.id, inputs: live, outputs };
  },

  async delete(old, context) {
    await context.log(
      "warning",
      `${old.id} is no longer managed; its configuration stays in force as it stands`,
    );
  },
};

/** What is live; undefined, with a warning, under a refused key: it may have been rotated since the last update. */
async function observedOrRefused(target: Target, known: Known, { signal, log }: Context) {
  try {
    return await target.observe(signal, known);
  } catch (error) {
    if (!(error instanceof RefusedKey)) throw error;
    await log("warning", `${error.message}; what the state has is shown instead of what is live`);
    return undefined;
  }
}

/** The resource that an import id names: what is live, of which nothing is owned yet. */
async function imported(id: string, context: Context): Promise<Stored> {
  const settings = importedTarget(id);
  const { failures } = settings.kratos ? checkedInputs({ target: settings, config: {} }) : { failures: [] };
  if (failures.length > 0)
    throw new UserError(
      `cannot import ${JSON.stringify(id)}: ${failures.map(({ reason }) => reason).join("; ")}`,
    );
  const target = openTarget(settings, context);
  const observed = await target.observe(context.signal);
  if (settings.network) settings.network.environment = observed.environment as NetworkSettings["environment"];
  const { inputs, leftOut } = importedInputs(settings, observed);
  if (leftOut.length > 0)
    await context.log(
      "info",
      `left out of the import, as they hold secrets: ${leftOut.join(", ")}; they stay as they stand until you declare them`,
    );
  const outputs = {
    target: settings,
    config: inputs.config,
    assets: inputs.assets,
    digest: digestOf(inputs),
    ...promotionOutputs(inputs, undefined, NO_PAST),
    owned: [],
    owner: observed.stamp?.owner ?? context.urn,
    leftAlone: observed.managed,
    revision: observed.revision,
    changes: [],
    warnings: [],
    unmanaged: [],
    review: {},
    ...(observed.isShared && { seen: seenIn(observed.effective, []) }),
  };
  return { id: target.id, inputs, outputs };
}
