/**
 * More combinations that must not compile: hooks, messages, providers and settings of sessions and passwords.
 */
import {
  AccountEnumeration,
  Hooks,
  MessageTemplate,
  type OidcProvider,
  PasswordHasher,
  PasswordPolicy,
  Registration,
  SessionLifetime,
  SocialSignIn,
  UserInterface,
  type WebHook,
} from "../../infra/index";

const url = "https://gateway.shop.example";

export function messageTemplates(): void {
  const sms = { plaintext: "{{ .LoginCode }}" };
  const mail = { subject: "Your code" };
  new MessageTemplate("right", { template: "login_code_valid", email: mail, sms });
  new MessageTemplate("right", { template: "login_code_valid", sms });
  // @ts-expect-error a message that Kratos does not know
  new MessageTemplate("wrong", { template: "login_code_invalid", email: mail });
  // @ts-expect-error no text at all
  new MessageTemplate("wrong", { template: "login_code_valid" });
  // @ts-expect-error links are sent by e-mail only
  new MessageTemplate("wrong", { template: "recovery_valid", email: mail, sms });
  // @ts-expect-error a stranger's number gets no message
  new MessageTemplate("wrong", { template: "recovery_code_invalid", sms });
  // @ts-expect-error an SMS has no subject
  new MessageTemplate("wrong", { template: "login_code_valid", sms: { ...sms, subject: "Your code" } });
}

export function webHooks(): void {
  const base = { hook: "web_hook", url, body: "function(ctx) ctx.flow.id" } as const;
  const right: WebHook[] = [base, { ...base, response: "ignore" }, { ...base, canInterrupt: true }];
  void right;
  // @ts-expect-error without a body, Kratos fails every such flow
  const bodyless: WebHook = { hook: "web_hook", url };
  // @ts-expect-error the answer is ignored or parsed
  const both: WebHook = { ...base, response: { ignore: true, parse: true } };
  // @ts-expect-error what is not waited for cannot interrupt
  const late: WebHook = { ...base, response: "ignore", canInterrupt: true };
  // @ts-expect-error half of basic authentication
  const half: WebHook = { ...base, auth: { user: "shop" } };
  void [bodyless, both, late, half];
}

export function hooks(): void {
  const call: WebHook = { hook: "web_hook", url, body: "function(ctx) ctx.flow.id" };
  const session = { hook: "session" } as const;
  const revoke = { hook: "revoke_active_sessions" } as const;
  const verified = { hook: "require_verified_address" } as const;
  const show = { hook: "show_verification_ui" } as const;
  const verification = { hook: "verification" } as const;
  new Hooks("right", {
    login: {
      before: [call],
      after: { password: [verified, revoke, verification, show, call], oidc: [verified] },
    },
    registration: { before: [call], after: { password: [call, session, show], otherMethods: [call] } },
    settings: { after: { password: [revoke, call], profile: [call, show], otherMethods: [call] } },
    recovery: { before: [call], after: [revoke, call] },
    verification: { before: [call], after: [call] },
  });
  // @ts-expect-error Kratos refuses session for all methods
  new Hooks("wrong", { registration: { after: { otherMethods: [session] } } });
  // @ts-expect-error a session is not revoked at sign-up
  new Hooks("wrong", { registration: { after: { password: [revoke] } } });
  // @ts-expect-error nobody signs up with a second factor
  new Hooks("wrong", { registration: { after: { totp: [session] } } });
  // @ts-expect-error only web hooks run before a flow
  new Hooks("wrong", { login: { before: [verified] } });
  // @ts-expect-error session is for sign-up
  new Hooks("wrong", { login: { after: { password: [session] } } });
  // @ts-expect-error after social sign-in there is no verification
  new Hooks("wrong", { login: { after: { oidc: [verification] } } });
  // @ts-expect-error changed traits end no sessions
  new Hooks("wrong", { settings: { after: { profile: [revoke] } } });
  // @ts-expect-error codes are not changed in settings
  new Hooks("wrong", { settings: { after: { code: [call] } } });
  // @ts-expect-error recovery has no methods
  new Hooks("wrong", { recovery: { after: { code: [call] } } });
  // @ts-expect-error verification signs nobody in
  new Hooks("wrong", { verification: { after: [session] } });
  // @ts-expect-error a hook that Kratos does not know
  new Hooks("wrong", { login: { after: { password: [{ hook: "two_step_registration" }] } } });
  // @ts-expect-error a web hook without anything to call
  new Hooks("wrong", { login: { before: [{ hook: "web_hook" }] } });
}

export function socialSignIn(): void {
  const client = { clientId: "shop", mapper: "{}" };
  const confidential = { ...client, clientSecret: "secret:client" };
  const apple = {
    provider: "apple",
    appleTeamId: "t",
    applePrivateKeyId: "k",
    applePrivateKey: "secret:k",
  } as const;
  new SocialSignIn("right", {
    providers: {
      google: { ...confidential, provider: "google" },
      own: { ...confidential, provider: "generic", issuerUrl: url },
      work: { ...confidential, provider: "microsoft", microsoftTenant: "common", subjectSource: "me" },
      apple: { ...client, ...apple },
    },
  });
  const takes = (provider: OidcProvider): void => void provider;
  // @ts-expect-error a provider that Kratos does not know
  takes({ ...confidential, provider: "myspace" });
  // @ts-expect-error no secret
  takes({ ...client, provider: "google" });
  // @ts-expect-error no mapper
  takes({ clientId: "a", clientSecret: "b", provider: "google" });
  // @ts-expect-error Apple's secret is made of its key
  takes({ ...confidential, ...apple });
  // @ts-expect-error Apple without a key
  takes({ ...client, provider: "apple" });
  // @ts-expect-error Microsoft without a tenant
  takes({ ...confidential, provider: "microsoft" });
  // @ts-expect-error a tenant is Microsoft's
  takes({ ...confidential, provider: "google", microsoftTenant: "common" });
  // @ts-expect-error whose addresses nobody knows
  takes({ ...confidential, provider: "generic" });
  // @ts-expect-error Google's address is known
  takes({ ...confidential, provider: "google", issuerUrl: url });
}

export function others(): void {
  new PasswordHasher("right", { bcrypt: { cost: 12 } });
  // @ts-expect-error both
  new PasswordHasher("wrong", { bcrypt: { cost: 12 }, argon2: {} });
  // @ts-expect-error none
  new PasswordHasher("wrong", {});
  // @ts-expect-error a hook to nowhere
  new PasswordPolicy("wrong", { migrateHook: true });
  // @ts-expect-error a number of characters
  new PasswordPolicy("wrong", { minLength: "12" });
  // @ts-expect-error a duration has a unit
  new SessionLifetime("wrong", { lifespan: 72 });
  // @ts-expect-error nothing said
  new AccountEnumeration("wrong", {});
  // @ts-expect-error sign-in has this style, sign-up has not
  new Registration("wrong", { style: "identifier_first" });
  // @ts-expect-error signing out has no page
  new UserInterface("wrong", { pages: { logout: url } });
}
