import { documentOf, leavesOf } from "../../infra/identity-config/leaves";
import { type Document, isBranch, isUnknown } from "../../infra/identity-config/model";
import { join } from "../../infra/identity-config/path";
import { isSensitive, MASK } from "../../infra/identity-config/sensitive";
import type { Review } from "../../policies/rules/rule";

/** One of two configs, and where it was read. */
type Shown = Pick<Review, "effective" | "target">;

/** Two configs as far as both show what they have. */
export interface Comparable {
  old: Document;
  wanted: Document;
  /** Where one of them hides a value of which the other has one, too, so that nobody can tell whether they differ. */
  hidden: string[];
}

/**
 * Two configs with the other one's value in place of what one hides: by a mask of Ory Network, or as a secret that could
 * not be decrypted.
 */
export function comparable(before: Shown, after: Shown): Comparable {
  const [old, wanted] = [leavesOf(before.effective), leavesOf(after.effective)];
  const hidden: string[] = [];
  const isHidden = ({ target }: Shown, path: string, value: unknown): boolean =>
    isUnknown(value) || (target === "network" && isMask(path, value));
  const both = (path: string, one: unknown, other: unknown): [unknown, unknown] => {
    if (one === undefined || other === undefined) return [one, other];
    const isHere = isHidden(before, path, one);
    if (isHere || isHidden(after, path, other)) {
      hidden.push(path);
      return isHere ? [other, other] : [one, one];
    }
    if (Array.isArray(one) && Array.isArray(other)) {
      const pairs = one.map((item, index) => both(join(path, String(index)), item, other[index]));
      return [
        pairs.map(([item]) => item),
        other.map((item, index) => (index < pairs.length ? pairs[index]![1] : item)),
      ];
    }
    if (!isBranch(one) || !isBranch(other)) return [one, other];
    const [left, right] = [{ ...one }, { ...other }] as Record<string, unknown>[];
    for (const name of Object.keys(one))
      if (Object.hasOwn(other, name))
        [left![name], right![name]] = both(join(path, name), one[name], other[name]);
    return [left, right];
  };
  for (const [path, value] of old) {
    if (!wanted.has(path)) continue;
    const [one, other] = both(path, value, wanted.get(path));
    old.set(path, one);
    wanted.set(path, other);
  }
  return { old: documentOf(old), wanted: documentOf(wanted), hidden: hidden.sort() };
}

/** A plain word, such as `hidden`, may be a value where no secret stands. */
const isMask = (path: string, value: unknown): boolean =>
  typeof value === "string" && MASK.test(value) && (isSensitive(path) || /\W/.test(value));
