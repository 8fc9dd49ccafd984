import { durationOf } from "../../infra/identity-config/canonical";
import { isUnknown } from "../../infra/identity-config/model";
import { readAt, shown } from "../../infra/identity-config/reading";
import { anyOf, isOn, not, undecided, violatedWhere } from "./condition";
import { codesAreFirstFactor, codesAreSecondFactor, FLOWS, METHODS } from "./factors";
import type { Rule } from "./rule";

const DURATION = "^([0-9]+(ns|us|ms|s|m|h))+$";
const CODE = `${METHODS}/code/config`;

const codeLifespan: Rule = {
  id: "code-lifespan-max",
  severity: "info",
  severityInProd: "advisory",
  title: "codes to sign in with are good for a quarter of an hour at most",
  why: "a code that is overheard, or left in an inbox, can still be used long after its owner has signed in",
  source: "docs/kratos/emails-sms/30_sms.mdx of ory/docs; Kratos's own default is 1h",
  needs: "effective",
  config: {
    max: { type: "string", pattern: DURATION, default: "15m", description: "the longest that is taken" },
  },
  check: ({ effective, target }, { max }) => {
    const path = `${CODE}/lifespan`;
    const lifespan = readAt(effective, path);
    const used = anyOf(codesAreSecondFactor(effective), codesAreFirstFactor(effective));
    if (used.holds === false) return [];
    if (isUnknown(lifespan)) return [undecided(path)];
    // Ory Network's own default is 15m.
    const byDefault = target === "network" ? "15m" : "1h";
    const length = duration(lifespan ?? byDefault);
    if (length === undefined || length <= duration(max)!) return [];
    return violatedWhere(used, {
      path,
      message: `lifespan is ${lifespan === undefined ? "not set, which means 1h" : shown(lifespan)}`,
      remedy: `set ${path} to "${max}" or less`,
    });
  },
};

const maxSubmissions: Rule = {
  id: "max-submissions",
  severity: "advisory",
  title: "a code can be guessed at a few times at most",
  why: "a code has six digits: each further attempt that is allowed makes guessing it more likely",
  source: "ory/kratos v26.2.0 embedx/config.schema.json, code.config.max_submissions; 5 by default",
  needs: "declared",
  versions: "25.4.0 and newer; older ones ignore the key, which code-unknown-key tells",
  config: {
    max: {
      type: "integer",
      minimum: 1,
      maximum: 255,
      default: 5,
      description: "the most attempts that are taken",
    },
  },
  check: ({ effective }, { max }) => {
    const path = `${CODE}/max_submissions`;
    const most = readAt(effective, path);
    if (isUnknown(most)) return [undecided(path)];
    if (typeof most !== "number" || most <= Number(max)) return [];
    return [
      { path, message: `max_submissions is ${most}`, remedy: `set ${path} to ${max} or less, or remove it` },
    ];
  },
};

const PRIVILEGED = `${FLOWS}/settings/privileged_session_max_age`;

const privilegedAge: Rule = {
  id: "privileged-age",
  severity: "advisory",
  title: "credentials are changed soon after signing in",
  why: "too long, and whoever finds a signed-in device changes its owner's password; too short, and nobody gets done in time",
  source: "ory/kratos v1.3.1 selfservice/flow/settings/hook.go; session/session.go, IsPrivileged",
  needs: "effective",
  config: {
    max: { type: "string", pattern: DURATION, default: "1h", description: "the longest that is taken" },
  },
  check: ({ effective }, { max }) => {
    const value = readAt(effective, PRIVILEGED);
    if (isUnknown(value)) return [undecided(PRIVILEGED)];
    const age = duration(value);
    if (age === undefined) return [];
    const session = readAt(effective, "/session/lifespan");
    const lifespan = duration(session ?? "24h");
    const fault =
      age < 60
        ? "less than a minute, which is too short to fill in a form"
        : age > duration(max)!
          ? `more than ${max}`
          : lifespan !== undefined && age > lifespan
            ? `longer than a session lasts (${shown(session)})`
            : undefined;
    if (fault === undefined) return isUnknown(session) ? [undecided("/session/lifespan")] : [];
    return [
      {
        path: PRIVILEGED,
        message: `privileged_session_max_age is ${shown(value)}: ${fault}`,
        remedy: `set ${PRIVILEGED} to "15m"`,
      },
    ];
  },
};

const duration = (value: unknown): number | undefined =>
  typeof value === "string" ? durationOf(value) : undefined;

const enumeration: Rule = {
  id: "enumeration-mitigation",
  severity: "info",
  title: "signing in does not tell who has an account",
  why: "anybody can find out whether an address has an account",
  source: "docs/kratos/concepts/01_security.mdx of ory/docs; security.account_enumeration.mitigate",
  needs: "effective",
  check: ({ declared, effective, environment }) => {
    const path = "/security/account_enumeration/mitigate";
    // Nobody is told who leaves signing in to others.
    const isOurs = [`${FLOWS}/login`, "/security"].some((place) => readAt(declared, place) !== undefined);
    if (environment !== "prod" || !isOurs) return [];
    return violatedWhere(not(isOn(effective, path)), {
      path,
      message: "account enumeration is not mitigated",
      remedy: `set ${path} to true, where users need not be told that an account does not exist`,
    });
  },
};

const codesInLogs: Rule = {
  id: "otp-in-logs",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "codes do not stand in the log",
  why: "whoever reads the log, or what collects logs, signs in as anybody",
  source: "ory/kratos v1.3.1 selfservice/strategy/code/code_sender.go, WithSensitiveField",
  needs: "declared",
  check: ({ effective, target }) => {
    if (target === "network") return [];
    const path = "/log/leak_sensitive_values";
    return violatedWhere(isOn(effective, path), {
      path,
      message: "leak_sensitive_values is true: codes and addresses are logged",
      remedy: `set ${path} to false`,
    });
  },
};

export const limitRules: Rule[] = [codeLifespan, maxSubmissions, privilegedAge, enumeration, codesInLogs];
