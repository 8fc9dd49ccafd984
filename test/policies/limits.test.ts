import { UNKNOWN } from "../../infra/identity-config/model";
import type { Review } from "../../policies/rules/rule";
import { judges, methods } from "./examples";

const LIFESPAN = "/selfservice/methods/code/config/lifespan";
const signIn = (lifespan?: string | typeof UNKNOWN) =>
  methods({ code: { mfa_enabled: true, ...(lifespan !== undefined && { config: { lifespan } }) } });
const set = (rule: string, max: string | number): Partial<Review> => ({ rules: { [rule]: { max } } });

judges("code-lifespan-max", {
  violated: [
    [LIFESPAN, signIn()],
    [LIFESPAN, signIn("15m1s")],
    [LIFESPAN, signIn("1h"), { target: "network" }],
    [LIFESPAN, methods({ code: { passwordless_enabled: true } })],
    [LIFESPAN, signIn("15m"), set("code-lifespan-max", "10m")],
  ],
  kept: [
    [signIn("15m")],
    [signIn("900s")],
    [signIn("soon")],
    [signIn(), { target: "network" }],
    // Codes that only recover and verify.
    [methods({ code: { enabled: true } })],
    [signIn("1h"), set("code-lifespan-max", "1h")],
  ],
  undecided: [
    [LIFESPAN, signIn(UNKNOWN)],
    ["/selfservice/methods/code/mfa_enabled", methods({ code: { mfa_enabled: UNKNOWN } })],
  ],
});

const SUBMISSIONS = "/selfservice/methods/code/config/max_submissions";
const submissions = (max_submissions: number | typeof UNKNOWN) =>
  methods({ code: { config: { max_submissions } } });

judges("max-submissions", {
  violated: [
    [SUBMISSIONS, submissions(6)],
    [SUBMISSIONS, submissions(4), set("max-submissions", 3)],
  ],
  kept: [[submissions(5)], [{}], [submissions(20), set("max-submissions", 20)]],
  undecided: [[SUBMISSIONS, submissions(UNKNOWN)]],
});

const AGE = "/selfservice/flows/settings/privileged_session_max_age";
const age = (privileged_session_max_age: string | typeof UNKNOWN, lifespan?: string | typeof UNKNOWN) => ({
  selfservice: { flows: { settings: { privileged_session_max_age } } },
  ...(lifespan !== undefined && { session: { lifespan } }),
});

judges("privileged-age", {
  violated: [
    [AGE, age("59s")],
    [AGE, age("61m")],
    [AGE, age("30m", "20m")],
    [AGE, age("30m"), set("privileged-age", "15m")],
    [AGE, age("2h", UNKNOWN)],
  ],
  kept: [
    [age("1m")],
    [age("1h")],
    [age("20m", "20m")],
    [{}],
    [age("a while")],
    [age("2h"), set("privileged-age", "2h")],
  ],
  undecided: [
    [AGE, age(UNKNOWN)],
    ["/session/lifespan", age("30m", UNKNOWN)],
  ],
});

const MITIGATE = "/security/account_enumeration/mitigate";
const mitigate = (on: boolean | typeof UNKNOWN) => ({ security: { account_enumeration: { mitigate: on } } });
const prod = { environment: "prod" } as const;
const login = { selfservice: { flows: { login: { lifespan: "10m" } } } };

judges("enumeration-mitigation", {
  violated: [
    [MITIGATE, login, prod],
    [MITIGATE, mitigate(false), prod],
  ],
  kept: [
    [mitigate(true), prod],
    [login, { environment: "stage" }],
    // Left to others.
    [{}, prod],
    [login, { ...prod, declared: {} }],
  ],
  undecided: [[MITIGATE, mitigate(UNKNOWN), prod]],
});

const LEAK = "/log/leak_sensitive_values";
const leak = (leak_sensitive_values: boolean | typeof UNKNOWN) => ({ log: { leak_sensitive_values } });

judges("otp-in-logs", {
  violated: [[LEAK, leak(true)]],
  kept: [[leak(false)], [{}], [leak(true), { target: "network" }]],
  undecided: [[LEAK, leak(UNKNOWN)]],
});
