import type { Row } from "./effect";
import { address, depends, neutral, oneOf, opening, opens, special } from "./kinds";

const OIDC = "/selfservice/methods/oidc";
const PROVIDER = `${OIDC}/config/providers[id=*]`;

/** Keys below `selfservice.methods.oidc`. */
export const socialSignInRows: Row[] = [
  opens(`${OIDC}/enabled`, {
    byDefault: false,
    weakens: "whoever a provider of social sign-in vouches for signs in",
    hardens: "nobody signs in by social sign-in any more",
  }),
  special(`${OIDC}/config/providers`, () => ({
    effect: "unknown",
    reason: "providers without ids of their own cannot be compared",
  })),
  special(`${PROVIDER}/provider`, (before, after) =>
    before === undefined
      ? { effect: "weakening", reason: "whoever this provider vouches for signs in" }
      : after === undefined
        ? { effect: "hardening", reason: "this provider no longer vouches for anybody" }
        : { effect: "unknown", reason: "somebody else vouches for who signs in" },
  ),
  address(`${OIDC}/config/base_redirect_uri`, "whoever signs in returns to"),
  address(`${PROVIDER}/issuer_url`, "who signs in is told by"),
  address(`${PROVIDER}/auth_url`, "whoever signs in is sent to"),
  address(`${PROVIDER}/token_url`, "who signs in is told by"),
  oneOf(`${PROVIDER}/pkce`, ["never", "auto", "force"], {
    byDefault: "auto",
    weakens: "an intercepted answer of the provider is easier to use",
    hardens: "an intercepted answer of the provider is harder to use",
  }),
  opening(`${PROVIDER}/additional_id_token_audiences`, {
    byDefault: [],
    weakens: "sign-ins made for another application are accepted:",
    hardens: "sign-ins made for another application are refused:",
  }),
  ...depends(
    "it decides whose account somebody signs in to",
    ...["mapper_url", "claims_source", "subject_source", "client_id", "organization_id"].map(
      (key) => `${PROVIDER}/${key}`,
    ),
  ),
  ...depends(
    "it decides which directory vouches for people",
    ...["microsoft_tenant", "apple_team_id"].map((key) => `${PROVIDER}/${key}`),
  ),
  // Another secret of the same client, another label, other claims to ask for.
  ...neutral(
    ...["client_secret", "apple_private_key", "apple_private_key_id", "label", "scope"].map(
      (key) => `${PROVIDER}/${key}`,
    ),
    `${PROVIDER}/requested_claims/**`,
  ),
];
