import { type Change, changesBetween } from "../../infra/identity-config/change-set";
import { leavesOf } from "../../infra/identity-config/leaves";
import { type Document, isBranch, parsedJson, UNKNOWN } from "../../infra/identity-config/model";
import { resolveReferences } from "../../infra/identity-config/references";
import { mapScalars } from "../../infra/identity-config/scalars";
import { UserError } from "../../infra/identity-config/user-error";
import type { Review } from "../../policies/rules/rule";
import type { Planned } from "./reviewed";

const TYPE = "ory:index:IdentityConfig";

/** What the provider writes before a review that it refuses, in a message that the engine shows to nobody. */
const REFUSED = "pulumi-ory review: ";

/** How the engine spells a value that it does not know yet. */
const ENGINE_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const HOW = "run PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json";

type Fields = Record<string, unknown>;

/** What the events of one resource have told so far. */
interface Resource {
  urn: string;
  planned?: Planned;
  drift: Change[];
  errors: string[];
  estimates: string[];
}

/**
 * The plans of the identity configs in `text`, the events of a `pulumi preview`, a line of JSON each. Throws UserError
 * where it is something else, or the preview ended before there was a plan.
 */
export function plannedIn(text: string): Planned[] {
  const events = eventsIn(text);
  const resources = new Map<string, Resource>();
  const of = (urn: unknown): Resource | undefined => {
    if (typeof urn !== "string" || urn.split("::")[2]?.split("$").at(-1) !== TYPE) return undefined;
    const known = resources.get(urn) ?? { urn, drift: [], errors: [], estimates: [] };
    resources.set(urn, known);
    return known;
  };
  const errors: string[] = [];
  for (const { resOutputsEvent, diagnosticEvent } of events) {
    if (isBranch(diagnosticEvent)) {
      const { urn, severity } = diagnosticEvent;
      const message = String(diagnosticEvent.message).trim();
      const resource = of(urn);
      if (severity === "error") (resource?.errors ?? errors).push(message);
      if (resource !== undefined && severity === "debug" && message.startsWith(REFUSED))
        resource.planned = plannedOf(parsedJson(message.slice(REFUSED.length)), {}, resource.urn);
      if (resource !== undefined && severity === "info" && message.startsWith("impact: "))
        resource.estimates.push(message.slice("impact: ".length));
    }
    if (!isBranch(resOutputsEvent) || !isBranch(resOutputsEvent.metadata)) continue;
    const { metadata } = resOutputsEvent;
    const resource = of(metadata.urn);
    if (resource !== undefined) note(resource, metadata);
  }
  if (resources.size === 0) throw failed(errors, `the events are about no ${TYPE}`);
  return [...resources.values()].map(({ planned, drift, estimates, ...resource }) => {
    if (planned === undefined)
      throw failed([...resource.errors, ...errors], `nothing was planned for ${resource.urn}`);
    return { ...planned, drift, estimates };
  });
}

const failed = (errors: readonly string[], otherwise: string): UserError =>
  new UserError(
    errors.length > 0
      ? `cannot review a preview that failed: ${errors.join("\n")}`
      : `cannot review these events: ${otherwise}`,
  );

function eventsIn(text: string): Fields[] {
  const whole = parsedJson(text);
  if (isBranch(whole) && Array.isArray(whole.steps))
    throw new UserError(
      `cannot review what \`pulumi preview --json\` prints by default, as it leaves the plan out; ${HOW}`,
    );
  const events = text.split("\n").map(parsedJson).filter(isBranch);
  const isEvent = (event: Fields): boolean => typeof event.sequence === "number";
  if (!events.some(isEvent))
    throw new UserError(`cannot review what was read: these are no events of the engine; ${HOW}`);
  if (!events.some(({ summaryEvent, cancelEvent }) => (summaryEvent ?? cancelEvent) !== undefined))
    throw new UserError("cannot review these events: they end before the preview did");
  return events;
}

/** Takes what the engine tells when a step is done. */
function note(resource: Resource, { op, old, new: now }: Fields): void {
  const [before, after] = [old, now].map((state) => (isBranch(state) ? state : {})) as [Fields, Fields];
  if (op === "refresh") resource.drift = driftBetween(before, after);
  else if (op === "delete") {
    const name = String(before.id);
    resource.planned ??= { name, review: nothing(after), isLetGo: true };
  } else {
    const outputs = isBranch(after.outputs) ? after.outputs : {};
    resource.planned = plannedOf(outputs.review, outputs, String(after.id || resource.urn));
  }
}

const nothing = ({ inputs }: Fields): Review => {
  const target = isBranch(inputs) && isBranch(inputs.target) ? inputs.target : {};
  const settings = target.network ?? target.kratos;
  const environment = isBranch(settings) ? settings.environment : undefined;
  return {
    declared: {},
    effective: {},
    observed: {},
    changes: [],
    target: target.network === undefined ? "kratos" : "network",
    environment: environment === "stage" || environment === "dev" ? environment : "prod",
  };
};

function plannedOf(output: unknown, outputs: Fields, otherwise: string): Planned {
  const told = mapScalars("", output, (_, value) => (value === ENGINE_UNKNOWN ? UNKNOWN : value));
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const { revision } = outputs;
  // Where nothing is to be done, nothing was planned.
  if (!isBranch(told) || !isBranch(told.effective) || !isBranch(told.declared))
    return {
      name: otherwise,
      review: nothing({ inputs: { target: outputs.target } }),
      ...(typeof revision === "string" && { id: otherwise, revision }),
      unmanaged: texts(outputs.unmanaged),
    };
  const review = told as unknown as Review & { id?: string; revision?: string };
  const isNew = review.observed === undefined;
  return {
    name: review.id ?? otherwise,
    review: isNew ? { ...review, changes: changesBetween(new Map(), leavesOf(review.effective)) } : review,
    isNew,
    ...(review.id !== undefined && { id: review.id }),
    ...(review.revision !== undefined && { revision: review.revision }),
    unmanaged: texts(outputs.unmanaged),
    warnings: texts(outputs.warnings),
  };
}

/** What the refresh before the plan found changed, from what was written to what is live. */
function driftBetween(before: Fields, after: Fields): Change[] {
  const [old, live] = [before, after].map(({ inputs }) => {
    const { config, assets } = isBranch(inputs) ? inputs : {};
    const texts = isBranch(assets) ? assets : {};
    return leavesOf(isBranch(config) ? resolveReferences(config as Document, texts, {}).document : {});
  });
  return changesBetween(old!, live!);
}
