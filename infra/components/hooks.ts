import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { type Fields, Part } from "./part";
import { type WebHook, webHookFields } from "./web-hook";

/** Signs the user in after sign-up. Runs last, wherever it stands. */
export type SessionHook = { hook: "session" };

/** Tells a native application or single-page application to go on with verifying the address. */
export type ShowVerificationUiHook = { hook: "show_verification_ui" };

/** Ends the user's other sessions. */
export type RevokeActiveSessionsHook = { hook: "revoke_active_sessions" };

/**
 * Refuses a sign-in as long as no address is verified. Up to v1.3.1 it looks at password sign-ins only, and an identity
 * without an address that can be verified cannot sign in at all (status 500).
 */
export type RequireVerifiedAddressHook = { hook: "require_verified_address" };

/** Sends a message to verify an address that is not verified yet, at sign-in. */
export type VerificationHook = { hook: "verification" };

type AfterLogin =
  | WebHook
  | RevokeActiveSessionsHook
  | RequireVerifiedAddressHook
  | VerificationHook
  | ShowVerificationUiHook;
type AfterSocialLogin = WebHook | RevokeActiveSessionsHook | RequireVerifiedAddressHook;
type AfterRegistration = WebHook | SessionHook | ShowVerificationUiHook;
type AfterCredentialChange = WebHook | RevokeActiveSessionsHook;

/** Hooks that run in the order of the list. */
type Lists<Method extends string, Hook> = { [method in Method]?: Hook[] };

/**
 * Where which hooks run. `otherMethods` run for methods that have no hooks of their own: a method's list replaces them,
 * it does not add to them. An empty list counts as none.
 */
export interface HooksArgs {
  /** Signing in, with either factor. */
  login?: {
    /** Before the flow starts. */
    before?: WebHook[];
    after?: Lists<
      "otherMethods" | "password" | "code" | "webauthn" | "passkey" | "totp" | "lookupSecret",
      AfterLogin
    > &
      Lists<"oidc", AfterSocialLogin>;
  };
  /** Signing up. Without `session`, users are not signed in afterwards. */
  registration?: {
    before?: WebHook[];
    after?: Lists<"password" | "code" | "webauthn" | "passkey" | "oidc", AfterRegistration> &
      Lists<"otherMethods", WebHook>;
  };
  /** Changing one's own traits and credentials. */
  settings?: {
    before?: WebHook[];
    after?: Lists<
      "password" | "totp" | "lookupSecret" | "webauthn" | "passkey" | "oidc",
      AfterCredentialChange
    > & {
      /** Changed traits. `show_verification_ui` from v25.4.0 on. */
      profile?: (WebHook | ShowVerificationUiHook)[];
      otherMethods?: WebHook[];
    };
  };
  /** Recovering an account. */
  recovery?: { before?: WebHook[]; after?: AfterCredentialChange[] };
  /** Verifying an address. */
  verification?: { before?: WebHook[]; after?: WebHook[] };
}

/**
 * What runs before and after flows. Which hook may stand where is what Kratos's configuration schema allows; elsewhere
 * it does not compile. The lists of one place belong to one part, as their order matters.
 * @example
 * ```ts
 * const crm: WebHook = {
 *   hook: "web_hook",
 *   url: "https://crm.shop.example/customers",
 *   body: "function(ctx) { id: ctx.identity.id, email: ctx.identity.traits.email }",
 *   auth: { header: "X-Api-Key", value: "secret:crm-key" },
 *   response: "ignore",
 * };
 * new Hooks("hooks", {
 *   registration: { after: { password: [crm, { hook: "session" }], oidc: [crm, { hook: "session" }] } },
 *   settings: { after: { password: [{ hook: "revoke_active_sessions" }] } },
 * });
 * ```
 */
export class Hooks extends Part {
  constructor(name: string, args: HooksArgs, opts?: ComponentResourceOptions) {
    const flows: Fields = {};
    for (const [flow, { before, after }] of Object.entries(args) as [string, Places][]) {
      const at = `hooks/${name}/${flow}`;
      flows[flow] = {
        before: listed(`${at}/before`, before),
        after: Array.isArray(after) ? listed(`${at}/after`, after) : afterMethods(`${at}/after`, after),
      };
    }
    super("Hooks", name, { selfservice: { flows } }, opts);
  }
}

type AnyHook = WebHook | { hook: string };
type Places = { before?: AnyHook[]; after?: AnyHook[] | Record<string, AnyHook[] | undefined> };

function afterMethods(at: string, { otherMethods, ...methods }: Record<string, AnyHook[] | undefined> = {}) {
  const { lookupSecret, ...others } = methods;
  const named = Object.entries({ ...others, lookup_secret: lookupSecret });
  return {
    ...listed(`${at}/otherMethods`, otherMethods),
    ...Object.fromEntries(named.map(([method, hooks]) => [method, listed(`${at}/${method}`, hooks)])),
  };
}

function listed(at: string, hooks: AnyHook[] | undefined): Fields | undefined {
  return hooks && { hooks: hooks.map((one, index) => hookFields(`${at}/${index}`, one)) };
}

const hookFields = (at: string, one: AnyHook): Fields =>
  "url" in one ? { hook: one.hook, config: webHookFields(at, one) } : { hook: one.hook };
