import { isHostname } from "./formats";
import { migrationRequest } from "./http";
import type { Keys } from "./kind";
import {
  choice,
  duration,
  flag,
  keys,
  list,
  open,
  since,
  text,
  UNRELEASED,
  until,
  uri,
  whole,
} from "./scalars";
import { oidc } from "./social-sign-in";

const password = (): Keys =>
  keys({
    enabled: flag(true),
    config: keys({
      haveibeenpwned_host: text({ default: "api.pwnedpasswords.com" }),
      haveibeenpwned_enabled: flag(true),
      max_breaches: whole({ min: 0, max: 100, default: 0 }),
      ignore_network_errors: flag(true),
      min_password_length: whole({ min: 6, default: 8 }),
      identifier_similarity_check_enabled: flag(true),
      migrate_hook: keys({ enabled: flag(false), config: migrationRequest() }),
    }),
  });

/** Kratos takes keys here that it does not know, and does nothing with them. */
const code = (): Keys =>
  keys(
    {
      enabled: flag(true),
      passwordless_enabled: flag(false),
      mfa_enabled: flag(false),
      passwordless_login_fallback_enabled: until("1.3.0", flag(false)),
      config: keys(
        {
          lifespan: duration("1h"),
          missing_credential_fallback_enabled: since("1.3.0", flag(false)),
          max_submissions: since("25.4.0", whole({ min: 1, max: 255, default: 5 })),
        },
        { others: "ignored-key" },
      ),
    },
    { others: "ignored-key" },
  );

const configWhenOn = {
  when: [{ at: "/enabled", is: [true], needs: ["/config"], needsTopic: "webauthn-config" }],
} as const;

const webauthn = (): Keys =>
  keys(
    {
      enabled: flag(false),
      config: keys({
        passwordless: flag(),
        rp: open(
          {
            id: text(),
            display_name: text(),
            origin: uri(),
            origins: list(uri()),
            icon: uri(),
          },
          { required: ["display_name", "id"], when: [{ at: "/origin", excludes: [{ key: "origins" }] }] },
        ),
      }),
    },
    configWhenOn,
  );

const passkey = (): Keys =>
  keys(
    {
      enabled: flag(false),
      config: keys({
        rp: open(
          { id: text(), display_name: text(), origins: list(text()) },
          { required: ["display_name", "id"] },
        ),
        authenticator_selection: since(
          UNRELEASED,
          keys({
            attachment: choice(["platform", "cross-platform"]),
            resident_key: choice(["required", "preferred", "discouraged"], { default: "required" }),
            user_verification: choice(["required", "preferred", "discouraged"], { default: "preferred" }),
          }),
        ),
        attestation: since(
          UNRELEASED,
          keys({ preference: choice(["none", "indirect", "direct", "enterprise"], { default: "none" }) }),
        ),
        timeouts: since(UNRELEASED, keys({ registration: duration(), login: duration() })),
      }),
    },
    configWhenOn,
  );

const organizations = (): Keys =>
  keys({
    config: keys({
      organizations: list(
        open({
          id: text(),
          label: text(),
          domains: list(
            text({
              test: isHostname,
              expected: "a host's name",
              right: ["shop.example"],
              wrong: ["shop_example", "https://shop.example", ""],
            }),
          ),
          session_lifespan: since(UNRELEASED, duration()),
        }),
      ),
    }),
  });

/** `selfservice.methods`. */
export const methods = (): Keys =>
  keys({
    password: password(),
    code: code(),
    link: keys({
      enabled: flag(false),
      config: open({ base_url: text(), lifespan: duration("1h") }),
    }),
    totp: keys({ enabled: flag(false), config: keys({ issuer: text() }) }),
    lookup_secret: keys({ enabled: flag(false) }),
    webauthn: webauthn(),
    passkey: passkey(),
    oidc: oidc(),
    profile: keys({ enabled: flag(true) }),
    b2b: organizations(),
  });
