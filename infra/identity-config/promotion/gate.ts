import { isBranch, UNKNOWN } from "../model";
import { isKept, type Promotable, type StageDifference, stageDifferences } from "./promotable";

/** Where findings about promotion stand: no path of any config. */
export const PROMOTION = "/promotion";

/** What a stage has proven, as a resource is told. */
export interface Proven {
  promotable?: Promotable;
  /** When, in RFC 3339. */
  at?: string;
}

/** Which stage proves what comes here, and what of it. */
export interface Promotion {
  /** The stage's name. */
  from: string;
  /** Paths that are this stage's own, beside those that always are. */
  keep?: readonly string[];
  /** Digest that was promoted last. */
  digest?: string;
  /** What the stage has proven last; absent where it has proven nothing. */
  proven?: Proven;
}

/** What is compared with the stage before, as rules look at it; free of secrets. */
export interface PromotionReview {
  from: string;
  /** Digest of what is to come; unknown where something in it is not known yet. */
  digest: string | typeof UNKNOWN;
  /** Digest of what was applied last; absent where nothing was. */
  applied?: string;
  /** Whether the stage before has proven anything that can be compared. */
  isProven: boolean;
  /** Whether it was proven when it was promoted at an earlier time. */
  wasProven: boolean;
  /** Whether the stage before has proven something else since it was promoted. */
  hasMovedOn: boolean;
  /** Where the two differ, and nobody has said that they may. */
  differences: readonly StageDifference[];
  /** Where they differ, and the user has said so. */
  intended: readonly StageDifference[];
}

/**
 * Compares what is to come with what the stage before has proven.
 * @param coming Undefined where something in it is not known yet.
 * @param applied Digest of what was applied last.
 * @param promoted Digests that were applied after they had been proven.
 */
export function promotionReview(
  { from, keep = [], digest, proven }: Promotion,
  coming: Promotable | undefined,
  applied: string | undefined,
  promoted: readonly string[],
): PromotionReview {
  // What another stack gives out may be anything.
  const there = isBranch(proven?.promotable?.paths) ? proven.promotable : undefined;
  const all = coming && there ? stageDifferences(coming.paths, there.paths) : [];
  return {
    from,
    digest: coming?.digest ?? UNKNOWN,
    ...(applied !== undefined && { applied }),
    isProven: there !== undefined,
    wasProven: coming !== undefined && promoted.includes(coming.digest),
    hasMovedOn: digest !== undefined && there !== undefined && there.digest !== digest,
    differences: all.filter(({ path }) => !isKept(path, keep)),
    intended: all.filter(({ path }) => isKept(path, keep)),
  };
}

/** Whether `review` is about what the stage before has proven. */
export const isAsProven = ({ digest, isProven, differences }: PromotionReview): boolean =>
  digest !== UNKNOWN && isProven && differences.length === 0;
