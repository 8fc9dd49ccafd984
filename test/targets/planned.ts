import { plan } from "../../infra/identity-config/change-set";
import type { Document } from "../../infra/identity-config/model";
import type { Target, Write } from "../../infra/targets/target";
import { emailTrait, schemaUrl } from "../kratos/config";

/** Never aborts. */
export const never = new AbortController().signal;

/** A default identity schema with an e-mail address, and `more` traits. */
export const customer = (more: Document = {}): Document => ({
  identity: {
    default_schema_id: "customer",
    schemas: [{ id: "customer", url: schemaUrl({ email: emailTrait({ codes: true }), ...more }) }],
  },
});

/** Settings of sign-in by code. */
export const code = (fields: Document): Document => ({ selfservice: { methods: { code: fields } } });

/** What declaring `declared` on `target` would write now. */
export async function planned(target: Target, declared: Document, secrets: string[] = []): Promise<Write> {
  const observed = await target.observe(never);
  const intent = { declared, owned: [], release: [], secrets };
  return {
    plan: plan(observed, intent),
    observed,
    declared,
    stamp: { owner: "test", leftAlone: [] },
    secrets,
    isSecret: () => false,
  };
}

/** Plans and applies `declared`, and sees that the next plan is empty. */
export async function applied(target: Target, declared: Document) {
  const result = await target.apply(await planned(target, declared), never);
  const next = await planned(target, declared);
  expect(next.plan.changes).toEqual([]);
  expect(target.isStale(next)).toBe(false);
  return result;
}
