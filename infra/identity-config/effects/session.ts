import type { Row } from "./effect";
import { depends, neutral, oneOf, opens, protects, shortIsStrong, special } from "./kinds";

const AAL = ["aal1", "highest_available"];
const SAME_SITE = ["None", "Lax", "Strict"];
const sameSite = {
  weakens: "other sites can have a browser send the cookie in more cases",
  hardens: "other sites can have a browser send the cookie in fewer cases",
};

/** A cookie's domain: with one, subdomains get it, too. */
const domain = (path: string): Row =>
  special(path, (before, after) =>
    before === undefined
      ? { effect: "weakening", reason: `the cookie is sent to every subdomain of ${after}, too` }
      : after === undefined
        ? { effect: "hardening", reason: "the cookie is sent to its own host only" }
        : { effect: "unknown", reason: "the cookie is sent to other hosts" },
  );

/** Keys below `session`, `cookies` and `security`, and what the settings flow demands of a session. */
export const sessionRows: Row[] = [
  oneOf("/session/whoami/required_aal", AAL, {
    byDefault: "highest_available",
    weakens: "sessions without a second factor become valid, also of people who have one",
    hardens: "sessions of people who have a second factor need it",
  }),
  oneOf("/selfservice/flows/settings/required_aal", AAL, {
    byDefault: "highest_available",
    weakens: "a password alone changes settings, addresses that codes go to and the second factor among them",
    hardens: "people who have a second factor need it to change settings",
  }),
  shortIsStrong("/session/lifespan", {
    byDefault: "24h",
    otherOnNetwork: true,
    weakens: "a stolen session stays valid for longer",
    hardens: "a stolen session is valid for less long",
  }),
  shortIsStrong("/selfservice/flows/settings/privileged_session_max_age", {
    byDefault: "1h",
    otherOnNetwork: true,
    weakens: "a stolen session changes passwords and addresses for longer",
    hardens: "a stolen session changes passwords and addresses for less long",
  }),
  special("/session/earliest_possible_extend", () => ({
    effect: "unknown",
    reason: "it decides when sessions can be made to last longer",
  })),
  opens("/session/cookie/persistent", {
    byDefault: true,
    weakens: "people stay signed in after they close the browser",
    hardens: "people are signed out when they close the browser",
  }),
  domain("/session/cookie/domain"),
  domain("/cookies/domain"),
  oneOf("/cookies/same_site", SAME_SITE, { byDefault: "Lax", ...sameSite }),
  // Left out, it is that of all cookies.
  special("/session/cookie/same_site", (before, after, running) =>
    before === undefined || after === undefined
      ? { effect: "unknown", reason: "without it, that of /cookies/same_site holds" }
      : oneOf("", SAME_SITE, { byDefault: "Lax", ...sameSite }).judge(before, after, running),
  ),
  ...neutral("/session/cookie/name", "/session/cookie/path", "/cookies/path"),
  ...depends(
    "it decides what tokens of sessions say and how long they are valid",
    "/session/whoami/tokenizer/**",
  ),
  protects("/security/account_enumeration/mitigate", {
    byDefault: false,
    weakens: "sign-in tells who has an account",
    hardens: "sign-in does not tell who has an account",
  }),
];
