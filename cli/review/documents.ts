import { plan } from "../../infra/identity-config/change-set";
import { leavesOf } from "../../infra/identity-config/leaves";
import type { Document } from "../../infra/identity-config/model";
import { sensitiveTexts } from "../../infra/identity-config/sensitive";
import { redacted } from "../../infra/provider/redacted";
import type { Subject } from "../subjects";
import { comparable } from "./hidden";
import type { Planned } from "./reviewed";

/** A whole config that is compared with another one. */
export interface Side extends Subject {
  /** Texts of secrets in it that stand where nobody expects any. */
  secrets?: readonly string[];
  /** Whether a secret stands at a path, for whatever is there. */
  isSecret?: (path: string) => boolean;
  /** The resource's name, where a stack declares it. */
  resource?: string;
}

/**
 * What it takes to come from one whole config to another. Secrets are compared, and never shown.
 * @param isApart Whether a path is each one's own, and not compared.
 */
export function plannedBetween(
  before: Side,
  after: Side,
  isApart: (path: string) => boolean = () => false,
): Planned {
  const { old, wanted, hidden } = comparable(before.review, after.review);
  const kratosVersion = after.review.kratosVersion ?? before.review.kratosVersion;
  // What is live knows what it is; files are what somebody says they are.
  const { target, environment } = (before.observed ? before : after).review;
  const running = { target, ...(kratosVersion !== undefined && { kratosVersion }) };
  const secrets = [before, after].flatMap((side) => side.secrets ?? []);
  const isSecret = (path: string): boolean => [before, after].some((side) => side.isSecret?.(path) === true);
  const known = [...secrets, ...secretsIn(old, wanted)];
  const planned = plan(
    { effective: old, defaults: {}, managed: [...leavesOf(old).keys()] },
    { declared: wanted, owned: [], release: [], secrets: known, running, isSecret },
  );
  const own = planned.changes.filter(({ path }) => isApart(path));
  const review = {
    ...after.review,
    ...running,
    environment,
    effective: planned.after,
    observed: old,
    changes: planned.changes.filter((change) => !own.includes(change)),
  };
  return {
    name: `${before.name} => ${after.name}`,
    review: redacted(review, secrets, isSecret),
    ...(before.observed && { id: before.name, revision: before.observed.revision }),
    notices: [
      ...before.notices,
      ...after.notices,
      ...said(
        OWN,
        own.map(({ path }) => path),
      ),
      ...said("not compared, as they are hidden", hidden),
    ],
  };
}

const OWN = "not compared, as these belong to an environment and neither program declares them";

const secretsIn = (...documents: Document[]): string[] => documents.flatMap(sensitiveTexts);

/** A line about paths, where there are any. */
export const said = (words: string, paths: readonly string[]): string[] =>
  paths.length === 0 ? [] : [`${words}: ${paths.join(", ")}`];
