import type { Keys } from "./kind";
import { anything, choice, flag, keys, list, map, open, since, text, UNRELEASED, uri } from "./scalars";

const PROVIDERS = [
  "apple",
  "auth0",
  "dingtalk",
  "discord",
  "facebook",
  "generic",
  "github",
  "github-app",
  "gitlab",
  "google",
  "lark",
  "linkedin",
  "linkedin_v2",
  "microsoft",
  "netid",
  "patreon",
  "salesforce",
  "slack",
  "spotify",
  "vk",
  "x",
  "yandex",
];
const NEWER = { "25.4.0": ["line", "fedcm-test", "amazon"], "26.2.0": ["uaepass"] };

const APPLE = ["apple_team_id", "apple_private_key_id", "apple_private_key"];

/** What is asked of a claim; `null` asks for it and no more. */
const claims = () =>
  map(keys({ essential: flag(), value: anything(), values: list(anything()) }, { loose: "null" }));

const provider = (): Keys =>
  keys(
    {
      id: text(),
      provider: choice(PROVIDERS, { newer: NEWER }),
      label: text(),
      client_id: text(),
      client_secret: text(),
      issuer_url: uri(),
      auth_url: uri(),
      token_url: uri(),
      mapper_url: uri(),
      scope: list(text()),
      microsoft_tenant: text(),
      subject_source: choice(["userinfo", "me"], { newer: { "25.4.0": ["oid"] } }),
      apple_team_id: text(),
      apple_private_key_id: text(),
      apple_private_key: text(),
      requested_claims: open({ userinfo: claims(), id_token: claims() }),
      organization_id: text(),
      additional_id_token_audiences: list(text()),
      claims_source: choice(["id_token", "userinfo"]),
      pkce: choice(["auto", "never", "force"]),
      fedcm_config_url: since("25.4.0", uri()),
      net_id_token_origin_header: since("25.4.0", text()),
      account_linking_mode: since("26.2.0", choice(["confirm_with_existing_credential", "automatic"])),
      aal2_acr_values: since(UNRELEASED, list(text())),
      aal2_amr_values: since(UNRELEASED, list(text())),
      update_identity_on_login: since(UNRELEASED, choice(["never", "automatic"])),
    },
    {
      required: ["id", "provider", "client_id", "mapper_url"],
      when: [
        { at: "/provider", is: ["microsoft"], needs: ["/microsoft_tenant"] },
        { at: "/provider", isNot: ["microsoft"], excludes: [{ key: "microsoft_tenant" }] },
        {
          at: "/provider",
          is: ["apple"],
          needs: APPLE.map((key) => `/${key}`),
          excludes: [{ key: "client_secret", unlessEmpty: true }],
        },
        {
          at: "/provider",
          isNot: ["apple"],
          needs: ["/client_secret"],
          excludes: APPLE.map((key) => ({ key, unlessEmpty: true })),
        },
      ],
    },
  );

/** `selfservice.methods.oidc`. */
export const oidc = (): Keys =>
  keys({
    enabled: flag(false),
    config: keys({ base_redirect_uri: uri(), providers: list(provider()) }),
  });
