import { isDeepStrictEqual } from "node:util";
import { isBranch } from "../model";
import { type Judged, NEUTRAL, type Row, together, UNKNOWN_EFFECT } from "./effect";
import { special } from "./kinds";

/** What a hook does to the protection of accounts while it stands there. */
const HOOKS: Record<string, { without: Judged; with: Judged }> = {
  revoke_active_sessions: {
    without: { effect: "weakening", reason: "other sessions of the account, stolen ones too, stay valid" },
    with: { effect: "hardening", reason: "other sessions of the account, stolen ones too, end" },
  },
  require_verified_address: {
    without: { effect: "weakening", reason: "people sign in with addresses that were never verified" },
    with: { effect: "hardening", reason: "people sign in with verified addresses only" },
  },
  verification: { without: NEUTRAL, with: NEUTRAL },
  show_verification_ui: { without: NEUTRAL, with: NEUTRAL },
  verify_new_address: {
    without: { effect: "weakening", reason: "a new address counts before it is verified" },
    with: { effect: "hardening", reason: "a new address counts once it is verified" },
  },
  notify_previous_addresses: {
    without: { effect: "weakening", reason: "nobody is told at the old address that it was replaced" },
    with: { effect: "hardening", reason: "the old address is told that it was replaced" },
  },
  session: {
    without: { effect: "hardening", reason: "whoever signs up is not signed in by it" },
    with: {
      effect: "weakening",
      reason: "whoever signs up is signed in at once, before the address is verified",
    },
  },
};

const WEB_HOOK: Judged = {
  effect: "unknown",
  reason: "only the server that a web hook calls knows what it does",
};

function judgeHooks(before: unknown, after: unknown): Judged {
  const [old, value] = [before ?? [], after ?? []];
  if (!Array.isArray(old) || !Array.isArray(value)) return UNKNOWN_EFFECT;
  const missingIn = (others: unknown[]) => (hook: unknown) =>
    !others.some((other) => isDeepStrictEqual(other, hook));
  return together([
    ...old.filter(missingIn(value)).map((hook) => effectOf(hook, "without")),
    ...value.filter(missingIn(old)).map((hook) => effectOf(hook, "with")),
  ]);
}

function effectOf(hook: unknown, side: "with" | "without"): Judged {
  const name = isBranch(hook) && Object.hasOwn(hook, "hook") ? hook.hook : undefined;
  if (name === "web_hook") return WEB_HOOK;
  const known = typeof name === "string" && Object.hasOwn(HOOKS, name) ? HOOKS[name] : undefined;
  return known?.[side] ?? UNKNOWN_EFFECT;
}

const FLOWS = ["login", "registration", "settings", "recovery", "verification"];

/** The lists of hooks, which have no keys of their own. */
export const hookRows: Row[] = FLOWS.flatMap((flow) =>
  ["before/hooks", "after/hooks", "after/*/hooks"].map((place) =>
    special(`/selfservice/flows/${flow}/${place}`, judgeHooks),
  ),
);
