import { identitySchemas } from "../identity-schema";
import { isAtLeast } from "../kratos-version";
import { readAt } from "../reading";
import { type Config, extensionsOf, isEnabled, withoutDefaultSchema } from "./config";
import type { Aal, Journey, Path } from "./journey";
import { afterFirstFactor } from "./second-factor";
import { firstFactors, pathsOf } from "./sign-in";
import type { UserKind } from "./user-kind";

const CHANGES = ["password", "profile", "totp", "lookup_secret", "webauthn", "passkey"];

/** Changing settings, from a session of `from`. */
export function settings(config: Config, kind: UserKind, from: Aal, remembered = false): Journey {
  let page: Pick<Journey, "changes" | "again"> = {};
  const paths = pathsOf(() => {
    const path = withSession(config, kind, "settings", from, remembered);
    page = {
      changes: CHANGES.filter(
        (method) => isEnabled(config, method) && (method !== "passkey" || namesPasskeys(config, kind)),
      ),
      again: firstFactors(config, kind),
    };
    return [path];
  });
  return { journey: "settings", from, paths, ...("reached" in paths[0]!.end && page) };
}

/** Going on with a session that exists. */
export function session(config: Config, kind: UserKind, from: Aal, remembered: boolean): Journey {
  const paths = pathsOf(() => [withSession(config, kind, "session", from, remembered)]);
  return { journey: "session", from, paths };
}

function withSession(
  config: Config,
  kind: UserKind,
  need: "session" | "settings",
  from: Aal,
  remembered: boolean,
): Path {
  // A session keeps its level, whatever becomes of the credential that it was given for.
  const path: Path =
    from === "aal2" ? { end: { reached: "aal2" } } : afterFirstFactor(config, kind, need, remembered);
  return need === "settings" ? withPage(config, path) : path;
}

/** The page with the settings, which before 25.4 is made from the default identity schema, whichever theirs is. */
export function withPage<P extends Omit<Path, "first">>(config: Config, path: P): P {
  const usesDefault = "reached" in path.end && !isAtLeast(config, "25.4.0");
  const broken = usesDefault ? withoutDefaultSchema(config) : undefined;
  return broken === undefined ? path : { ...path, end: broken };
}

/** Whether the identity schema says what a passkey is called; without, none can be made. */
function namesPasskeys(config: Config, kind: UserKind): boolean {
  const schema = identitySchemas(config.document).find(({ id }) => id === kind.schema);
  return (
    schema === undefined ||
    extensionsOf(schema).some(
      ({ extension }) => readAt(extension, "/credentials/passkey/display_name") === true,
    )
  );
}
