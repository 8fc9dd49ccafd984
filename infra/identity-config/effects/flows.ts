import type { Row } from "./effect";
import { address, neutral, oneOf, opening, opens, protects, shortIsStrong } from "./kinds";

const FLOWS = "/selfservice/flows";
const EACH = ["login", "registration", "settings", "recovery", "verification"];

/** Keys below `selfservice.flows`, but for hooks and what is demanded of a session. */
export const flowRows: Row[] = [
  opens(`${FLOWS}/recovery/enabled`, {
    byDefault: false,
    weakens: "whoever reads somebody's messages gets into the account without its password",
    hardens: "reading somebody's messages no longer gets into the account",
  }),
  protects(`${FLOWS}/verification/enabled`, {
    byDefault: false,
    weakens: "addresses are no longer verified",
    hardens: "addresses can be verified",
  }),
  opens(`${FLOWS}/registration/enabled`, {
    byDefault: true,
    weakens: "anybody can sign up",
    hardens: "nobody can sign up any more",
  }),
  opens(`${FLOWS}/registration/login_hints`, {
    byDefault: false,
    weakens: "sign-up tells how somebody who has an account signs in",
    hardens: "sign-up no longer tells how somebody who has an account signs in",
  }),
  ...["recovery", "verification"].flatMap((flow) => [
    // A code can be read out to a stranger, a link can be opened by whoever sees it: neither is the stronger one.
    ...neutral(`${FLOWS}/${flow}/use`, `${FLOWS}/${flow}/notify_unknown_recipients`),
  ]),
  oneOf(`${FLOWS}/login/style`, ["identifier_first", "unified"], {
    byDefault: "unified",
    weakens: "sign-in asks for the identifier first, and its next step can tell who has an account",
    hardens: "sign-in asks for everything at once",
  }),
  ...neutral(`${FLOWS}/registration/style`, `${FLOWS}/registration/enable_legacy_one_step`),
  ...EACH.map((flow) =>
    shortIsStrong(`${FLOWS}/${flow}/lifespan`, {
      byDefault: "1h",
      otherOnNetwork: true,
      weakens: `a ${flow} flow that was left open can be finished for longer`,
      hardens: `a ${flow} flow that was left open can be finished for less long`,
    }),
  ),
  ...[...EACH, "error"].map((flow) => address(`${FLOWS}/${flow}/ui_url`, `the pages of ${flow} are at`)),
  opening("/selfservice/allowed_return_urls", {
    byDefault: [],
    weakens: "people can be sent to more addresses after a flow:",
    hardens: "people are no longer sent there after a flow:",
  }),
  // The program's own default, to which nobody else can send people.
  ...neutral(
    "/selfservice/default_browser_return_url",
    ...[...EACH, "logout"].flatMap((flow) => [
      `${FLOWS}/${flow}/after/default_browser_return_url`,
      `${FLOWS}/${flow}/after/*/default_browser_return_url`,
    ]),
  ),
];
