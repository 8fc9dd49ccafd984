import { createHash } from "node:crypto";
import type { Config } from "../identity-config/journeys/config";
import { leavesOf } from "../identity-config/leaves";
import { parsedJson } from "../identity-config/model";
import { redact } from "../identity-config/sensitive";
import { UserError } from "../identity-config/user-error";
import { Counter, type Counts } from "./counts";
import { type AdminApi, Identities } from "./identities";

/** What to count, and how far. */
export interface ImpactOptions {
  api: AdminApi;
  /** The effective config before the change, and after it. */
  before: Config;
  after: Config;
  /**
   * Counts some identities only, for an estimate: no more than `identities`, and for no longer than `milliseconds`.
   * Identities are listed by their random ids, so that the first ones are a fair sample.
   */
  sample?: { identities: number; milliseconds: number };
  /** What `onProgress` gave last, to go on from there. */
  resume?: string;
  /** Called after each page. */
  onProgress?(progress: Progress): void;
  signal?: AbortSignal;
}

/** How far a count is. */
export interface Progress {
  identities: number;
  /** Absent where the API does not say it. */
  total?: number;
  /**
   * Goes on from here, in another process too. It holds the counts so far and the place in the list, which may be an
   * identity's id; nothing else of anybody.
   */
  resume: string;
}

/** What a change set means for those who are there. */
export interface Impact extends Counts {
  /** Present where only some were counted: how many, and of how many, where the API says it. */
  sample?: { identities: number; of?: number };
}

/**
 * Counts what a change of config means for all identities of a Kratos or of a project on Ory Network.
 *
 * @throws UserError where the API cannot be read, or `resume` belongs to another change; what `signal` aborts with.
 *
 * @example
 * ```ts
 * const impact = await measureImpact({
 *   api: { adminUrl: "http://127.0.0.1:4434" },
 *   before: { document: before, target: "kratos", kratosVersion: "1.3.1" },
 *   after: { document: after, target: "kratos", kratosVersion: "1.3.1" },
 *   onProgress: ({ identities, total }) => console.error(`${identities} of ${total ?? "?"}`),
 * });
 * console.log(`${impact.of.secondFactor.newly} will be asked for a second factor, ${impact.of.lockedOut.newly} locked out`);
 * ```
 */
export async function measureImpact(options: ImpactOptions): Promise<Impact> {
  const { before, after, sample, onProgress, signal = new AbortController().signal } = options;
  const change = digestOf(before, after);
  const earlier = options.resume === undefined ? undefined : resumed(options.resume, change);
  const counter = new Counter(before, after, earlier?.counts);
  const identities = new Identities(options.api);
  const total = await identities.total(signal);
  const until = sample === undefined ? Number.POSITIVE_INFINITY : performance.now() + sample.milliseconds;
  const most = sample?.identities ?? Number.POSITIVE_INFINITY;
  let isWhole = false;
  for await (const page of identities.pages(earlier?.at, signal)) {
    for (const identity of page.identities) counter.add(identity);
    isWhole = page.next === undefined;
    const { counts } = counter;
    if (!isWhole)
      onProgress?.({
        identities: counts.identities,
        ...(total !== undefined && { total }),
        resume: JSON.stringify({ change, at: page.next, counts }),
      });
    if (counts.identities >= most || performance.now() >= until) break;
  }
  if (isWhole) return counter.counts;
  const sampled = { identities: counter.counts.identities, ...(total !== undefined && { of: total }) };
  return { ...counter.counts, sample: sampled };
}

/** Of a change, so that counts of two are never added up; without its secrets, since it is stored. */
const digestOf = (before: Config, after: Config): string =>
  createHash("sha256")
    .update(
      JSON.stringify([before, after].map((config) => ({ ...config, document: clean(config.document) }))),
    )
    .digest("hex");

const clean = (document: unknown) =>
  [...leavesOf(document)].map(([path, value]) => [path, redact(path, value)]);

function resumed(token: string, change: string): { at: string; counts: Counts } {
  const found = parsedJson(token) as { change?: unknown; at?: unknown; counts?: Counts } | null | undefined;
  if (typeof found?.at !== "string" || typeof found.counts?.identities !== "number")
    throw new UserError("cannot go on counting: what was noted of the earlier count is damaged, start anew");
  if (found.change !== change)
    throw new UserError("cannot go on counting: the earlier count was made for another change, start anew");
  return { at: found.at, counts: found.counts };
}
