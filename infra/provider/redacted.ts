import type { Review } from "../../policies/rules/rule";
import { documentOf, leavesOf } from "../identity-config/leaves";
import { type Document, inlineText } from "../identity-config/model";
import { redact } from "../identity-config/sensitive";
import type { Target, Write } from "../targets/target";

/** Shorter secrets are words of a program, too: redacting `data` in Jsonnet would make another program of it. */
const SHORTEST_IN_TEXT = 8;

/** `review` without its secrets: what outputs, and so the policy pack, may see. */
export function redacted(
  review: Review,
  secrets: readonly string[],
  isSecret?: (path: string) => boolean,
): Review {
  const long = secrets.filter(({ length }) => length >= SHORTEST_IN_TEXT);
  const clean = (document: Document): Document => {
    const leaves = leavesOf(document);
    for (const [path, value] of leaves)
      leaves.set(path, redact(path, value, inlineText(value) === undefined ? secrets : long, isSecret));
    return documentOf(leaves);
  };
  return {
    ...review,
    declared: clean(review.declared),
    effective: clean(review.effective),
    ...(review.observed && { observed: clean(review.observed) }),
  };
}

/** A review as the output `review`, and as `pulumi-ory review` reads it: with what it is about. */
export const told = (review: Review, { id }: Pick<Target, "id">, { observed, secrets, isSecret }: Write) => ({
  ...redacted(review, secrets, isSecret),
  id,
  revision: observed.revision,
});

/** What stands before a review that is logged: a refused preview has no outputs to hold it. */
export const REFUSED_REVIEW = "pulumi-ory review: ";
