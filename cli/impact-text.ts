import type { Impact } from "../infra/impact/impact";
import type { Counted } from "../infra/impact/state";

/** What identities are counted by, in words. */
export const COUNTED_WORDS: Readonly<Record<Counted, string>> = {
  secondFactor: "asked for a second factor",
  lockedOut: "locked out",
  oneWayIn: "left with one way in",
  unreachable: "an address that no message reaches",
  unverified: "an address that is not verified",
  methodOff: "enrolled in a method that is off",
  unclear: "cannot be told",
};

const WIDTH = 12;

/** For people: a table of who is before, after, and newly. */
export function asText({ identities, inactive, of, sample }: Impact): string {
  const line = (name: string, ...cells: (string | number)[]): string =>
    `  ${name.padEnd(36)}${cells.map((cell) => String(cell).padStart(WIDTH)).join("")}\n`;
  const rows = (Object.keys(COUNTED_WORDS) as Counted[]).map((name) =>
    line(COUNTED_WORDS[name], of[name].before, of[name].after, of[name].newly),
  );
  const scope =
    sample === undefined
      ? `${identities} ${identities === 1 ? "identity" : "identities"}`
      : `an estimate from ${sample.identities} of ${sample.of ?? "an unknown number of"} identities`;
  return `${scope}, ${inactive} of them deactivated and not counted below\n\n${line("", "before", "after", "newly")}${rows.join("")}`;
}
