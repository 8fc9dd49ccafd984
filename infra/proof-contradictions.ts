import type { Factor } from "./identity-config/journeys/journey";
import { type Journey, WAYS, type Way } from "./journeys/ways";

type Settings = Record<string, Record<string, unknown> | undefined>;

/** Where the settings switch a second factor on. */
const SECOND: Partial<Record<Factor, string>> = {
  "code:email": "code",
  "code:sms": "code",
  totp: "totp",
  lookup_secret: "lookupSecret",
};

/** A proof that cannot succeed, as the settings themselves switch off what its journeys need; a line each. */
export function contradictions(settings: Record<string, unknown>, prefix: string): string[] {
  const { proof, secondFactor = {}, passwordless = {}, requiredAal = {} } = settings as Settings;
  const journeys = (proof?.as ?? []) as Journey[];
  return journeys.flatMap((as) => {
    const { first, second }: Way = WAYS[as];
    const wrong = (key: string, is: string, change: string) => [
      `${prefix}proof.as names ${as}, but ${prefix}${key} ${is}; leave ${as} out, or ${change}`,
    ];
    const setTo = (key: string, value: unknown) => `set ${prefix}${key} to ${value}`;
    if (first !== "password" && secondFactor.code === true)
      return wrong(
        "secondFactor.code",
        "makes a code the second factor",
        `${setTo("secondFactor.code", false)} and ${prefix}passwordless.code to true`,
      );
    if (first !== "password" && passwordless.code === false)
      return wrong("passwordless.code", "is false", setTo("passwordless.code", true));
    if (second === undefined) return [];
    if (second.startsWith("code:") && passwordless.code === true)
      return wrong(
        "passwordless.code",
        "makes a code the first factor",
        `${setTo("passwordless.code", false)} and ${prefix}secondFactor.code to true`,
      );
    const key = SECOND[second]!;
    if (secondFactor[key] === false)
      return wrong(`secondFactor.${key}`, "is false", setTo(`secondFactor.${key}`, true));
    return requiredAal.session === "aal1"
      ? wrong(
          "requiredAal.session",
          "is aal1, so no second factor is demanded",
          setTo("requiredAal.session", "highest_available"),
        )
      : [];
  });
}
