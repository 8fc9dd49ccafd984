import { isAtLeast } from "../kratos-version";
import {
  CannotTell,
  type Config,
  hasFallback,
  hooksAfter,
  isEnabled,
  isPasswordless,
  orUnclear,
  setting,
  withoutDefaultSchema,
} from "./config";
import { type End, type Factor, type Journey, type Path, sorted } from "./journey";
import { afterFirstFactor, isPassable } from "./second-factor";
import type { UserKind } from "./user-kind";

/** The ways to begin that are on and that somebody has the credential for. */
export function firstFactors(config: Config, kind: UserKind): Factor[] {
  const has = (method: "password" | "passkey" | "oidc") =>
    kind.credentials.includes(method) && isEnabled(config, method);
  const keys = kind.credentials.includes("webauthn-passwordless") && isEnabled(config, "webauthn");
  return sorted([
    ...(["password", "passkey", "oidc"] as const).filter(has),
    ...codes(config, kind),
    ...(keys && isPasswordless(config, "webauthn") ? (["webauthn"] as const) : []),
  ]);
}

/** Codes as the first factor; those who have no code credential get theirs by e-mail at another name of theirs, where the fallback is on. */
function codes(config: Config, kind: UserKind): Factor[] {
  if (!isPasswordless(config, "code")) return [];
  const own = kind.addresses.filter(({ code }) => code);
  if (own.length > 0) return own.map(({ via }): Factor => `code:${via}`);
  return kind.namedByEmail && hasFallback(config) ? ["code:email"] : [];
}

/** Signing in, without a session. */
export function signIn(config: Config, kind: UserKind): Journey {
  return { journey: "sign-in", paths: pathsOf(() => ways(config, kind)) };
}

/** `paths`, or the one path of which nothing can be told. */
export function pathsOf(paths: () => Path[]): Path[] {
  try {
    return paths();
  } catch (error) {
    if (error instanceof CannotTell) return [{ end: { unclear: error.path, because: error.because } }];
    throw error;
  }
}

function ways(config: Config, kind: UserKind): Path[] {
  const broken = withoutDefaultSchema(config);
  if (broken !== undefined) return [{ end: broken }];
  const first = firstFactors(config, kind);
  if (first.length === 0) {
    const because = "no method that is on is one that they have a credential for";
    return [{ end: { stopped: "no-way-in", because } }];
  }
  return first.map((factor): Path => {
    let steps: Omit<Path, "first"> = { end: orUnclear(() => ({ reached: "aal1" })) };
    const end = orUnclear(() => {
      const stop = sendingOf(config, factor) ?? verificationOf(config, kind, factor);
      if (stop !== undefined) return stop;
      steps = afterFirstFactor(config, kind, "session");
      return steps.end;
    });
    return { first: factor, ...steps, end };
  });
}

/** That the code of the first factor does not arrive. */
export function sendingOf(config: Config, factor: Factor): End | undefined {
  if (isPassable(config, factor)) return undefined;
  return { stopped: "never-sent", because: "the courier is not set up to send the code" };
}

/** What the hook `require_verified_address` makes of a first factor. */
function verificationOf(config: Config, kind: UserKind, factor: Factor): End | undefined {
  const [method] = factor.split(":");
  if (!hooksAfter(config, "login", method!).includes("require_verified_address")) return undefined;
  const legacy =
    !isAtLeast(config, "25.4.0") ||
    setting(config, "/feature_flags/legacy_require_verified_login_error", false);
  if (legacy && method !== "password") return undefined;
  const verifiable = kind.addresses.filter(({ verified }) => verified !== undefined);
  if (verifiable.length === 0) {
    const because = "the hook require_verified_address meets an identity without verifiable addresses";
    return { stopped: "server-error", because };
  }
  const proven = verifiable.some(({ via, verified }) => verified || factor === `code:${via}`);
  return proven
    ? undefined
    : { stopped: "unverified", because: "the hook require_verified_address refuses them" };
}
