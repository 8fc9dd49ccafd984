import { isAtLeast } from "../kratos-version";
import {
  type Config,
  hasFallback,
  isCodeMfa,
  isDelivered,
  isEnabled,
  isPasswordless,
  setting,
  withoutDefaultSchema,
} from "./config";
import { type Channel, type Factor, type Path, sorted } from "./journey";
import type { UserKind } from "./user-kind";

/** Where the second factor's codes may go: the code credential's addresses, else, with the fallback, verifiable ones. */
export function codeAddresses(config: Config, kind: UserKind): Channel[] {
  const own = kind.addresses.filter(({ code }) => code);
  const candidates =
    own.length > 0 || !hasFallback(config)
      ? own
      : kind.addresses.filter(({ verified }) => verified !== undefined);
  return candidates.map(({ via }) => via);
}

/**
 * Whether Kratos takes somebody for one who has a second factor. It counts credentials whether or not their method is
 * enabled; of codes, it has counted none before 1.3.0, everybody's before 25.4, and since then the code credential's.
 */
export function hasSecondFactor(config: Config, kind: UserKind): boolean {
  if ((["totp", "lookup_secret", "webauthn"] as const).some((one) => kind.credentials.includes(one)))
    return true;
  if (!isCodeMfa(config)) return false;
  if (isAtLeast(config, "25.4.0")) return kind.addresses.some(({ code }) => code);
  return config.kratosVersion === undefined || isAtLeast(config, "1.3.0");
}

/** The second factors that Kratos offers in a browser. */
export function secondFactors(config: Config, kind: UserKind): Factor[] {
  const has = (method: "totp" | "lookup_secret" | "webauthn") =>
    kind.credentials.includes(method) && isEnabled(config, method);
  const codes = isCodeMfa(config) && isEnabled(config, "code") ? codeAddresses(config, kind) : [];
  return sorted([
    ...codes.map((via): Factor => `code:${via}`),
    ...(["totp", "lookup_secret"] as const).filter(has),
    ...(has("webauthn") && !isPasswordless(config, "webauthn") ? (["webauthn"] as const) : []),
  ]);
}

/** From 26.2 on a code is sent at once to the only address of those who have no other second factor. */
function isSentAtOnce(config: Config, kind: UserKind, offered: readonly Factor[]): boolean {
  return (
    isAtLeast(config, "26.2.0") &&
    offered.length === 1 &&
    offered[0]!.startsWith("code:") &&
    codeAddresses(config, kind).length === 1
  );
}

const REQUIRED = {
  session: "/session/whoami/required_aal",
  settings: "/selfservice/flows/settings/required_aal",
};

/**
 * What stands between a session with one factor and what needs it.
 * @param remembered The identity is noted as having a second factor, which Kratos does not look into again.
 */
export function afterFirstFactor(
  config: Config,
  kind: UserKind,
  need: keyof typeof REQUIRED,
  remembered = false,
): Omit<Path, "first"> {
  const demanded =
    setting(config, REQUIRED[need], "highest_available") !== "aal1" &&
    (remembered || hasSecondFactor(config, kind));
  if (!demanded) return { end: { reached: "aal1" } };
  const broken = isCodeMfa(config) && isEnabled(config, "code") ? withoutDefaultSchema(config) : undefined;
  if (broken !== undefined) return { second: [], end: broken };
  const second = secondFactors(config, kind);
  if (second.length === 0) {
    const because = "kratos demands a second factor and offers none";
    return { second, end: { stopped: "nothing-offered", because } };
  }
  const sentAtOnce = isSentAtOnce(config, kind, second) ? { sentAtOnce: true as const } : {};
  if (second.every((factor) => !isPassable(config, factor))) {
    const because = "the courier is not set up to send the code of the second factor";
    return { second, ...sentAtOnce, end: { stopped: "never-sent", because } };
  }
  return { second, ...sentAtOnce, end: { reached: "aal2" } };
}

/** Whether what the factor needs comes through. */
export function isPassable(config: Config, factor: Factor): boolean {
  const [, via] = factor.split(":");
  return via === undefined || isDelivered(config, via as Channel);
}
