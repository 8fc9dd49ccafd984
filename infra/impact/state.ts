import {
  CannotTell,
  type Config,
  isCodeMfa,
  isDelivered,
  isEnabled,
  isPasswordless,
  setting,
} from "../identity-config/journeys/config";
import type { Path } from "../identity-config/journeys/journey";
import { isPassable } from "../identity-config/journeys/second-factor";
import { signIn } from "../identity-config/journeys/sign-in";
import type { Address, UserKind } from "../identity-config/journeys/user-kind";

/**
 * What an identity is counted by, under one config:
 * - `secondFactor`: signs in, and is asked for a second factor on every way in
 * - `lockedOut`: no way of signing in leads to a session
 * - `oneWayIn`: exactly one way leads to one, counting each pair of a first and a second factor
 * - `unreachable`: an address that messages would go to has no channel that delivers them
 * - `unverified`: an address that messages would go to is not verified
 * - `methodOff`: has a credential of a method that is off
 * - `unclear`: what decides the sign-in is not known
 */
export const COUNTED = [
  "secondFactor",
  "lockedOut",
  "oneWayIn",
  "unreachable",
  "unverified",
  "methodOff",
  "unclear",
] as const;

export type Counted = (typeof COUNTED)[number];

/** What holds of somebody under `config`. */
export function stateOf(config: Config, kind: UserKind): Record<Counted, boolean> {
  const { paths } = signIn(config, kind);
  const open = paths.filter(({ end }) => "reached" in end);
  const unclear = paths.some(({ end }) => "unclear" in end);
  const ways = open.reduce((sum, path) => sum + waysOf(config, path), 0);
  const used = orFalse(() => kind.addresses.filter((address) => isUsed(config, address)), []);
  return {
    secondFactor: open.length > 0 && open.every(({ second }) => second !== undefined),
    lockedOut: open.length === 0 && !unclear,
    oneWayIn: ways === 1,
    unreachable: orFalse(() => used.some(({ via }) => !isDelivered(config, via)), false),
    unverified: used.some(({ verified }) => verified === false),
    methodOff: orFalse(
      () => kind.credentials.some((one) => !isEnabled(config, METHOD_OF[one] ?? one)),
      false,
    ),
    unclear,
  };
}

const METHOD_OF: Record<string, string> = { "webauthn-passwordless": "webauthn" };

const waysOf = (config: Config, { second }: Path): number =>
  second === undefined ? 1 : second.filter((factor) => isPassable(config, factor)).length;

/** Whether codes or recovery go to an address. */
function isUsed(config: Config, { code, recovery }: Address): boolean {
  if (code && (isCodeMfa(config) || isPasswordless(config, "code"))) return true;
  return recovery && setting(config, "/selfservice/flows/recovery/enabled", false);
}

/** `otherwise` where it cannot be told; `unclear` counts that. */
function orFalse<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof CannotTell) return otherwise;
    throw error;
  }
}
