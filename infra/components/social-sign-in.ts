import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { type Asset, assetNamed } from "./asset";
import { type Fields, Part } from "./part";

/** Providers that need nothing but a client. `line` and `amazon` from v25.4.0 on, `uaepass` from v26.2.0. */
export type PlainProvider =
  | "amazon"
  | "dingtalk"
  | "discord"
  | "facebook"
  | "github"
  | "github-app"
  | "google"
  | "lark"
  | "line"
  | "linkedin"
  | "linkedin_v2"
  | "netid"
  | "patreon"
  | "slack"
  | "spotify"
  | "uaepass"
  | "vk"
  | "x"
  | "yandex";

/** A claim that is asked for: as the provider likes (`null`), or with demands (OpenID Connect Core, 5.5). */
export type RequestedClaim = null | { essential?: boolean; value?: unknown; values?: unknown[] };

/** What all providers have. */
interface Client {
  /** The client's id at the provider. */
  clientId: Input<string>;
  /**
   * Jsonnet text that makes an identity of the provider's claims, `std.extVar("claims")`:
   * `{ identity: { traits: { email: … } } }`. Take only what the provider has verified (`claims.email_verified`).
   */
  mapper: Asset | Input<string>;
  /** Scopes that are asked for. Default: those of the provider's implementation in Kratos. */
  scope?: Input<string>[];
  /** Text of the button. Default: the provider's id. */
  label?: Input<string>;
  /** Claims that are asked for in the ID token or from the userinfo endpoint. Default: none. */
  requestedClaims?: {
    idToken?: Record<string, RequestedClaim>;
    userinfo?: Record<string, RequestedClaim>;
  };
  /**
   * Proof Key for Code Exchange. `force` has another redirect URL, `…/self-service/methods/oidc/callback` without the
   * provider's id. Default: Kratos's, `auto`, where the provider's discovery document names it.
   */
  pkce?: Input<"auto" | "never" | "force">;
  /** Further client ids that an ID token from a native application may be for. Default: none. */
  additionalIdTokenAudiences?: Input<string>[];
}

interface SecretClient extends Client {
  /** The client's secret at the provider. */
  clientSecret: Input<string>;
}

/** A provider whose addresses are given. */
interface Issuer {
  /** Base URL of the provider, below which `/.well-known/openid-configuration` is looked up. */
  issuerUrl: Input<string>;
  /** Default: what discovery says. */
  authUrl?: Input<string>;
  /** Default: what discovery says. */
  tokenUrl?: Input<string>;
  /** Where the claims come from. Default: Kratos's, `id_token`. */
  claimsSource?: Input<"id_token" | "userinfo">;
}

type Absent<Key extends string> = { [key in Key]?: undefined };
type AppleKey = "appleTeamId" | "applePrivateKeyId" | "applePrivateKey";
type MicrosoftKey = "microsoftTenant" | "subjectSource";

/** A provider of social sign-in; which fields it takes depends on `provider`. */
export type OidcProvider =
  | (SecretClient & { provider: PlainProvider } & Absent<AppleKey | MicrosoftKey | keyof Issuer>)
  | (SecretClient & Issuer & { provider: "generic" } & Absent<AppleKey | MicrosoftKey>)
  | (SecretClient &
      Pick<Issuer, "issuerUrl"> & { provider: "auth0" | "salesforce" } & Absent<
        AppleKey | MicrosoftKey | "authUrl" | "tokenUrl" | "claimsSource"
      >)
  | (SecretClient & {
      provider: "gitlab";
      /** Base URL of your own GitLab. Default: `https://gitlab.com`. */
      issuerUrl?: Input<string>;
    } & Absent<AppleKey | MicrosoftKey | "authUrl" | "tokenUrl" | "claimsSource">)
  | (SecretClient & {
      provider: "microsoft";
      /** `common`, `organizations`, `consumers`, or a tenant's id or domain. */
      microsoftTenant: Input<string>;
      /** What identifies the user: `sub`, Graph's `id`, or `oid` (from v25.4.0 on). Default: Kratos's, `userinfo`. */
      subjectSource?: Input<"userinfo" | "me" | "oid">;
    } & Absent<AppleKey | keyof Issuer>)
  | (Client & {
      provider: "apple";
      appleTeamId: Input<string>;
      applePrivateKeyId: Input<string>;
      /** The key in PEM, from which Kratos makes the client's secret; a secret itself. */
      applePrivateKey: Input<string>;
    } & Absent<"clientSecret" | MicrosoftKey | keyof Issuer>);

/** Arguments of SocialSignIn. */
export interface SocialSignInArgs {
  /** Providers by id, which stands in the redirect URL and in identities' credentials. Buttons come in the ids' order. */
  providers: Record<string, OidcProvider>;
  /** Whether people can sign in with them. Default: true. */
  enabled?: Input<boolean>;
  /** Base URL of the redirect URL, where it is not that of Kratos's public API. */
  baseRedirectUri?: Input<string>;
}

/**
 * Sign-in with accounts of other providers, over OpenID Connect or OAuth2. The redirect URL to enter at the provider is
 * `<public URL of Kratos>/self-service/methods/oidc/callback/<id>`. Keys that only Ory Network reads, such as
 * `organization_id`, can be added in `raw`, as providers merge by id.
 * @example
 * ```ts
 * new SocialSignIn("social", {
 *   providers: {
 *     google: {
 *       provider: "google",
 *       clientId: "shop.apps.googleusercontent.com",
 *       clientSecret: "secret:google",
 *       scope: ["email", "profile"],
 *       mapper: `
 *         local claims = std.extVar("claims");
 *         { identity: { traits: { [if claims.email_verified then "email"]: claims.email } } }
 *       `,
 *     },
 *     apple: {
 *       provider: "apple",
 *       clientId: "example.shop",
 *       appleTeamId: "KP76DQS54M",
 *       applePrivateKeyId: "UX56C66723",
 *       applePrivateKey: "secret:apple-key",
 *       mapper: textFile("schemas/apple.jsonnet"),
 *     },
 *   },
 * });
 * ```
 */
export class SocialSignIn extends Part {
  constructor(name: string, args: SocialSignInArgs, opts?: ComponentResourceOptions) {
    const { providers, enabled = true, baseRedirectUri } = args;
    const listed = Object.entries(providers).map(([id, provider]) => providerFields(id, provider));
    const oidc = { enabled, config: { base_redirect_uri: baseRedirectUri, providers: listed } };
    super("SocialSignIn", name, { selfservice: { methods: { oidc } } }, opts);
  }
}

function providerFields(id: string, provider: OidcProvider): Fields {
  const { requestedClaims: claims } = provider;
  return {
    id,
    provider: provider.provider,
    label: provider.label,
    client_id: provider.clientId,
    client_secret: provider.clientSecret,
    issuer_url: provider.issuerUrl,
    auth_url: provider.authUrl,
    token_url: provider.tokenUrl,
    mapper_url: assetNamed(`oidc/${id}.jsonnet`, provider.mapper),
    scope: provider.scope,
    microsoft_tenant: provider.microsoftTenant,
    subject_source: provider.subjectSource,
    apple_team_id: provider.appleTeamId,
    apple_private_key_id: provider.applePrivateKeyId,
    apple_private_key: provider.applePrivateKey,
    requested_claims: claims && { id_token: claims.idToken, userinfo: claims.userinfo },
    additional_id_token_audiences: provider.additionalIdTokenAudiences,
    claims_source: provider.claimsSource,
    pkce: provider.pkce,
  };
}
