import { isDeepStrictEqual } from "node:util";
import { valueAt } from "../identity-config/leaves";
import { UNKNOWN } from "../identity-config/model";
import { UserError } from "../identity-config/user-error";
import { JOURNEYS, type Journey, walk } from "../journeys/walk";
import { openTarget, type TargetSettings } from "../targets/open";
import type { Context, DiffKind, Lifecycle } from "./lifecycle";
import type { Properties } from "./wire";

interface SignInProofInputs {
  target: TargetSettings;
  /** Digest and revision of the identity config that is proven; another one is proven anew. */
  digest: string;
  revision: string;
  /** The journeys to walk. */
  as: Journey[];
  /** Where messages are read. Default: over the Admin API. */
  outbox?: { url: string };
}

const INPUTS = ["target", "digest", "revision", "as", "outbox"] as const;

async function prove(
  news: Properties,
  preview: boolean,
  { root, signal, log }: Context,
): Promise<Properties> {
  if (preview) return { result: UNKNOWN };
  const { target, digest, as, outbox } = news as unknown as SignInProofInputs;
  const live = openTarget(target, root);
  const [endpoints, { effective }] = await Promise.all([live.endpoints(), live.observe(signal)]);
  const schema = String(valueAt(effective, "/identity/default_schema_id") ?? "default");
  const step = (text: string) => void log("info", text);
  const { journeys } = await walk({ ...endpoints, as, schema, outbox, signal, log: step }).catch(
    (error: Error) => {
      throw new UserError(`the configuration is applied, but sign-in is not proven: ${error.message}`);
    },
  );
  return { result: { digest, journeys, at: new Date().toISOString() } };
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
