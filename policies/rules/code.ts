import { distance } from "fastest-levenshtein";
import { isAtLeast, mayBeAtLeast } from "../../infra/identity-config/kratos-version";
import { isBranch, isUnknown } from "../../infra/identity-config/model";
import { join } from "../../infra/identity-config/path";
import { readAt, shown } from "../../infra/identity-config/reading";
import { allOf, isOn, not, undecided, violatedWhere } from "./condition";
import type { Review, Rule, Violation } from "./rule";
import { defaultLacks, receivesCodes } from "./traits";

const CODE = "/selfservice/methods/code";
const MFA = `${CODE}/mfa_enabled`;
const FALLBACK = `${CODE}/config/missing_credential_fallback_enabled`;

const mfaXorPasswordless: Rule = {
  id: "code-mfa-xor-passwordless",
  severity: "mandatory",
  title: "codes are a first factor or a second one, never both",
  why: "kratos refuses the config: it does not start, or keeps running on the old one",
  source: "ory/kratos v1.3.1 embedx/config.schema.json, selfservice.methods.code (anyOf); since v1.1.0",
  needs: "declared",
  example: {
    bad: "selfservice: { methods: { code: { mfa_enabled: true, passwordless_enabled: true } } }",
    good: "selfservice: { methods: { code: { mfa_enabled: true, passwordless_enabled: false } } }",
  },
  check: ({ effective }) =>
    violatedWhere(allOf(isOn(effective, MFA), isOn(effective, `${CODE}/passwordless_enabled`)), {
      path: MFA,
      beside: [`${CODE}/passwordless_enabled`],
      message: "mfa_enabled and passwordless_enabled are both true",
      remedy: `set ${CODE}/passwordless_enabled to false to keep codes as a second factor, or ${MFA} to sign in with them`,
    }),
};

const mfaNeedsEnabled: Rule = {
  id: "mfa-needs-code-enabled",
  severity: "mandatory",
  title: "codes as a second factor need the code method",
  why: "everyone is asked for a second factor and gets a form without a field: nobody can finish signing in",
  source:
    "ory/kratos v1.3.1 driver/config/config.go, SelfServiceStrategy; mfa_enabled does not turn the method on",
  needs: "declared",
  example: {
    bad: "selfservice: { methods: { code: { enabled: false, mfa_enabled: true } } }",
    good: "selfservice: { methods: { code: { enabled: true, mfa_enabled: true } } }",
  },
  check: ({ effective }) =>
    violatedWhere(allOf(isOn(effective, MFA), not(isOn(effective, `${CODE}/enabled`, true))), {
      path: `${CODE}/enabled`,
      beside: [MFA],
      message: "mfa_enabled is true, but the code method is off (enabled is false)",
      remedy: `set ${CODE}/enabled to true, or ${MFA} to false`,
    }),
};

const mfaNeedsIdentifier: Rule = {
  id: "mfa-needs-code-identifier",
  severity: "mandatory",
  title: "codes as a second factor need an address to go to",
  why: "before kratos 25.4 everyone is asked for a code that cannot be sent; from 25.4 on nobody is ever asked for one",
  source:
    "ory/kratos selfservice/strategy/code/strategy.go, CountActiveMultiFactorCredentials; strategy_mfa.go",
  needs: "effective",
  check: (review) =>
    violatedWhere(
      allOf(
        isOn(review.effective, MFA),
        not(isOn(review.effective, FALLBACK)),
        defaultLacks(review.effective, receivesCodes()),
      ),
      {
        path: MFA,
        message: isAtLeast(review, "25.4.0")
          ? "mfa_enabled is true, but no trait of the default schema receives codes: no second factor is ever asked for"
          : "mfa_enabled is true, but no trait of the default schema receives codes: nobody can finish signing in",
        remedy: `mark a trait of the default schema with credentials.code {identifier: true, via: "email"}, or set ${FALLBACK} to true`,
      },
    ),
};

/** A key that Kratos reads, below the code method or below its config. */
interface CodeKey {
  at: "" | "/config";
  key: string;
  /** First version that reads it. */
  since?: string;
  /** First version that no longer does. */
  until?: string;
}

const CODE_KEYS: CodeKey[] = [
  { at: "", key: "enabled" },
  { at: "", key: "passwordless_enabled" },
  { at: "", key: "mfa_enabled" },
  { at: "", key: "passwordless_login_fallback_enabled", until: "1.3.0" },
  { at: "", key: "config" },
  { at: "/config", key: "lifespan" },
  { at: "/config", key: "missing_credential_fallback_enabled", since: "1.3.0" },
  { at: "/config", key: "max_submissions", since: "25.4.0" },
];

const unknownKey: Rule = {
  id: "code-unknown-key",
  severity: "mandatory",
  title: "the code method has no keys that kratos does not know",
  why: "kratos ignores them without a word: a mistyped mfa_enabled leaves the second factor off",
  source: "ory/kratos embedx/config.schema.json, selfservice.methods.code (additionalProperties: true)",
  needs: "declared",
  check(review) {
    // Ory Network runs newer versions than this table knows, and may report keys of theirs that nobody declared.
    const document = review.target === "network" ? review.declared : review.effective;
    const code = readAt(document, CODE);
    if (isUnknown(code)) return [undecided(CODE)];
    const config = readAt(code, "/config");
    const inConfig = isUnknown(config)
      ? [undecided(`${CODE}/config`)]
      : unknownKeys(review, config, "/config");
    return [...unknownKeys(review, code, ""), ...inConfig];
  },
};

function unknownKeys(review: Review, node: unknown, at: CodeKey["at"]): Violation[] {
  if (!isBranch(node)) return [];
  const known = CODE_KEYS.filter((one) => one.at === at && isRead(review, one));
  return Object.keys(node)
    .filter((key) => !known.some((one) => one.key === key))
    .map((key) => ({
      path: join(CODE + at, key),
      message: `kratos ignores the key ${shown(key)}`,
      remedy: remedyFor(review, at, key),
    }));
}

function isRead(review: Review, { since, until }: CodeKey): boolean {
  return (
    (since === undefined || mayBeAtLeast(review, since)) && (until === undefined || !isAtLeast(review, until))
  );
}

function remedyFor(review: Review, at: CodeKey["at"], key: string): string {
  const later = CODE_KEYS.find((one) => one.at === at && one.key === key)?.since;
  if (later !== undefined) return `remove it, or run kratos ${later} or newer, which reads it`;
  const nearest = CODE_KEYS.filter((one) => isRead(review, one))
    .map((one) => ({ place: `${CODE}${one.at}/${one.key}`, away: distance(key, one.key) }))
    .sort((a, b) => a.away - b.away)[0]!;
  if (nearest.away === 0) return `move it to ${nearest.place}`;
  return nearest.away <= Math.max(2, key.length / 3) ? `rename it to ${nearest.place}` : "remove it";
}

export const codeRules: Rule[] = [mfaXorPasswordless, mfaNeedsEnabled, mfaNeedsIdentifier, unknownKey];
