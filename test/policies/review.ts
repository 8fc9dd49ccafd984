import { type Document, inlineUri, type Json } from "../../infra/identity-config/model";
import { rules } from "../../policies/rules";
import { configOf, type Review, type Violation } from "../../policies/rules/rule";
import { overlaid } from "../kratos/config";

/** The review of a self-hosted Kratos v1.3.1 that runs `effective`, all of it declared. */
export function reviewOf(effective: Document, changes: Partial<Review> = {}): Review {
  return {
    declared: effective,
    effective,
    target: "kratos",
    environment: "dev",
    kratosVersion: "1.3.1",
    ...changes,
  };
}

/** What the rule `id` says about `effective`. */
export function violations(id: string, effective: Document, changes: Partial<Review> = {}): Violation[] {
  const rule = rules.find((one) => one.id === id);
  if (!rule) throw new Error(`there is no rule "${id}"`);
  const review = reviewOf(effective, changes);
  return rule.check(review, configOf(rule, review.rules?.[id]));
}

/** The note of a rule that waits for `path`. */
export const undecidedAt = (path: string) =>
  expect.objectContaining({ path, undecided: true, message: expect.stringContaining(path) });

/** An identity schema as a `base64://` URL, with these traits. */
export function schemaUrl(traits: Record<string, Json>): string {
  return inlineUri(
    JSON.stringify({ type: "object", properties: { traits: { type: "object", properties: traits } } }),
  );
}

/** A trait with this `ory.sh/kratos` extension. */
export const trait = (extension: Document): Document => ({ type: "string", "ory.sh/kratos": extension });

/** A config whose only schema, `default`, has these traits; `rest` is laid beside `identity`. */
export function withTraits(traits: Record<string, Json>, rest: Document = {}): Document {
  return { identity: { schemas: [{ id: "default", url: schemaUrl(traits) }] }, ...rest };
}

/** A trait that receives codes. */
const CODES = trait({ credentials: { code: { identifier: true, via: "email" } } });

/** `document` with the keys that no config can do without. */
export const whole = (document: Document): Document =>
  overlaid(
    {
      selfservice: {
        default_browser_return_url: "https://shop.example/",
        methods: { code: { config: { lifespan: "15m" } } },
      },
      identity: { schemas: [{ id: "default", url: schemaUrl({ email: CODES }) }] },
    },
    document,
  );
