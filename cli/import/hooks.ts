import { Asset } from "../../infra/components/asset";
import { isBranch } from "../../infra/identity-config/model";
import type { PartCode } from "./fitting";
import { wholeAuth } from "./messages";
import { only, type View } from "./view";

const OF_LOGIN = [
  "revoke_active_sessions",
  "require_verified_address",
  "verification",
  "show_verification_ui",
];
const OF_REGISTRATION = ["session", "show_verification_ui"];
const REVOKE = ["revoke_active_sessions"];

/** Which hooks beside web hooks the part takes, by flow and place; `after` itself where it has no methods. */
const PLACES: Record<string, Record<string, readonly string[]>> = {
  login: {
    before: [],
    otherMethods: OF_LOGIN,
    ...each(["password", "code", "webauthn", "passkey", "totp", "lookup_secret"], OF_LOGIN),
    oidc: ["revoke_active_sessions", "require_verified_address"],
  },
  registration: {
    before: [],
    otherMethods: [],
    ...each(["password", "code", "webauthn", "passkey", "oidc"], OF_REGISTRATION),
  },
  settings: {
    before: [],
    otherMethods: [],
    profile: ["show_verification_ui"],
    ...each(["password", "totp", "lookup_secret", "webauthn", "passkey", "oidc"], REVOKE),
  },
  recovery: { before: [], after: REVOKE },
  verification: { before: [], after: [] },
};

function each(methods: string[], names: readonly string[]) {
  return Object.fromEntries(methods.map((method) => [method, names]));
}

/** What runs before and after flows: every list that the part can say. */
export function hooks(view: View): PartCode[] {
  const args: Record<string, Record<string, unknown>> = {};
  for (const [flow, places] of Object.entries(PLACES)) {
    for (const [place, names] of Object.entries(places)) {
      const list = view.set(`/selfservice/flows/${flow}/${step(place)}hooks`);
      if (!Array.isArray(list) || list.length === 0) continue;
      const told = list.map((hook) => hookOf(hook, names));
      if (told.includes(undefined)) continue;
      const alone = placed({}, place, told);
      if (!view.fits({ kind: "Hooks", name: "hooks", args: { [flow]: alone } })) continue;
      args[flow] = placed(args[flow] ?? {}, place, told);
    }
  }
  return Object.keys(args).length === 0 ? [] : [{ kind: "Hooks", name: "hooks", args }];
}

function step(place: string): string {
  if (place === "before" || place === "after") return `${place}/`;
  return place === "otherMethods" ? "after/" : `after/${place}/`;
}

function placed(flow: Record<string, unknown>, place: string, list: unknown[]): Record<string, unknown> {
  if (place === "before" || place === "after") return { ...flow, [place]: list };
  const method = place === "lookup_secret" ? "lookupSecret" : place;
  return { ...flow, after: { ...(flow.after as object | undefined), [method]: list } };
}

/** The hook in the part's words, undefined where it has none for it. */
function hookOf(hook: unknown, names: readonly string[]): object | undefined {
  if (!isBranch(hook)) return undefined;
  if (hook.hook !== "web_hook")
    return names.includes(String(hook.hook)) && Object.keys(hook).length === 1 ? hook : undefined;
  const config = isBranch(hook.config) ? hook.config : {};
  const { url, method, body, headers, auth, id, emit_analytics_event, response, can_interrupt } = config;
  if (typeof url !== "string" || !(body instanceof Asset)) return undefined;
  const { ignore, parse } = isBranch(response) ? response : {};
  return {
    hook: "web_hook",
    ...only({
      id,
      url,
      method: method === "POST" ? undefined : method,
      headers,
      auth: wholeAuth(auth),
      body,
      response: ignore === true ? "ignore" : parse === true ? "parse" : undefined,
      canInterrupt: ignore === true ? undefined : can_interrupt,
      emitAnalyticsEvent: emit_analytics_event,
    }),
  };
}
