import type { PartArgs, PartCode } from "./fitting";
import { element } from "./prepared";
import { only, type View } from "./view";

const OIDC = "/selfservice/methods/oidc";
const PROVIDERS = `${OIDC}/config/providers`;

/** Arguments of a provider of their own by its kind, with their keys: those that must be there, and others. */
const OWN: Record<string, { needs?: Record<string, string>; takes?: Record<string, string> }> = {
  generic: {
    needs: { issuerUrl: "issuer_url" },
    takes: { authUrl: "auth_url", tokenUrl: "token_url", claimsSource: "claims_source" },
  },
  auth0: { needs: { issuerUrl: "issuer_url" } },
  salesforce: { needs: { issuerUrl: "issuer_url" } },
  gitlab: { takes: { issuerUrl: "issuer_url" } },
  microsoft: { needs: { microsoftTenant: "microsoft_tenant" }, takes: { subjectSource: "subject_source" } },
  apple: {
    needs: {
      appleTeamId: "apple_team_id",
      applePrivateKeyId: "apple_private_key_id",
      applePrivateKey: "apple_private_key",
    },
  },
};

/** Providers without arguments of their own. */
const PLAIN =
  "amazon dingtalk discord facebook github github-app google lark line linkedin linkedin_v2 netid patreon slack spotify uaepass vk x yandex".split(
    " ",
  );

/** Sign-in with accounts of other providers: those that the part can say; what it cannot say of them stays beside it. */
export function socialSignIn(view: View): PartCode[] {
  const enabled = view.at(`${OIDC}/enabled`);
  if (typeof enabled !== "boolean") return [];
  const part = (providers: PartArgs): PartCode => ({
    kind: "SocialSignIn",
    name: "social",
    args: only({
      enabled: enabled ? undefined : false,
      baseRedirectUri: view.set(`${OIDC}/config/base_redirect_uri`),
      providers,
    }),
  });
  const found = view
    .ids(PROVIDERS)
    .map((id) => [id, providerAt(view, element(PROVIDERS, id))] as const)
    .filter(([id, provider]) => provider && view.fits(part({ [id]: provider })));
  return found.length === 0 ? [] : [part(Object.fromEntries(found))];
}

function providerAt(view: View, at: string): PartArgs | undefined {
  const provider = view.text(`${at}/provider`);
  if (provider === undefined || !(PLAIN.includes(provider) || Object.hasOwn(OWN, provider))) return undefined;
  const { needs = {}, takes = {} } = OWN[provider] ?? {};
  const key = (name: string) => view.at(`${at}/${name}`);
  const needed = {
    ...Object.fromEntries(Object.entries(needs).map(([name, from]) => [name, key(from)])),
    clientId: key("client_id"),
    ...(provider !== "apple" && { clientSecret: key("client_secret") }),
  };
  const mapper = view.file(`${at}/mapper_url`);
  if (mapper === undefined || Object.values(needed).some((value) => typeof value !== "string"))
    return undefined;
  return only({
    provider,
    label: key("label"),
    ...needed,
    ...Object.fromEntries(Object.entries(takes).map(([name, from]) => [name, key(from)])),
    scope: key("scope"),
    requestedClaims: {
      idToken: key("requested_claims/id_token"),
      userinfo: key("requested_claims/userinfo"),
    },
    pkce: key("pkce"),
    additionalIdTokenAudiences: key("additional_id_token_audiences"),
    mapper,
  });
}
