import { claims, type PartCode } from "./fitting";
import { hooks } from "./hooks";
import { courierChannel, emailDelivery, messageTemplates } from "./messages";
import { element } from "./prepared";
import { socialSignIn } from "./social-sign-in";
import { only, type View } from "./view";

const METHODS = "/selfservice/methods";
const FLOWS = "/selfservice/flows";

/** The parts that fit what `view` shows, in the order of the program, and the paths that they declare. */
export function partsOf(view: View): { parts: PartCode[]; claimed: Map<string, PartCode> } {
  const parts: PartCode[] = [];
  const claimed = new Map<string, PartCode>();
  for (const part of FINDERS.flatMap((find) => find(view))) {
    const paths = claims(part, view.prepared.leaves);
    if (paths === undefined || paths.every((path) => view.prepared.silent.has(path))) continue;
    parts.push(part);
    for (const path of paths) if (!claimed.has(path)) claimed.set(path, part);
  }
  return { parts, claimed };
}

type Finder = (view: View) => PartCode[];

const identitySchemas: Finder = (view) =>
  view.ids("/identity/schemas").flatMap((id) => {
    const at = element("/identity/schemas", id);
    const file = view.file(`${at}/url`);
    if (file === undefined || id === "") return [];
    const args = only({
      default: view.at("/identity/default_schema_id") === id || undefined,
      selfServiceSelectable: view.at(`${at}/selfservice_selectable`),
      file,
    });
    return [{ kind: "IdentitySchema", name: id, args }];
  });

const userInterface: Finder = (view) => {
  const flows = ["login", "registration", "recovery", "verification", "settings", "logout", "error"];
  const each = (path: string) =>
    Object.fromEntries(flows.map((flow) => [flow, view.set(`${FLOWS}/${flow}/${path}`)]));
  return view.fitting("UserInterface", "pages", {
    pages: each("ui_url"),
    defaultReturnUrl: view.set("/selfservice/default_browser_return_url"),
    returnUrls: each("after/default_browser_return_url"),
    allowedReturnUrls: view.set("/selfservice/allowed_return_urls"),
  });
};

const relyingParty = (view: View, method: string) => {
  const at = `${METHODS}/${method}/config/rp`;
  const rp = { id: view.text(`${at}/id`), displayName: view.text(`${at}/display_name`) };
  if (view.set(`${METHODS}/${method}/enabled`) !== true || Object.values(rp).includes(undefined))
    return undefined;
  return { rp: { ...rp, origins: view.set(`${at}/origins`) } };
};

const isOn = (view: View, path: string) => view.set(`${METHODS}/${path}`) === true || undefined;

const multiFactor: Finder = (view) => {
  const issuer = view.text(`${METHODS}/totp/config/issuer`);
  return view.fitting("MultiFactor", "second-factor", {
    code: isOn(view, "code/mfa_enabled"),
    totp: isOn(view, "totp/enabled") && (issuer === undefined ? true : { issuer }),
    lookupSecret: isOn(view, "lookup_secret/enabled"),
    webauthn:
      view.at(`${METHODS}/webauthn/config/passwordless`) === false
        ? relyingParty(view, "webauthn")
        : undefined,
  });
};

const passwordless: Finder = (view) =>
  view.fitting("Passwordless", "passwordless", {
    code: isOn(view, "code/passwordless_enabled"),
    passkey: relyingParty(view, "passkey"),
    webauthn:
      view.at(`${METHODS}/webauthn/config/passwordless`) === true
        ? relyingParty(view, "webauthn")
        : undefined,
  });

const requiredAal: Finder = (view) =>
  view.fitting("RequiredAal", "required-aal", {
    session: view.set("/session/whoami/required_aal"),
    settings: view.set(`${FLOWS}/settings/required_aal`),
  });

const passwordPolicy: Finder = (view) => {
  const at = `${METHODS}/password/config`;
  const check = only({
    host: view.set(`${at}/haveibeenpwned_host`),
    maxBreaches: view.set(`${at}/max_breaches`),
    ignoreNetworkErrors: view.set(`${at}/ignore_network_errors`),
  });
  const isChecked = view.at(`${at}/haveibeenpwned_enabled`) === true && Object.keys(check).length > 0;
  return view.fitting("PasswordPolicy", "passwords", {
    enabled: view.set(`${METHODS}/password/enabled`),
    minLength: view.set(`${at}/min_password_length`),
    haveIBeenPwned: isChecked ? check : view.set(`${at}/haveibeenpwned_enabled`),
    identifierSimilarityCheck: view.set(`${at}/identifier_similarity_check_enabled`),
  });
};

const passwordHasher: Finder = (view) => {
  const [algorithm, cost] = [view.at("/hashers/algorithm"), view.at("/hashers/bcrypt/cost")];
  if (algorithm === "bcrypt" && cost !== undefined)
    return [{ kind: "PasswordHasher", name: "password-hasher", args: { bcrypt: { cost } } }];
  if (algorithm !== "argon2") return [];
  const at = "/hashers/argon2";
  const argon2 = {
    memory: view.set(`${at}/memory`),
    iterations: view.set(`${at}/iterations`),
    parallelism: view.set(`${at}/parallelism`),
    saltLength: view.set(`${at}/salt_length`),
    keyLength: view.set(`${at}/key_length`),
    expectedDuration: view.set(`${at}/expected_duration`),
    expectedDeviation: view.set(`${at}/expected_deviation`),
    dedicatedMemory: view.set(`${at}/dedicated_memory`),
  };
  return [{ kind: "PasswordHasher", name: "password-hasher", args: { argon2: only(argon2) } }];
};

const sessionLifetime: Finder = (view) =>
  view.fitting("SessionLifetime", "session", {
    lifespan: view.set("/session/lifespan"),
    earliestPossibleExtend: view.set("/session/earliest_possible_extend"),
    privilegedSessionMaxAge: view.set(`${FLOWS}/settings/privileged_session_max_age`),
    persistent: view.set("/session/cookie/persistent"),
  });

const cookies: Finder = (view) => {
  const scope = (at: string) => ({
    domain: view.set(`${at}/domain`),
    path: view.set(`${at}/path`),
    sameSite: view.set(`${at}/same_site`),
  });
  const session = { name: view.set("/session/cookie/name"), ...scope("/session/cookie") };
  return view.fitting("Cookies", "cookies", { ...scope("/cookies"), session });
};

const login: Finder = (view) =>
  view.fitting("Login", "login", {
    style: view.set(`${FLOWS}/login/style`),
    lifespan: view.set(`${FLOWS}/login/lifespan`),
  });

const registration: Finder = (view) =>
  view.fitting("Registration", "registration", {
    enabled: view.set(`${FLOWS}/registration/enabled`),
    oneStep: view.set(`${FLOWS}/registration/enable_legacy_one_step`),
    style: view.set(`${FLOWS}/registration/style`),
    loginHints: view.set(`${FLOWS}/registration/login_hints`),
    lifespan: view.set(`${FLOWS}/registration/lifespan`),
  });

const byAddress =
  (kind: "Recovery" | "Verification"): Finder =>
  (view) => {
    const name = kind.toLowerCase();
    const at = `${FLOWS}/${name}`;
    const use = view.at(`${at}/use`);
    if (view.at(`${at}/enabled`) !== true || (use !== "code" && use !== "link")) return [];
    const args = only({
      use,
      lifespan: view.set(`${at}/lifespan`),
      notifyUnknownRecipients: view.set(`${at}/notify_unknown_recipients`),
    });
    return [{ kind, name, args }];
  };

const accountEnumeration: Finder = (view) => {
  const mitigate = view.set("/security/account_enumeration/mitigate");
  return mitigate === undefined
    ? []
    : [{ kind: "AccountEnumeration", name: "account-enumeration", args: { mitigate } }];
};

const FINDERS: readonly Finder[] = [
  identitySchemas,
  userInterface,
  login,
  registration,
  byAddress("Recovery"),
  byAddress("Verification"),
  passwordPolicy,
  passwordHasher,
  passwordless,
  socialSignIn,
  multiFactor,
  requiredAal,
  sessionLifetime,
  cookies,
  accountEnumeration,
  hooks,
  emailDelivery,
  courierChannel,
  messageTemplates,
];
