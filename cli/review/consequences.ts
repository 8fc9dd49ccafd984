import { inBrief } from "../../infra/identity-config/journeys/brief";
import type { JourneyChange, JourneyChanges } from "../../infra/identity-config/journeys/compare";
import type { Factor, Path } from "../../infra/identity-config/journeys/journey";
import { journeyText, nameOf } from "../../infra/identity-config/journeys/words";

/** How bad it is: `danger` keeps people out, `warning` surprises them or protects them less, `good` helps them. */
export type Level = "danger" | "warning" | "good" | "neutral";

/** What a change means for people, as a sentence for whoever does not know Ory. */
export interface Consequence {
  level: Level;
  /** Of several, the greater one is told first. */
  weight: number;
  /** Names of the kinds of people that it befalls, of those that the config can have. */
  who: string[];
  /** A sentence without its full stop: `Everybody who signs in will also be asked for a code by e-mail`. */
  text: string;
  /** Which count of an impact it is about. */
  counted?: "secondFactor" | "lockedOut";
}

/** What happens to some people, before they are told apart. */
interface Event extends Omit<Consequence, "text"> {
  /** Events of one kind are told in one sentence. */
  kind: string;
  /** What it is about, such as the factors that are asked for. */
  factors: readonly Factor[];
  because?: string;
  /** The sentence after its subject. */
  tell(factors: readonly Factor[]): string;
  /** The same after "Nobody", where it takes something away. */
  deny?: string;
}

const ASKED: Record<Factor, string> = {
  password: "a password",
  "code:email": "a code by e-mail",
  "code:sms": "a code by SMS",
  webauthn: "a security key",
  passkey: "a passkey",
  oidc: "a social sign-in",
  totp: "a code of an authenticator app",
  lookup_secret: "a lookup code",
  "recovery:email": "a recovery by e-mail",
  "recovery:sms": "a recovery by SMS",
};

/**
 * What changed journeys mean for people, the worst first.
 * @param everybody The names of all kinds of people that there can be; `newcomers` of those who sign up.
 */
export function consequencesOf(
  { changes }: JourneyChanges,
  everybody: readonly string[],
  newcomers: readonly string[],
): Consequence[] {
  const events = new Map<string, Event>();
  for (const change of inBrief(changes)) {
    for (const event of [eventOf(change)].flatMap((one) => one ?? [])) {
      const known = events.get(event.kind);
      if (known === undefined) events.set(event.kind, { ...event, who: [...event.who] });
      else {
        known.who.push(...event.who);
        known.factors = [...new Set([...known.factors, ...event.factors])];
      }
    }
  }
  const signIn = events.get(SECOND_FACTOR);
  if (signIn !== undefined && changes.some(isAskedAtOnce)) {
    const { tell } = signIn;
    signIn.tell = (factors) => `${tell(factors)}, and so will whoever is signed in already`;
  }
  return [...events.values()]
    .map(({ kind, factors, because, tell, deny, ...event }) => {
      const all = kind.startsWith("sign-up") ? newcomers : everybody;
      const { subject, isMost } = subjectOf(event.who, all);
      const said =
        isMost && deny !== undefined
          ? `${subject.replace(/^Everybody/, "Nobody")} ${deny}`
          : `${subject} ${tell(factors)}`;
      return {
        ...event,
        who: [...new Set(event.who)],
        text: because === undefined ? said : `${said}: ${because}`,
      };
    })
    .sort((a, b) => b.weight - a.weight);
}

/** The kind of the event that signing in asks for more. */
const SECOND_FACTOR = "sign-in second";

/** A session that exists is no longer enough by itself. */
const isAskedAtOnce = ({ before, after }: JourneyChange): boolean =>
  after.journey === "session" &&
  before.paths.some((path) => isOpen(path) && path.second === undefined) &&
  after.paths.every((path) => path.second !== undefined || !isOpen(path));

/** Those who are many are told by who is left out. */
function subjectOf(who: readonly string[], all: readonly string[]) {
  const others = all.filter((one) => !who.includes(one));
  if (others.length === 0) return { subject: "Everybody", isMost: true };
  return others.length < all.length / 2
    ? { subject: `Everybody (except: ${others.join("; ")})`, isMost: true }
    : { subject: `Some people (${who.join("; ")})`, isMost: false };
}

const isOpen = ({ end }: Path): boolean => "reached" in end;

const reasonOf = (paths: readonly Path[]): string | undefined =>
  paths.flatMap(({ end }) => ("because" in end ? [end.because] : []))[0];

/** What each journey is, as something that people do. */
const DOES = {
  "sign-in": "sign in",
  "sign-up": "sign up",
  session: "stay signed in",
  settings: "change their settings",
  recovery: "recover their account",
} as const;

/** How bad it is where a journey ends that did not, by journey. */
const CLOSED = { "sign-in": 100, session: 90, "sign-up": 85, recovery: 75, settings: 60 } as const;

function eventOf({ who, before, after }: JourneyChange): Event | undefined {
  const { journey } = after;
  const [was, will] = [before.paths.filter(isOpen), after.paths.filter(isOpen)];
  const does = DOES[journey];
  const unclear = after.paths.find(({ end }) => "unclear" in end);
  const event = (kind: string, level: Level, weight: number, text: string): Event => ({
    kind: `${journey} ${kind}`,
    level,
    weight,
    who,
    factors: [],
    tell: () => text,
  });
  if (unclear !== undefined && will.length === 0)
    return {
      ...event("unclear", "warning", 50, `may ${does} in another way, which cannot be told yet`),
      because: reasonOf([unclear])!,
    };
  if (was.length > 0 && will.length === 0) {
    const because = reasonOf(after.paths);
    return {
      ...event("closed", "danger", CLOSED[journey], `can no longer ${does}`),
      deny: `can ${does} any more`,
      ...(because !== undefined && { because }),
      ...(journey === "sign-in" && { counted: "lockedOut" as const }),
    };
  }
  if (was.length === 0 && will.length > 0)
    return event("opened", "good", 20, `can ${does}, which was not possible before`);
  if (was.length === 0) return undefined;
  const [wasSecond, isSecond] = [was, will].map((paths) => paths.every(({ second }) => second !== undefined));
  if (!wasSecond && isSecond) {
    const when = journey === "sign-in" ? "each time they sign in" : `to ${does}`;
    return {
      ...event("second", "warning", journey === "sign-in" ? 80 : 58, ""),
      factors: will.flatMap(({ second = [] }) => second),
      tell: (factors) => `will also be asked for ${listed(factors)}, ${when}`,
      ...(journey === "sign-in" && { counted: "secondFactor" as const }),
    };
  }
  if (wasSecond && !isSecond)
    return {
      ...event("no second", "warning", 70, `will no longer be asked for a second factor to ${does}`),
      deny: `will be asked for a second factor any more to ${does}`,
    };
  return event(
    `${journeyText(before)} ${journeyText(after)}`,
    "neutral",
    30,
    `will meet another ${nameOf(after)}: ${journeyText(before)}, from now on ${journeyText(after)}`,
  );
}

function listed(factors: readonly Factor[]): string {
  const codes = ["code:email", "code:sms"] as const;
  const [byBoth, others] = codes.every((code) => factors.includes(code))
    ? [["a code by e-mail or SMS"], factors.filter((factor) => !codes.some((code) => code === factor))]
    : [[], factors];
  const all = [...byBoth, ...others.map((factor) => ASKED[factor])];
  return all.length === 0 ? "a second factor" : all.join(" or ");
}
