import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { type Fields, Part } from "./part";

/** A site that keys are bound to. */
export interface RelyingParty {
  /** The site's domain, without scheme and port. */
  id: Input<string>;
  /** Name that the user sees. */
  displayName: Input<string>;
  /** Origins that may use the keys, with scheme and port. Default: `https://<id>`. */
  origins?: Input<string>[];
}

const rpFields = ({ id, displayName, origins }: RelyingParty): Fields => ({
  id,
  display_name: displayName,
  origins,
});

/** Which second factors there are. A factor that is left out is not managed; `false` switches it off. */
export interface MultiFactorArgs {
  /** One-time codes by e-mail or SMS. Demanded of everyone with such an address where `highest_available` holds. */
  code?: Input<boolean>;
  /** Authenticator apps; an object names the issuer that they show. */
  totp?: Input<boolean> | { issuer: Input<string> };
  /** Printed recovery codes. */
  lookupSecret?: Input<boolean>;
  /** Security keys as second factor. */
  webauthn?: false | { rp: RelyingParty };
}

/**
 * Second factors.
 * @example
 * ```ts
 * new MultiFactor("second-factor", { code: true, totp: true, lookupSecret: true });
 * ```
 */
export class MultiFactor extends Part {
  constructor(
    name: string,
    { code, totp, lookupSecret, webauthn }: MultiFactorArgs,
    opts?: ComponentResourceOptions,
  ) {
    const methods: Fields = {
      code: codeFields("mfa_enabled", code),
      totp: isIssuer(totp) ? { enabled: true, config: { issuer: totp.issuer } } : toggle(totp),
      lookup_secret: toggle(lookupSecret),
      webauthn: webauthn
        ? { enabled: true, config: { passwordless: false, rp: rpFields(webauthn.rp) } }
        : toggle(webauthn),
    };
    super("MultiFactor", name, { selfservice: { methods } }, opts);
  }
}

/** Which ways to sign in without a password there are. */
export interface PasswordlessArgs {
  /** One-time codes as first factor; Kratos then cannot use them as second. */
  code?: Input<boolean>;
  /** Passkeys. */
  passkey?: false | { rp: RelyingParty };
  /** Security keys as first factor; such keys are no second factor. */
  webauthn?: false | { rp: RelyingParty };
}

/**
 * Sign-in without a password.
 * @example
 * ```ts
 * new Passwordless("passwordless", { passkey: { rp: { id: "shop.example", displayName: "Shop" } } });
 * ```
 */
export class Passwordless extends Part {
  constructor(name: string, { code, passkey, webauthn }: PasswordlessArgs, opts?: ComponentResourceOptions) {
    const methods: Fields = {
      code: codeFields("passwordless_enabled", code),
      passkey: passkey ? { enabled: true, config: { rp: rpFields(passkey.rp) } } : toggle(passkey),
      webauthn: webauthn
        ? { enabled: true, config: { passwordless: true, rp: rpFields(webauthn.rp) } }
        : toggle(webauthn),
    };
    super("Passwordless", name, { selfservice: { methods } }, opts);
  }
}

const toggle = (enabled: unknown): Fields | undefined => (enabled === undefined ? undefined : { enabled });

const isIssuer = (totp: MultiFactorArgs["totp"]): totp is { issuer: Input<string> } =>
  typeof totp === "object" && "issuer" in totp && Object.getPrototypeOf(totp) === Object.prototype;

/** Where the method itself is off, `mfa_enabled` locks users out, so switching it on declares the method on. */
function codeFields(
  key: "mfa_enabled" | "passwordless_enabled",
  on: Input<boolean> | undefined,
): Fields | undefined {
  if (on === undefined) return undefined;
  return on === false ? { [key]: false } : { enabled: true, [key]: on };
}
