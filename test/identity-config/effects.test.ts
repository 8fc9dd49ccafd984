import * as fc from "fast-check";
import { effectOf, effectRows, rowOf } from "../../infra/identity-config/effects/index";
import type { Running } from "../../infra/identity-config/kratos-version";
import { leavesOf } from "../../infra/identity-config/leaves";
import { inlineUri, UNKNOWN } from "../../infra/identity-config/model";
import {
  EmailDelivery,
  type Part,
  PasswordHasher,
  Passwordless,
  PasswordPolicy,
  Recovery,
  Verification,
} from "../../infra/index";
import { MockEngine } from "../components/engine";
import { documentOf } from "../parts/document";
import { everyPart, secrets } from "../parts/every-part";

const OLD: Running = { target: "kratos", kratosVersion: "1.3.1" };
const NEW: Running = { target: "kratos", kratosVersion: "26.2.0" };
const NETWORK: Running = { target: "network" };
const METHODS = "/selfservice/methods";

const effect = (path: string, before: unknown, after: unknown, running = OLD) =>
  effectOf(path, before, after, running).effect;

const trait = (extension: object, more: object = {}) => ({
  type: "string",
  "ory.sh/kratos": extension,
  ...more,
});
const schema = (traits: object) =>
  inlineUri(JSON.stringify({ properties: { traits: { type: "object", properties: traits } } }));

describe("the effect of a change", () => {
  it.each([
    // Without a value, Kratos's default holds.
    [`${METHODS}/code/mfa_enabled`, true, undefined, "weakening"],
    [`${METHODS}/code/mfa_enabled`, undefined, true, "hardening"],
    [`${METHODS}/code/mfa_enabled`, false, undefined, "neutral"],
    [`${METHODS}/code/mfa_enabled`, true, "no", "unknown"],
    [`${METHODS}/code/mfa_enabled`, true, UNKNOWN, "unknown"],
    [`${METHODS}/totp`, {}, undefined, "neutral"],
    ["/session/whoami/required_aal", undefined, "aal1", "weakening"],
    ["/session/whoami/required_aal", "aal1", "aal2", "unknown"],
    ["/session/lifespan", "24h", "720h", "weakening"],
    ["/session/lifespan", "1440m", undefined, "neutral"],
    ["/session/lifespan", "720h", undefined, "hardening"],
    [`${METHODS}/password/config/min_password_length`, undefined, 6, "weakening"],
    ["/hashers/argon2/memory", "64MB", "1GB", "hardening"],
    ["/selfservice/allowed_return_urls", ["https://a"], ["https://a", "https://b"], "weakening"],
    ["/selfservice/allowed_return_urls", ["https://a"], ["https://b"], "weakening"],
    ["/selfservice/allowed_return_urls", ["https://a"], [], "hardening"],
    ["/serve/public/cors/allowed_origins", undefined, ["https://a"], "hardening"],
    ["/selfservice/flows/recovery/after/hooks", [{ hook: "revoke_active_sessions" }], undefined, "weakening"],
    ["/selfservice/flows/login/after/password/hooks", [], [{ hook: "web_hook" }], "unknown"],
    ["/selfservice/flows/login/ui_url", "https://a.example/x", "http://a.example/x", "weakening"],
    ["/selfservice/flows/login/ui_url", "https://a.example/x", "https://a.example/y", "neutral"],
    ["/selfservice/flows/login/ui_url", "https://a.example/x", "https://b.example/x", "unknown"],
    ["/courier/smtp/connection_uri", "smtps://a:p/w@m:465", "smtps://a:other@m:465", "neutral"],
    ["/courier/smtp/connection_uri", "smtp://m:25", "smtp://m:25/?disable_starttls=true", "weakening"],
    ["/courier/smtp/connection_uri", "smtp://m/?skip_ssl_verify=true", "smtp://m", "hardening"],
    ["/courier/channels[id=sms]/type", undefined, "http", "neutral"],
    ["/courier/delivery_strategy", undefined, "smtp", "neutral"],
    ["/courier/delivery_strategy", "smtp", undefined, "neutral"],
    ["/courier/delivery_strategy", undefined, "http", "unknown"],
    ["/courier/delivery_strategy", "http", undefined, "unknown"],
    [`${METHODS}/oidc/config/providers[id=x]/provider`, undefined, "google", "weakening"],
    [`${METHODS}/oidc/config/providers[id=x]/requested_claims/a/b`, 1, 2, "neutral"],
    ["/session/whoami/tokenizer/templates/x/ttl", "1m", "1h", "unknown"],
    ["/no/such/key", 1, 2, "unknown"],
  ])("of %s from %j to %j is %s", (path, before, after, expected) => {
    expect(effect(path, before, after)).toBe(expected);
  });

  it("looks into identity schemas", () => {
    const between = (before: object, after: object) =>
      effectOf("/identity/schemas[id=x]/url", schema(before), schema(after), OLD);
    const plain = { email: trait({ credentials: { password: { identifier: true } } }) };
    const recovers = { email: trait({ recovery: { via: "email" } }) };
    expect(between({}, recovers)).toEqual({
      effect: "weakening",
      reason: "whoever reads the messages of email gets into the account",
    });
    expect(between(recovers, {}).effect).toBe("hardening");
    const verifies = trait({ verification: { via: "email" } });
    expect(between({ email: verifies }, { email: trait({}) }).effect).toBe("weakening");
    expect(between(plain, { email: trait(plain.email["ory.sh/kratos"], { maxLength: 9 }) }).effect).toBe(
      "neutral",
    );
    const code = { email: trait({ credentials: { code: { identifier: true, via: "email" } } }) };
    expect(between(plain, code).effect).toBe("unknown");
    expect(effect("/identity/schemas[id=x]/url", "https://a", "https://b")).toBe("unknown");
  });

  it("depends on the version", () => {
    const path = `${METHODS}/code/config/max_submissions`;
    expect(effect(path, 5, 50, OLD)).toBe("neutral");
    expect(effect(path, 5, 50, NEW)).toBe("weakening");
    expect(effect("/session/lifespan", "24h", undefined, NETWORK)).toBe("unknown");
    expect(effect("/courier/delivery_strategy", undefined, "smtp", NETWORK)).toBe("unknown");
  });

  it("says of the lifespan of codes what they all are for", () => {
    expect(effectOf(`${METHODS}/code/config/lifespan`, "15m", "1h", OLD).reason).toBe(
      "intercepted codes stay valid for longer: those of sign-in, second factor, recovery and verification",
    );
  });
});

describe("the table of effects", () => {
  it("has one row for a key", () => {
    const paths = effectRows.map(({ path }) => path);
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
  });

  it("covers every key that a part can declare", async () => {
    await new MockEngine().start();
    const http = {
      url: "https://a.example",
      method: "POST",
      headers: { "X-A": "b" },
      auth: { user: "a", password: "secret:key" },
    };
    const others: Part[][] = [
      everyPart(true),
      everyPart(false),
      [
        new EmailDelivery("a", { http }),
        new Passwordless("b", { code: true }),
        new Recovery("c", { lifespan: "1h" }),
      ],
      [
        new EmailDelivery("d", {
          smtp: { connectionUri: "secret:smtp", fromAddress: "a@b.example", headers: { "X-A": "b" } },
        }),
        new PasswordHasher("e", { bcrypt: { cost: 12 } }),
        new PasswordPolicy("f", { haveIBeenPwned: false }),
        new Verification("g", { use: "link", lifespan: "1h", notifyUnknownRecipients: true }),
      ],
    ];
    const paths = others.flatMap((parts) => [...leavesOf(documentOf(parts, {}, secrets)).keys()]);
    expect(paths.length).toBeGreaterThan(400);
    expect([...new Set(paths)].filter((path) => rowOf(path) === undefined)).toEqual([]);
  });
});

const paths = fc.oneof(
  fc.constantFrom(...effectRows.map(({ path }) => path.replace("=*", "=x").replace(/\*+/g, "password"))),
  fc.string(),
);
const hooks = fc.array(
  fc.record({
    hook: fc.constantFrom(
      "session",
      "web_hook",
      "revoke_active_sessions",
      "require_verified_address",
      "other",
    ),
  }),
);
const traits = fc.dictionary(
  fc.constantFrom("email", "phone"),
  fc.record({
    "ory.sh/kratos": fc.record(
      {
        recovery: fc.record({ via: fc.constant("email") }),
        verification: fc.record({ via: fc.constant("email") }),
        credentials: fc.record({
          code: fc.record({ identifier: fc.boolean(), via: fc.constantFrom("sms", "email") }),
        }),
      },
      { requiredKeys: [] },
    ),
  }),
);
const values = fc.oneof(
  fc.constant(undefined),
  fc.boolean(),
  fc.nat(100),
  fc.constantFrom(
    "1h",
    "15m",
    "900s",
    "aal1",
    "highest_available",
    "Lax",
    "Strict",
    "argon2",
    "128MB",
    "1GB",
  ),
  fc.constantFrom("https://a.example/x", "http://a.example/x", "https://b.example", "smtp://m", "smtps://m"),
  fc.array(fc.constantFrom("*", "https://a", "https://b")),
  hooks,
  traits.map(schema),
  fc.jsonValue(),
);

describe("effects in general", () => {
  const seen = (path: string, before: unknown, after: unknown, running: Running) => [
    effectOf(path, before, after, running),
    effectOf(path, after, before, running),
  ];
  const running = fc.constantFrom(OLD, NEW, NETWORK);

  it("turn round with the change: hardening into weakening, and the others stay", () => {
    fc.assert(
      fc.property(paths, values, values, running, (path, before, after, version) => {
        const [there, back] = seen(path, before, after, version).map((one) => one!.effect);
        if (there === "hardening") expect(back).toBe("weakening");
        if (there === "neutral" || there === "unknown")
          expect(back === there || back === "weakening").toBe(true);
        if (there === "neutral") expect(back).toBe("neutral");
      }),
      { numRuns: 5000 },
    );
  });

  it("are neutral where nothing changes, for any path and value", () => {
    fc.assert(
      fc.property(paths, values, running, (path, value, version) => {
        expect(effectOf(path, value, value, version)).toEqual({ effect: "neutral" });
      }),
    );
  });
});
