import type { TraitExtension } from "../identity-schema";
import { CannotTell, type Config, defaultSchema, extensionsOf } from "./config";
import type { End, Journey } from "./journey";
import { peopleOf } from "./people";
import { recovery } from "./recovery";
import { hasSecondFactor } from "./second-factor";
import { session, settings } from "./settings";
import { signIn } from "./sign-in";
import { signUp } from "./sign-up";
import { type Person, stored, type UserKind } from "./user-kind";

/** A journey that some people will go through in another way. */
export interface JourneyChange {
  /** Names of the kinds of people. */
  who: string[];
  before: Journey;
  after: Journey;
}

/** What a change set makes of the journeys. */
export interface JourneyChanges {
  changes: JourneyChange[];
  /** Why nothing can be said about people who are stored already, where that is so. */
  unclear?: string;
}

/**
 * Which journeys differ between two configs, for the kinds of people that either can have. Whoever exists is stored as
 * the identity schema before says: Kratos changes that at the next write of the identity only. Pure.
 */
export function changedJourneys(before: Config, after: Config): JourneyChanges {
  const people = peopleOf(before, after);
  const pairs: (readonly [string, Journey, Journey])[] = [];
  for (const person of newcomersOf(people))
    pairs.push([person.name, signUp(before, person), signUp(after, person)]);
  let unclear: string | undefined;
  try {
    const extensions = storedSchema(before, after);
    for (const person of people) {
      const kind = stored(person, extensions);
      const [old, will] = [journeys(before, before, kind), journeys(before, after, kind)];
      for (const [index, journey] of old.entries()) pairs.push([person.name, journey, will[index]!]);
    }
  } catch (error) {
    if (!(error instanceof CannotTell)) throw error;
    unclear = error.because;
  }
  const changes = grouped(pairs.filter(([, old, will]) => told(old) !== told(will)));
  return { changes, ...(unclear !== undefined && { unclear }) };
}

/** People apart by what they sign up with. */
export const newcomersOf = (people: readonly Person[]): Person[] =>
  [...new Map(people.map(({ has }) => [has.join(" and "), has])).values()].map((has) => ({
    name: `newcomer with ${has.map((via) => (via === "email" ? "e-mail" : "phone")).join(" and ")}`,
    has,
    credentials: [],
    verified: false,
  }));

function storedSchema(before: Config, after: Config): TraitExtension[] {
  const schema = defaultSchema(before) ?? defaultSchema(after);
  return schema === undefined ? [] : extensionsOf(schema);
}

/** The journeys of somebody who has signed in under `earlier`. */
function journeys(earlier: Config, config: Config, kind: UserKind): Journey[] {
  const remembered = hasSecondFactor(earlier, kind);
  return [
    signIn(config, kind),
    session(config, kind, "aal1", remembered),
    settings(config, kind, "aal1"),
    recovery(config, kind),
  ];
}

/** A journey without the reasons in it. */
export function told(journey: Journey): string {
  const ends = ({ ...end }: End & { because?: string }) => {
    delete end.because;
    return end;
  };
  return JSON.stringify({
    ...journey,
    paths: journey.paths.map((path) => ({ ...path, end: ends(path.end) })),
  });
}

/** People whose journey changes in the same way stand together. */
function grouped(pairs: readonly (readonly [string, Journey, Journey])[]): JourneyChange[] {
  const groups = new Map<string, JourneyChange>();
  for (const [name, before, after] of pairs) {
    const key = `${told(before)} ${told(after)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { who: [name], before, after });
    else group.who.push(name);
  }
  return [...groups.values()];
}
