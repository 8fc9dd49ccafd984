import { isAtLeast } from "../kratos-version";
import { type Config, isDelivered, isEnabled, orUnclear, setting } from "./config";
import { type Channel, type Journey, type Path, sorted } from "./journey";
import { afterFirstFactor } from "./second-factor";
import { withPage } from "./settings";
import { pathsOf } from "./sign-in";
import type { UserKind } from "./user-kind";

/** Recovering an account, until the settings are open, where a new password is set. */
export function recovery(config: Config, kind: UserKind): Journey {
  return { journey: "recovery", paths: pathsOf(() => ways(config, kind)) };
}

function ways(config: Config, kind: UserKind): Path[] {
  if (!setting(config, "/selfservice/flows/recovery/enabled", false))
    return [{ end: { stopped: "off", because: "recovery is disabled" } }];
  const use = setting(config, "/selfservice/flows/recovery/use", "code");
  if (!isEnabled(config, use))
    return [{ end: { stopped: "off", because: `recovery uses the method ${use}, which is disabled` } }];
  const bySms =
    isAtLeast(config, "25.4.0") && setting(config, "/feature_flags/choose_recovery_address", false);
  const channels = kind.addresses
    .filter(({ via, recovery }) => recovery && (via === "email" || bySms))
    .map(({ via }) => via);
  if (channels.length === 0) {
    const because = "no address of theirs is one that recovery sends to";
    return [{ end: { stopped: "no-address", because } }];
  }
  return sorted(channels.map((via) => `recovery:${via}` as const)).map((first): Path => {
    let steps: Omit<Path, "first"> | undefined;
    const end = orUnclear(() => {
      if (!isDelivered(config, first.split(":")[1] as Channel))
        return { stopped: "never-sent", because: "the courier is not set up to send the message" };
      steps = withPage(config, afterFirstFactor(config, kind, "settings"));
      return steps.end;
    });
    return { first, ...steps, end };
  });
}
