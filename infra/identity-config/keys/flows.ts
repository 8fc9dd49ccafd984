import { after, hooks } from "./http";
import type { Keys } from "./kind";
import { choice, duration, flag, keys, reference, since, UNRELEASED } from "./scalars";

const ORGANIZATION = { "25.4.0": ["organization"] };
const ORGANIZATIONS = { "25.4.0": ["b2b_sso", "organization"] };

const hooksForAll = () => hooks(["web_hook", "b2b_sso"], ORGANIZATION);
const before = (): Keys => keys({ hooks: hooksForAll() });
const page = (name: string) => reference(`https://www.ory.sh/kratos/docs/fallback/${name}`);
/** How many factors a session needs. */
export const level = () =>
  choice(["aal1", "highest_available"], { default: "highest_available", topic: "required-aal" });

const LOGIN_HOOKS = [
  "revoke_active_sessions",
  "require_verified_address",
  "web_hook",
  "verification",
  "show_verification_ui",
];
const afterLogin = () => after(hooks(LOGIN_HOOKS, ORGANIZATIONS));
const login = (): Keys =>
  keys({
    ui_url: page("login"),
    lifespan: duration("1h"),
    style: choice(["unified", "identifier_first"], { default: "unified" }),
    before: before(),
    after: after(hooks([...LOGIN_HOOKS, "b2b_sso"], ORGANIZATION), {
      password: afterLogin(),
      webauthn: afterLogin(),
      passkey: afterLogin(),
      oidc: after(
        hooks(["revoke_active_sessions", "web_hook", "require_verified_address", "b2b_sso"], ORGANIZATION),
      ),
      code: afterLogin(),
      totp: afterLogin(),
      lookup_secret: afterLogin(),
    }),
  });

const afterRegistration = () =>
  after(hooks(["session", "web_hook", "show_verification_ui", "b2b_sso"], ORGANIZATION));
const registration = (): Keys =>
  keys({
    enabled: flag(true),
    login_hints: flag(false),
    ui_url: page("registration"),
    lifespan: duration("1h"),
    before: before(),
    after: after(hooksForAll(), {
      password: afterRegistration(),
      webauthn: afterRegistration(),
      passkey: afterRegistration(),
      oidc: afterRegistration(),
      code: afterRegistration(),
    }),
    enable_legacy_one_step: flag(false),
    style: since("25.4.0", choice(["unified", "profile_first"], { default: "profile_first" })),
  });

const afterSettings = () => after(hooks(["web_hook", "revoke_active_sessions"]));
const settings = (): Keys =>
  keys({
    ui_url: page("settings"),
    lifespan: duration("1h"),
    privileged_session_max_age: duration("1h"),
    required_aal: level(),
    before: before(),
    after: after(hooksForAll(), {
      password: afterSettings(),
      totp: afterSettings(),
      oidc: afterSettings(),
      webauthn: afterSettings(),
      passkey: afterSettings(),
      lookup_secret: afterSettings(),
      profile: after(
        hooks(["web_hook"], {
          "25.4.0": ["show_verification_ui", "b2b_sso", "organization"],
          [UNRELEASED]: ["verify_new_address", "notify_previous_addresses"],
        }),
      ),
    }),
  });

/** Recovery and verification have the same keys. */
const byAddress = (name: string, afterwards: Keys): Keys =>
  keys({
    enabled: flag(false),
    ui_url: page(name),
    lifespan: duration("1h"),
    before: before(),
    after: afterwards,
    use: choice(["link", "code"], { default: "code" }),
    notify_unknown_recipients: flag(false),
  });

/** `selfservice.flows`. */
export const flows = (): Keys =>
  keys({
    login: login(),
    registration: registration(),
    settings: settings(),
    logout: keys({
      after: keys({ default_browser_return_url: reference() }),
      clear_browser_data: since(UNRELEASED, flag(false)),
    }),
    verification: byAddress("verification", after(hooksForAll())),
    recovery: byAddress("recovery", after(hooks(["web_hook", "revoke_active_sessions"]))),
    error: keys({ ui_url: page("error") }),
  });
