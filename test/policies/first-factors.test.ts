import { UNKNOWN } from "../../infra/identity-config/model";
import { findings, rules } from "../../policies/rules";
import { judges, methods } from "./examples";

const METHODS = "/selfservice/methods";
const codes = (on: boolean) => methods({ code: { passwordless_enabled: on } });
const keys = (passwordless: boolean, enabled = true) =>
  methods({ webauthn: { enabled, config: { passwordless } } });

judges("remove-sign-in-method", {
  violated: [
    [`${METHODS}/code/passwordless_enabled`, codes(false), { observed: codes(true) }],
    [`${METHODS}/code/passwordless_enabled`, {}, { observed: codes(true) }],
    // On by default.
    [`${METHODS}/password/enabled`, methods({ password: { enabled: false } }), { observed: {} }],
    [`${METHODS}/passkey/enabled`, {}, { observed: methods({ passkey: { enabled: true } }) }],
    [`${METHODS}/oidc/enabled`, {}, { observed: methods({ oidc: { enabled: true } }) }],
    [`${METHODS}/webauthn/enabled`, keys(true, false), { observed: keys(true) }],
    [`${METHODS}/webauthn/config/passwordless`, keys(false), { observed: keys(true) }],
  ],
  kept: [
    [codes(false)],
    [codes(true), { observed: codes(false) }],
    [codes(false), { observed: codes(false) }],
    [keys(false, false), { observed: keys(false) }],
    [methods({ totp: { enabled: false } }), { observed: methods({ totp: { enabled: true } }) }],
    // What was there before cannot be read.
    [codes(false), { observed: methods({ code: { passwordless_enabled: UNKNOWN } }) }],
  ],
  undecided: [
    [
      `${METHODS}/passkey/enabled`,
      methods({ passkey: { enabled: UNKNOWN } }),
      { observed: methods({ passkey: { enabled: true } }) },
    ],
  ],
});

test.each([
  ["prod", "mandatory"],
  ["dev", "advisory"],
] as const)("what people sign in with is %s: %s", (environment, severity) => {
  const review = {
    declared: {},
    target: "kratos",
    kratosVersion: "1.3.1",
    changes: [],
    environment,
  } as const;
  const rule = rules.find(({ id }) => id === "remove-sign-in-method")!;
  expect(environment === "prod" ? rule.severityInProd : rule.severity).toBe(severity);
  expect(
    findings({ ...review, effective: codes(false), observed: codes(true) }, "changes").map(
      ({ rule: id }) => id,
    ),
  ).toContain("remove-sign-in-method");
});

test("an account that can be recovered is not lost", () => {
  const review = {
    declared: {},
    target: "kratos",
    kratosVersion: "1.3.1",
    changes: [],
    environment: "prod",
  } as const;
  const message = (flows: object) => {
    const effective = { selfservice: { methods: { code: { passwordless_enabled: false } }, flows } } as never;
    return findings({ ...review, effective, observed: codes(true) }, "changes")[0]!.message;
  };
  expect(message({})).toMatch(/whoever has nothing else is locked out$/);
  expect(message({ recovery: { enabled: true } })).toMatch(
    /until they recover the account and set a password$/,
  );
});
