import { isDeepStrictEqual } from "node:util";
import { valueAt } from "../identity-config/leaves";
import { UNKNOWN } from "../identity-config/model";
import type { Promotable } from "../identity-config/promotion/promotable";
import { UserError } from "../identity-config/user-error";
import { walk } from "../journeys/walk";
import { JOURNEYS, type Journey } from "../journeys/ways";
import { openTarget, type TargetSettings } from "../targets/open";
import { type Evidence, NOTHING_KNOWN, type Target } from "../targets/target";
import type { Context, DiffKind, Lifecycle } from "./lifecycle";
import type { Properties } from "./wire";

/** No interface, which would be no Properties. */
type SignInProofInputs = {
  target: TargetSettings;
  /** Digest and revision of the identity config that is proven; another one is proven anew. */
  digest: string;
  revision: string;
  /** What of it other stages may be given once it is proven. */
  promotable?: Promotable;
  /** What running servers have to show first, where the program brings the config to them. */
  evidence?: Evidence;
  /** The journeys to walk. */
  as: Journey[];
  /** Where messages are read. Default: over the Admin API. */
  outbox?: { url: string };
};

const INPUTS = ["target", "digest", "revision", "promotable", "evidence", "as", "outbox"] as const;

/**
 * Longest wait until running servers show a config that was brought to them, in milliseconds. A kubelet brings a
 * changed Secret or ConfigMap into its volume within its sync period and the delay of its cache, a minute each.
 */
const ROLLOUT = 180_000;

async function prove(news: Properties, preview: boolean, context: Context): Promise<Properties> {
  if (preview) return { result: UNKNOWN };
  const { target, digest, promotable, evidence, as, outbox } = news as SignInProofInputs;
  const { signal, log } = context;
  const live = openTarget(target, context);
  const endpoints = await live.endpoints(signal);
  // Lines are shown in order: with the last one, all are.
  let shown: Promise<void> | undefined;
  const step = (text: string) => {
    shown = log("info", text);
    shown.catch(() => undefined);
  };
  if (evidence !== undefined) {
    step("waiting until the running server shows the new config");
    const [missing] = await live.missing(evidence, ROLLOUT, signal);
    if (missing !== undefined) throw new UserError(`sign-in is not proven: ${missing}`);
  }
  const schema = evidence?.schemaId ?? (await defaultSchema(live, signal));
  const { journeys } = await walk({ ...endpoints, as, schema, outbox, signal, log: step })
    .catch((error: Error) => {
      throw new UserError(`the configuration is applied, but sign-in is not proven: ${error.message}`);
    })
    .finally(() => shown);
  return {
    result: { digest, ...(promotable && { promotable }), journeys, at: new Date().toISOString() },
  };
}

async function defaultSchema(live: Target, signal: AbortSignal): Promise<string> {
  const { effective } = await live.observe(signal, NOTHING_KNOWN);
  return String(valueAt(effective, "/identity/default_schema_id") ?? "default");
}

/** The life of `ory:index:SignInProof`. */
export const signInProof: Lifecycle = {
  async check(news) {
    const as = Array.isArray(news.as) ? news.as : [];
    const wrong = as.filter((journey) => !JOURNEYS.includes(journey));
    const reason = wrong.length > 0 ? `"${wrong.join('", "')}" is not a journey` : "it names no journey";
    const failures =
      as.length === 0 || wrong.length > 0
        ? [{ property: "as", reason: `${reason}; use one or more of ${JOURNEYS.join(", ")}` }]
        : [];
    return { inputs: news, failures };
  },

  async diff(old, news) {
    const differing = INPUTS.filter((name) => !isDeepStrictEqual(old.inputs[name], news[name]));
    return {
      changed: differing.length > 0,
      paths: new Map(differing.map((name): [string, DiffKind] => [name, "update"])),
    };
  },

  async create(news, preview, context) {
    return { id: context.urn.split("::").at(-1)!, outputs: await prove(news, preview, context) };
  },

  async update(_old, news, preview, context) {
    return prove(news, preview, context);
  },

  async read(old) {
    return old;
  },

  async delete() {},
};
