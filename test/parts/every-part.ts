import * as ory from "../../infra/index";

const rp = { id: "shop.example", displayName: "Shop", origins: ["https://shop.example"] };
/** The secrets that `everyPart` refers to. */
export const secrets = { key: "canary-key", smtp: "smtp://me:canary@127.0.0.1:9/" };
const KEY = "-----BEGIN PRIVATE KEY-----\nMIGT\n-----END PRIVATE KEY-----";
const auth = { header: "X-Api-Key", value: "secret:key" };
const texts = { subject: "Shop", html: "<p>{{ .To }}</p>", plaintext: "{{ .To }}" };
const plainProviders: ory.PlainProvider[] = [
  ...(["dingtalk", "discord", "facebook", "github", "github-app", "google", "lark", "linkedin"] as const),
  ...(["linkedin_v2", "netid", "patreon", "slack", "spotify", "vk", "x", "yandex"] as const),
];
const newProviders: ory.PlainProvider[] = ["amazon", "line", "uaepass"];

/** Every part with every argument that Kratos v1.3.1 takes; with `all`, those of v25.4.0 and newer as well. */
export function everyPart(all: boolean): ory.Part[] {
  const call: ory.WebHook = {
    hook: "web_hook",
    url: "https://crm.shop.example/",
    method: "PUT",
    body: "function(ctx) { flow: ctx.flow.id }",
    auth: { user: "shop", password: "secret:key" },
    headers: { "Content-Type": "application/json" },
    response: "parse",
    canInterrupt: true,
    emitAnalyticsEvent: false,
    ...(all && { id: "crm" }),
  };
  const ignoring: ory.WebHook = {
    hook: "web_hook",
    url: call.url,
    body: "function(ctx) {}",
    auth: { cookie: "key", value: "secret:key" },
    response: "ignore",
  };
  const login: [ory.WebHook, ...{ hook: "revoke_active_sessions" | "require_verified_address" }[]] = [
    ignoring,
    { hook: "revoke_active_sessions" },
    { hook: "require_verified_address" },
  ];
  const firstFactor = [
    ...login,
    { hook: "verification" as const },
    { hook: "show_verification_ui" as const },
  ];
  const signUp = [call, ignoring, { hook: "session" as const }, { hook: "show_verification_ui" as const }];
  const changed = [call, { hook: "revoke_active_sessions" as const }];
  const mapper = 'local claims = std.extVar("claims"); { identity: { traits: { email: claims.email } } }';
  const client = { clientId: "shop", mapper, scope: ["email"], label: "In", pkce: "auto" as const };
  const confidential = { ...client, clientSecret: "secret:key" };
  const plain = Object.fromEntries(
    [...plainProviders, ...(all ? newProviders : [])].map((provider) => [
      provider,
      { ...confidential, provider },
    ]),
  );
  return [
    new ory.IdentitySchema("customer", {
      default: true,
      ...(all && { selfServiceSelectable: true }),
      keywords: { minProperties: 1 },
      traits: {
        email: ory.email({
          required: true,
          identifies: ["password", "code", "webauthn", "passkey", "totp"],
          verify: true,
          recover: true,
          matchOrganization: all,
        }),
        mfa_phone: ory.phone({ identifies: ["code"], verify: true, recover: all }),
        user: ory.text({
          identifies: ["password", "passkey"],
          minLength: 2,
          maxLength: 40,
          description: "x",
        }),
        name: ory.object({ first: ory.text({ required: true }), last: ory.text() }),
        emails: ory.list(ory.email({ verify: true }), { minItems: 0, maxItems: 3, uniqueItems: true }),
        born: ory.date(),
        score: ory.number({ minimum: 0, maximum: 1 }),
        seats: ory.integer({ minimum: 1 }),
        newsletter: ory.boolean({ keywords: { default: false } }),
        plan: ory.choice(["free", "pro"], { title: "Plan" }),
      },
    }),
    new ory.EmailDelivery("email", { smtp: { connectionUri: "secret:smtp", fromName: "Shop" } }),
    new ory.CourierChannel("sms", { url: "https://sms.shop.example/", auth }),
    new ory.MultiFactor("mfa", {
      code: true,
      totp: { issuer: "Shop" },
      lookupSecret: true,
      webauthn: { rp },
    }),
    new ory.Passwordless("passwordless", { passkey: { rp } }),
    new ory.RequiredAal("aal", { session: "aal1", settings: "highest_available" }),
    new ory.Recovery("recovery", { use: "link", lifespan: "15m", notifyUnknownRecipients: true }),
    new ory.Verification("verification"),
    new ory.Login("login", { style: "identifier_first", lifespan: "15m" }),
    new ory.Registration("registration", {
      enabled: true,
      oneStep: false,
      loginHints: true,
      lifespan: "15m",
      ...(all && { style: "profile_first" as const }),
    }),
    new ory.UserInterface("ui", {
      pages: Object.fromEntries(
        ["login", "registration", "recovery", "verification", "settings", "error"].map((page) => [
          page,
          "/ui",
        ]),
      ),
      returnUrls: Object.fromEntries(
        ["login", "registration", "recovery", "verification", "settings", "logout"].map((flow) => [
          flow,
          "/",
        ]),
      ),
      defaultReturnUrl: "/",
      allowedReturnUrls: ["https://shop.example", "shop://auth"],
    }),
    new ory.SessionLifetime("session", {
      lifespan: "90m",
      earliestPossibleExtend: "1h",
      privilegedSessionMaxAge: "1500ms",
      persistent: false,
    }),
    new ory.Cookies("cookies", {
      domain: "shop.example",
      path: "/",
      sameSite: "Strict",
      session: { name: "shop", domain: "shop.example", path: "/", sameSite: "None" },
    }),
    new ory.PasswordPolicy("passwords", {
      enabled: true,
      minLength: 12,
      haveIBeenPwned: { host: "pwned.shop.example", maxBreaches: 1, ignoreNetworkErrors: true },
      identifierSimilarityCheck: false,
      migrateHook: { url: "https://old.shop.example/", auth, ...(all && { body: "function(ctx) ctx" }) },
    }),
    new ory.PasswordHasher("hasher", {
      argon2: {
        memory: "16MB",
        iterations: 2,
        parallelism: 1,
        saltLength: 16,
        keyLength: 32,
        expectedDuration: "1s",
        expectedDeviation: "500ms",
        dedicatedMemory: "64MB",
      },
    }),
    new ory.AccountEnumeration("enumeration", { mitigate: true }),
    new ory.Hooks("hooks", {
      login: {
        before: [call],
        after: {
          ...Object.fromEntries(
            ["otherMethods", "password", "code", "webauthn", "passkey", "totp", "lookupSecret"].map(
              (method) => [method, firstFactor],
            ),
          ),
          oidc: login,
        },
      },
      registration: {
        before: [call],
        after: {
          password: signUp,
          code: signUp,
          webauthn: signUp,
          passkey: signUp,
          oidc: signUp,
          otherMethods: [call],
        },
      },
      settings: {
        before: [call],
        after: {
          ...Object.fromEntries(
            ["password", "totp", "lookupSecret", "webauthn", "passkey", "oidc"].map((method) => [
              method,
              changed,
            ]),
          ),
          profile: all ? [call, { hook: "show_verification_ui" }] : [call],
          otherMethods: [call],
        },
      },
      recovery: { before: [call], after: changed },
      verification: { before: [call], after: [call] },
    }),
    ...(
      [
        "recovery_valid",
        "recovery_invalid",
        "recovery_code_invalid",
        "verification_valid",
        "verification_invalid",
        "verification_code_invalid",
      ] as const
    ).map((template) => new ory.MessageTemplate(template, { template, email: texts })),
    ...(["login_code_valid", "recovery_code_valid", "verification_code_valid"] as const).map(
      (template) => new ory.MessageTemplate(template, { template, sms: { plaintext: "{{ .To }}" } }),
    ),
    new ory.MessageTemplate("registration", {
      template: "registration_code_valid",
      email: texts,
      ...(all && { sms: { plaintext: "{{ .To }}" } }),
    }),
    new ory.SocialSignIn("social", {
      baseRedirectUri: "https://shop.example/",
      providers: {
        ...plain,
        own: {
          ...confidential,
          provider: "generic",
          issuerUrl: "https://id.shop.example/",
          authUrl: "https://id.shop.example/auth",
          tokenUrl: "https://id.shop.example/token",
          claimsSource: "userinfo",
          requestedClaims: {
            idToken: { email: null, acr: { values: ["a"] } },
            userinfo: { name: { essential: true } },
          },
          additionalIdTokenAudiences: ["shop-ios"],
        },
        auth0: { ...confidential, provider: "auth0", issuerUrl: "https://shop.auth0.example/" },
        salesforce: {
          ...confidential,
          provider: "salesforce",
          issuerUrl: "https://shop.my.salesforce.example/",
        },
        gitlab: { ...confidential, provider: "gitlab", issuerUrl: "https://git.shop.example/" },
        microsoft: {
          ...confidential,
          provider: "microsoft",
          microsoftTenant: "common",
          subjectSource: all ? "oid" : "me",
        },
        apple: {
          ...client,
          provider: "apple",
          appleTeamId: "team",
          applePrivateKeyId: "key",
          applePrivateKey: KEY,
        },
      },
    }),
  ];
}
