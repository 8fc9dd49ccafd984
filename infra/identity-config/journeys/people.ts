import { type Config, defaultSchema, extensionsOf, hooksAfter, isEnabled, isPasswordless } from "./config";
import type { Channel } from "./journey";
import { hasIdentifier, type Person } from "./user-kind";

const withPassword = (name: string, has: readonly Channel[], ...more: Person["credentials"]): Person => ({
  name,
  has,
  credentials: ["password", ...more],
  verified: true,
});

const PHONE_ONLY = withPassword("phone only", ["sms"]);

const signsInByPhone = (config: Config): boolean => {
  const schema = defaultSchema(config);
  return schema !== undefined && hasIdentifier(PHONE_ONLY, extensionsOf(schema), "password");
};

/** The kinds of people that a change is looked at for: those that one of `configs` can have. */
export function peopleOf(...configs: readonly Config[]): Person[] {
  const some = (holds: (config: Config) => boolean) => configs.some((config) => told(() => holds(config)));
  const hasPhone = some((config) =>
    extensionsOf(defaultSchema(config) ?? { id: "", path: "", extensions: [] }).some(({ extension }) =>
      JSON.stringify(extension).includes('"via":"sms"'),
    ),
  );
  const on = (method: string) => some((config) => isEnabled(config, method));
  const requiresVerified = some((config) =>
    hooksAfter(config, "login", "password").includes("require_verified_address"),
  );
  return [
    withPassword("e-mail only", ["email"]),
    ...(requiresVerified
      ? [{ ...withPassword("e-mail only, not verified", ["email"]), verified: false }]
      : []),
    ...(hasPhone ? [withPassword("e-mail and phone", ["email", "sms"])] : []),
    ...(some(signsInByPhone) ? [PHONE_ONLY] : []),
    ...(on("totp") ? [withPassword("TOTP enrolled", ["email"], "totp")] : []),
    ...(on("lookup_secret") ? [withPassword("lookup codes left", ["email"], "lookup_secret")] : []),
    ...(on("totp") && on("lookup_secret")
      ? [withPassword("TOTP enrolled and lookup codes left", ["email"], "totp", "lookup_secret")]
      : []),
    ...(some((config) => isEnabled(config, "webauthn") && !isPasswordless(config, "webauthn"))
      ? [withPassword("security key as second factor", ["email"], "webauthn")]
      : []),
    ...(some((config) => isEnabled(config, "webauthn") && isPasswordless(config, "webauthn"))
      ? [passwordless("security key instead of a password", "webauthn-passwordless")]
      : []),
    ...(on("passkey") ? [passwordless("passkey instead of a password", "passkey")] : []),
    ...(on("oidc") ? [passwordless("social sign-in only", "oidc")] : []),
    ...(some((config) => isPasswordless(config, "code")) ? [passwordless("code instead of a password")] : []),
  ];
}

const passwordless = (name: string, ...credentials: Person["credentials"]): Person => ({
  name,
  has: ["email"],
  credentials,
  verified: true,
});

/** Of what cannot be told, nobody is made. */
function told(holds: () => boolean): boolean {
  try {
    return holds();
  } catch {
    return false;
  }
}
