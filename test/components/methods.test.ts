import { output } from "@pulumi/pulumi";
import {
  MultiFactor,
  type MultiFactorArgs,
  Passwordless,
  type PasswordlessArgs,
  type RelyingParty,
} from "../../infra/index";
import { declared } from "./declared";
import { MockEngine } from "./engine";

beforeEach(() => new MockEngine().start());

const rp: RelyingParty = { id: "shop.example", displayName: "Shop" };
const kratosRp = { id: "shop.example", display_name: "Shop" };

/** The one document below selfservice.methods that a part declares; undefined where it declares nothing. */
const methods = (document: Record<string, unknown>) =>
  (document.selfservice as { methods: unknown } | undefined)?.methods;

describe("MultiFactor", () => {
  it.each<[string, MultiFactorArgs, unknown]>([
    ["nothing, where nothing is given", {}, undefined],
    [
      "nothing, where all is undefined",
      { code: undefined, totp: undefined, lookupSecret: undefined, webauthn: undefined },
      undefined,
    ],
    [
      "the method itself with its second factor, since alone that locks users out",
      { code: true },
      { code: { enabled: true, mfa_enabled: true } },
    ],
    [
      "only the second factor off, as codes may serve elsewhere",
      { code: false },
      { code: { mfa_enabled: false } },
    ],
    ["an authenticator app", { totp: true }, { totp: { enabled: true } }],
    ["no authenticator app", { totp: false }, { totp: { enabled: false } }],
    [
      "an authenticator app that shows its issuer",
      { totp: { issuer: "Shop" } },
      { totp: { enabled: true, config: { issuer: "Shop" } } },
    ],
    [
      "recovery codes on and off",
      { lookupSecret: false },
      {
        lookup_secret: { enabled: false },
      },
    ],
    [
      "security keys that are no first factor",
      { webauthn: { rp } },
      { webauthn: { enabled: true, config: { passwordless: false, rp: kratosRp } } },
    ],
    ["no security keys", { webauthn: false }, { webauthn: { enabled: false } }],
  ])("declares %s", (_what, args, expected) => {
    expect(methods(declared(new MultiFactor("second-factor", args)))).toEqual(expected);
  });

  it("passes a switch that is an Output on as it is", () => {
    const on = output(true);
    expect(methods(declared(new MultiFactor("second-factor", { totp: on, code: on })))).toEqual({
      code: { enabled: true, mfa_enabled: on },
      totp: { enabled: on },
    });
  });
});

describe("Passwordless", () => {
  it.each<[string, PasswordlessArgs, unknown]>([
    ["nothing, where nothing is given", {}, undefined],
    [
      "codes as first factor with the method itself",
      { code: true },
      { code: { enabled: true, passwordless_enabled: true } },
    ],
    ["no codes as first factor", { code: false }, { code: { passwordless_enabled: false } }],
    [
      "passkeys with the site that they are bound to",
      { passkey: { rp: { ...rp, origins: ["https://shop.example:8443"] } } },
      {
        passkey: { enabled: true, config: { rp: { ...kratosRp, origins: ["https://shop.example:8443"] } } },
      },
    ],
    ["no passkeys", { passkey: false }, { passkey: { enabled: false } }],
    [
      "security keys as first factor",
      { webauthn: { rp } },
      { webauthn: { enabled: true, config: { passwordless: true, rp: kratosRp } } },
    ],
    ["no security keys", { webauthn: false }, { webauthn: { enabled: false } }],
  ])("declares %s", (_what, args, expected) => {
    expect(methods(declared(new Passwordless("passwordless", args)))).toEqual(expected);
  });
});
