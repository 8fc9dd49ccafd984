import type { Config } from "./config";
import type { Journey } from "./journey";
import { recovery } from "./recovery";
import { session, settings } from "./settings";
import { signIn } from "./sign-in";
import type { UserKind } from "./user-kind";

/**
 * What somebody meets under `config`, in a browser: signing in, changing settings and recovering the account, and where
 * they have a session, going on with it. Pure; what `config` leaves open, a step says that it cannot tell.
 */
export function journeysOf(config: Config, kind: UserKind): Journey[] {
  const fresh = [signIn(config, kind), settings(config, kind, "aal1"), recovery(config, kind)];
  if (kind.session === undefined) return fresh;
  const { aal, available } = kind.session;
  const remembered = available === "aal2";
  return [...fresh, session(config, kind, aal, remembered), settings(config, kind, aal, remembered)];
}
