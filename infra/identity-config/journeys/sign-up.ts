import { isAtLeast } from "../kratos-version";
import {
  type Config,
  defaultSchema,
  extensionsOf,
  hooksAfter,
  isDelivered,
  isEnabled,
  isPasswordless,
  orUnclear,
  setting,
  withoutDefaultSchema,
} from "./config";
import { type End, type Factor, type Journey, type Path, sorted } from "./journey";
import { afterFirstFactor } from "./second-factor";
import { pathsOf } from "./sign-in";
import { hasIdentifier, type Person, stored } from "./user-kind";

/** Signing up with what `person` has. Social sign-in is left out: what becomes of its data is up to a Jsonnet. */
export function signUp(config: Config, person: Person): Journey {
  return { journey: "sign-up", paths: pathsOf(() => ways(config, person)) };
}

function ways(config: Config, person: Person): Path[] {
  if (!setting(config, "/selfservice/flows/registration/enabled", true))
    return [{ end: { stopped: "off", because: "registration is disabled" } }];
  const broken = withoutDefaultSchema(config);
  if (broken !== undefined) return [{ end: broken }];
  const extensions = extensionsOf(defaultSchema(config)!);
  const sendsTo = stored(person, extensions).addresses.filter(({ code }) => code);
  const codes: Factor[] = isPasswordless(config, "code")
    ? sendsTo.length > 0
      ? sendsTo.map(({ via }): Factor => `code:${via}`)
      : [`code:${person.has[0] ?? "email"}`]
    : [];
  const first = sorted([
    ...(isEnabled(config, "password") ? (["password"] as const) : []),
    ...codes,
    ...(isEnabled(config, "webauthn") && isPasswordless(config, "webauthn") ? (["webauthn"] as const) : []),
    ...(isEnabled(config, "passkey") ? (["passkey"] as const) : []),
  ]);
  if (first.length === 0)
    return [{ end: { stopped: "no-way-in", because: "no method to sign up with is on" } }];
  return first.map((factor): Path => {
    let steps: Omit<Path, "first"> | undefined;
    const end = orUnclear(() => {
      const stop = refusal(config, person, factor);
      if (stop !== undefined) return stop;
      const unsent = verificationOf(config);
      if (unsent !== undefined) return unsent;
      const [method] = factor.split(":");
      if (!hooksAfter(config, "registration", method!).includes("session")) return { reached: "none" };
      steps = afterFirstFactor(config, stored({ ...person, credentials: [] }, extensions), "session");
      return steps.end;
    });
    return { first: factor, ...steps, end };
  });
}

function refusal(config: Config, person: Person, factor: Factor): End | undefined {
  const extensions = extensionsOf(defaultSchema(config)!);
  if ((factor === "password" || factor === "webauthn") && !hasIdentifier(person, extensions, factor))
    return { stopped: "refused", because: `no trait that they have is an identifier for ${factor}` };
  if (!factor.startsWith("code:")) return undefined;
  const sendsTo = stored(person, extensions).addresses.filter(({ code }) => code);
  if (sendsTo.length === 0) return { stopped: "refused", because: "no trait that they have receives codes" };
  if (sendsTo.some(({ via }) => via === "sms") && !isAtLeast(config, "25.4.0"))
    return {
      stopped: "server-error",
      because: "before 25.4, kratos cannot send codes for signing up by SMS",
    };
  const via = factor === "code:sms" ? "sms" : "email";
  return isDelivered(config, via)
    ? undefined
    : { stopped: "never-sent", because: "the courier is not set up to send the code" };
}

/** Whoever has signed up is sent something to verify their addresses with; that it cannot be sent fails the sign-up. */
function verificationOf(config: Config): End | undefined {
  if (!setting(config, "/selfservice/flows/verification/enabled", false)) return undefined;
  const use = setting(config, "/selfservice/flows/verification/use", "code");
  if (isEnabled(config, use)) return undefined;
  return { stopped: "refused", because: `verification uses the method ${use}, which is disabled` };
}
