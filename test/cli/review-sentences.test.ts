import { plannedBetween } from "../../cli/review/documents";
import { reviewed } from "../../cli/review/reviewed";
import type { Document } from "../../infra/identity-config/model";
import type { Review } from "../../policies/rules/rule";
import { emailTrait, overlaid, schemaUrl } from "../kratos/config";
import { IMPACT } from "./hostile";

const CONFIG: Document = {
  identity: {
    default_schema_id: "customer",
    schemas: [{ id: "customer", url: schemaUrl({ email: emailTrait({ codes: true }) }) }],
  },
  selfservice: {
    default_browser_return_url: "https://shop.example/",
    methods: { password: { enabled: true }, code: { enabled: true } },
    flows: { recovery: { enabled: true, use: "code" }, registration: { enabled: true } },
  },
  session: { lifespan: "24h" },
  courier: { smtp: { connection_uri: "smtps://mail.shop.example" } },
};

const subject = (effective: Document, more: Partial<Review>) => ({
  name: "kratos.yml",
  notices: [],
  files: [],
  review: {
    declared: effective,
    effective,
    target: "kratos" as const,
    environment: "dev" as const,
    kratosVersion: "1.3.1",
    ...more,
  },
});

const review = (before: Document, after: Document, more: Partial<Review> = {}) =>
  reviewed(plannedBetween(subject(before, more), subject(after, more)), undefined);

const flow = (name: string, value: Document): Document => ({ selfservice: { flows: { [name]: value } } });
const method = (name: string, value: Document): Document => ({ selfservice: { methods: { [name]: value } } });
const CODES = method("code", { mfa_enabled: true });

test.each<[string, Document, Document, string]>([
  [
    "codes for everybody",
    CONFIG,
    overlaid(CONFIG, CODES),
    "caution: Everybody will also be asked for a code by e-mail, each time they sign in, and so will whoever is signed in already",
  ],
  [
    "no codes any more",
    overlaid(CONFIG, CODES),
    CONFIG,
    "danger: Nobody can stay signed in any more: kratos demands a second factor and offers none",
  ],
  [
    "no password",
    CONFIG,
    overlaid(CONFIG, method("password", { enabled: false })),
    "danger: Nobody can sign in any more: no method that is on is one that they have a credential for",
  ],
  [
    "no sign-up",
    CONFIG,
    overlaid(CONFIG, flow("registration", { enabled: false })),
    "danger: Nobody can sign up any more: registration is disabled",
  ],
  [
    "no recovery",
    CONFIG,
    overlaid(CONFIG, flow("recovery", { enabled: false })),
    "danger: Nobody can recover their account any more: recovery is disabled",
  ],
  [
    "longer sessions",
    CONFIG,
    overlaid(CONFIG, { session: { lifespan: "720h" } }),
    "danger: Weakens the protection of accounts: a stolen session stays valid for longer",
  ],
  [
    "shorter sessions",
    CONFIG,
    overlaid(CONFIG, { session: { lifespan: "1h" } }),
    "fine: One change, which does not weaken the protection of accounts",
  ],
  [
    "another server",
    CONFIG,
    overlaid(CONFIG, { serve: { public: { base_url: "https://a.example/" } } }),
    "caution: One change; of it nobody but you can tell what it means for the protection of accounts",
  ],
  ["nothing", CONFIG, CONFIG, "nothing: Nothing changes"],
])("%s", (_, before, after, sentence) => {
  const { verdict } = review(before, after);
  expect(`${verdict.level}: ${verdict.text}`).toBe(sentence);
});

test("counts stand in the sentence that they are about", () => {
  const plan = plannedBetween(subject(CONFIG, {}), subject(overlaid(CONFIG, CODES), {}));
  const none = { ...IMPACT, of: { ...IMPACT.of, lockedOut: { before: 0, after: 0, newly: 0 } } };
  expect(reviewed(plan, none).verdict.text).toContain("signed in already (2 of 2000 people)");
  expect(reviewed(plan, IMPACT).verdict).toEqual({
    level: "danger",
    text: "2 of 2000 people will be locked out",
  });
});

test("what is refused in prod is refused in the first words, and is the riskiest change", () => {
  const after = overlaid(overlaid(CONFIG, CODES), { session: { lifespan: "48h" } });
  const { verdict, changes, findings } = review(CONFIG, after, { environment: "prod" });
  expect(verdict.text).toMatch(/^Refused by the rules: everybody will also be asked/);
  expect(changes.map(({ path }) => path)).toEqual([
    "/selfservice/methods/code/mfa_enabled",
    "/session/lifespan",
  ]);
  expect(findings.filter(({ isOld }) => isOld).map(({ rule }) => rule)).toContain("revoke-on-reset");
});
