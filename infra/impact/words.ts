import type { Impact } from "./impact";
import type { Counted } from "./state";

/** What is newly so, by what is counted. */
const NEWLY: Record<Counted, string> = {
  secondFactor: "will be asked for a second factor from now on",
  lockedOut: "will be locked out",
  oneWayIn: "will be left with one way in",
  unreachable: "will have an address that nothing is delivered to",
  unverified: "will be sent codes to an address that is not verified",
  methodOff: "are enrolled in a method that is switched off",
  unclear: "cannot be told about",
};

/** What a change means, one line for each count that it moves; of a sample, in proportion and said to be so. */
export function impactText({ identities, of, sample }: Impact): string[] {
  const counted = Object.entries(of).filter(([, { newly }]) => newly > 0) as [Counted, { newly: number }][];
  return counted.map(([name, { newly }]) => {
    const share = `${newly} of ${identities} identities`;
    if (sample === undefined) return `${share} ${NEWLY[name]}`;
    const about =
      sample.of === undefined
        ? ""
        : `, about ${Math.round((newly / identities) * sample.of)} of all ${sample.of}`;
    return `${share} in a sample${about}, ${NEWLY[name]}`;
  });
}
