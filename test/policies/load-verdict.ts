import type { Document } from "../../infra/identity-config/model";
import { findings } from "../../policies/rules";
import { identitySchemaRules } from "../../policies/rules/identity-schema";
import { keyRules } from "../../policies/rules/keys";
import type { Finding } from "../../policies/rules/rule";
import { reviewOf } from "./review";

/** Rules of the same files that are about something else: Kratos loads the config. */
const NOT_AT_LOAD = ["code-unknown-key", "secret-placeholder"];

/** The rules whose violations Kratos refuses to load. */
export const LOAD_RULES: readonly string[] = [
  ...[...keyRules, ...identitySchemaRules].map(({ id }) => id).filter((id) => !NOT_AT_LOAD.includes(id)),
  "code-mfa-xor-passwordless",
  "required-aal-enum",
  "schema-is-json",
];

/** Why we think that a Kratos of `version` would not load `document`; empty where it would. */
export function refusals(document: Document, version: string): Finding[] {
  const found = findings(reviewOf(document, { kratosVersion: version }));
  return found.filter(({ rule, undecided }) => LOAD_RULES.includes(rule) && !undecided);
}
