import type { JourneyChange } from "./compare";
import type { End, Factor, Journey, Path } from "./journey";

const FACTORS: Record<Factor, string> = {
  password: "password",
  "code:email": "code by e-mail",
  "code:sms": "code by SMS",
  webauthn: "security key",
  passkey: "passkey",
  oidc: "social sign-in",
  totp: "TOTP code",
  lookup_secret: "lookup code",
  "recovery:email": "recovery by e-mail",
  "recovery:sms": "recovery by SMS",
};

const REACHED: Record<Journey["journey"], string> = {
  "sign-up": "signed up and in",
  "sign-in": "signed in",
  session: "goes on",
  settings: "settings open",
  recovery: "settings open",
};

/** The name of a journey: `sign-in`, `settings with a session of aal1`. */
export function nameOf({ journey, from }: Journey): string {
  if (journey === "session") return `existing session of ${from}`;
  return journey;
}

/** The steps of a path, in words. */
export function stepsOf(journey: Journey, path: Path): string[] {
  const second = path.second?.map((factor) => FACTORS[factor]).join(" or ");
  return [
    ...(path.first === undefined ? [] : [FACTORS[path.first]]),
    ...(second === undefined || second === "" ? [] : [path.sentAtOnce ? `${second}, sent at once` : second]),
    endOf(journey, path.end),
  ];
}

function endOf({ journey }: Journey, end: End): string {
  if ("unclear" in end) return `cannot tell: ${end.because}`;
  if ("stopped" in end) return `no way on: ${end.because}`;
  if (end.reached === "none") return "signed up, not signed in";
  return end.reached === "aal2" ? `${REACHED[journey]} (aal2)` : REACHED[journey];
}

/** A journey on one line: `password → code by SMS → signed in (aal2)`. */
export const journeyText = (journey: Journey): string =>
  journey.paths.map((path) => stepsOf(journey, path).join(" → ")).join("; or ");

/** What can be changed in the settings, and what is asked for again, where `other` has it otherwise. */
function pageText(journey: Journey, other: Journey): string {
  const { changes, again } = journey;
  const differ = (key: "changes" | "again") => JSON.stringify(journey[key]) !== JSON.stringify(other[key]);
  const asked = again?.map((factor) => FACTORS[factor]).join(" or ");
  return [
    ...(changes !== undefined && differ("changes") ? [`, to change ${changes.join(", ") || "nothing"}`] : []),
    ...(again !== undefined && differ("again")
      ? [`, later asked for ${asked || "what they do not have"}`]
      : []),
  ].join("");
}

const whole = (journey: Journey, other: Journey) => journeyText(journey) + pageText(journey, other);

/** A change on one line: `sign-in, phone only: password → signed in  becomes  password → code by SMS → signed in (aal2)`. */
export const changeText = ({ who, before, after }: JourneyChange): string =>
  `${nameOf(after)}, ${who.join(" / ")}: ${whole(before, after)}  becomes  ${whole(after, before)}`;
