import { type Document, UNKNOWN } from "../../infra/identity-config/model";
import type { Review } from "../../policies/rules/rule";
import { type Examples, judges, methods } from "./examples";
import { schemaUrl, trait, violations } from "./review";

/** `prod` beside what runs in `staging`. */
const beside = (staging: Document, prod: Document): [Document, Partial<Review>] => [
  prod,
  { lower: { name: "staging", effective: staging }, environment: "prod" },
];
const code = (method: Document): Document => methods({ code: method });
const aal = (session: string, settings: string): Document => ({
  session: { whoami: { required_aal: session } },
  selfservice: { flows: { settings: { required_aal: settings } } },
});
const session = (lifespan: string): Document => ({ session: { lifespan } });
const EMAIL = trait({ credentials: { password: { identifier: true } } });
const CODES = trait({ credentials: { code: { identifier: true, via: "email" } } });
const schema = (id: string, email: Document): Document => ({
  identity: { schemas: [{ id, url: schemaUrl({ email }) }] },
});

const MFA = "/selfservice/methods/code/mfa_enabled";
const LIFESPAN = "/selfservice/methods/code/config/lifespan";
const SESSION_AAL = "/session/whoami/required_aal";

/** What neither rule has anything to say about. */
const SAME: Examples["kept"] = [
  beside(code({ mfa_enabled: true }), code({ mfa_enabled: true })),
  // What is not set is Kratos's default.
  beside(aal("highest_available", "highest_available"), aal("highest_available", "highest_available")),
  beside(session("24h"), session("24h0m0s")),
  // Where no stage is before it.
  [code({ mfa_enabled: false })],
  [aal("aal1", "aal1"), { environment: "prod" }],
  // What a stage has of its own.
  beside(
    { selfservice: { default_browser_return_url: "https://staging.shop.example/" } },
    { selfservice: { default_browser_return_url: "https://shop.example/" } },
  ),
];

judges("weaker-than-lower-env", {
  violated: [
    [MFA, ...beside(code({ mfa_enabled: true }), code({ mfa_enabled: false }))],
    [MFA, ...beside(code({ mfa_enabled: true }), {})],
    [SESSION_AAL, ...beside(aal("highest_available", "aal1"), aal("aal1", "aal1"))],
    // The default is highest_available.
    [SESSION_AAL, ...beside({}, aal("aal1", "highest_available"))],
    [LIFESPAN, ...beside(code({ config: { lifespan: "5m" } }), code({ config: { lifespan: "15m" } }))],
    ["/session/lifespan", ...beside(session("24h"), session("720h"))],
  ],
  kept: [
    ...SAME,
    // Stronger than it.
    beside(code({ mfa_enabled: false }), code({ mfa_enabled: true })),
    beside(aal("aal1", "aal1"), aal("highest_available", "highest_available")),
    beside(session("720h"), session("24h")),
  ],
  undecided: [[MFA, ...beside(code({ mfa_enabled: true }), code({ mfa_enabled: UNKNOWN }))]],
});

judges("stack-parity", {
  violated: [
    [MFA, ...beside(code({ mfa_enabled: false }), code({ mfa_enabled: true }))],
    ["/selfservice/methods/totp/enabled", ...beside({}, methods({ totp: { enabled: true } }))],
    [SESSION_AAL, ...beside(aal("aal1", "aal1"), aal("highest_available", "aal1"))],
    ["/identity/schemas[id=customer]/url", ...beside(schema("customer", EMAIL), schema("customer", CODES))],
    ["/identity/schemas[id=customer]/url", ...beside({}, schema("customer", EMAIL))],
    [
      "/identity/default_schema_id",
      ...beside({ identity: { default_schema_id: "a" } }, { identity: { default_schema_id: "b" } }),
    ],
  ],
  kept: [
    ...SAME,
    // The other rule's.
    beside(code({ mfa_enabled: true }), code({ mfa_enabled: false })),
    beside(code({ mfa_enabled: true }), code({ mfa_enabled: UNKNOWN })),
    // Nobody's sign-in depends on it.
    beside(session("720h"), session("24h")),
    // The same schema in another spelling.
    beside(schema("customer", EMAIL), schema("customer", { ...EMAIL })),
  ],
});

test("what is weaker is told with both values, their reason, and where it is stronger", () => {
  expect(
    violations("weaker-than-lower-env", ...beside(session("24h"), session("720h"))).map(
      ({ message, remedy }) => [message, remedy],
    ),
  ).toEqual([
    [
      'weaker than in staging: a stolen session stays valid for longer ("24h0m0s" => "720h0m0s")',
      "set it as in staging, or change it there first",
    ],
  ]);
});

test("a secret that differs is not told", () => {
  const smtp = (password: string): Document => ({
    courier: { smtp: { connection_uri: `smtps://shop:${password}@mail.shop.example/?skip_ssl_verify=true` } },
  });
  for (const rule of ["weaker-than-lower-env", "stack-parity"])
    expect(JSON.stringify(violations(rule, ...beside(smtp("canary-one"), smtp("canary-two"))))).not.toContain(
      "canary",
    );
});
