import type { Config } from "../identity-config/journeys/config";
import { kindOf } from "../identity-config/journeys/stored-identity";
import type { Address, UserKind } from "../identity-config/journeys/user-kind";
import { COUNTED, type Counted, stateOf } from "./state";

/** How many identities something holds of, and of how many only since the change. */
export interface Count {
  before: number;
  after: number;
  /** After, and not before; left with one way in is only who had more. */
  newly: number;
}

/** The result so far: numbers, and nothing of anybody. */
export interface Counts {
  /** Identities that were looked at. */
  identities: number;
  /** Of them, the deactivated ones, who cannot sign in anyhow and are counted nowhere else. */
  inactive: number;
  of: Record<Counted, Count>;
}

export const noCounts = (): Counts => ({
  identities: 0,
  inactive: 0,
  of: Object.fromEntries(COUNTED.map((name) => [name, { before: 0, after: 0, newly: 0 }])) as Counts["of"],
});

/** What a change does to one kind of user, in one respect. */
interface Effect {
  name: Counted;
  was: boolean;
  will: boolean;
  newly: boolean;
}

/** More kinds than there are combinations that make sense; beyond, the cache starts anew. */
const MOST_KINDS = 10_000;

/** Counts identities as they come, and forgets them. */
export class Counter {
  /** What a change does, by kind of user. */
  private readonly known = new Map<string, readonly Effect[]>();

  constructor(
    private readonly before: Config,
    private readonly after: Config,
    readonly counts: Counts = noCounts(),
  ) {}

  /** How many kinds of users are remembered. */
  get kinds(): number {
    return this.known.size;
  }

  /** @param identity As the Admin API lists it. */
  add(identity: unknown): void {
    this.counts.identities += 1;
    if ((identity as { state?: unknown } | null)?.state === "inactive") {
      this.counts.inactive += 1;
      return;
    }
    for (const { name, was, will, newly } of this.effectOn(normalised(kindOf(identity)))) {
      const count = this.counts.of[name];
      if (was) count.before += 1;
      if (will) count.after += 1;
      if (newly) count.newly += 1;
    }
  }

  private effectOn(kind: UserKind) {
    const key = JSON.stringify(kind);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.known.size >= MOST_KINDS) this.known.clear();
    const [was, will] = [stateOf(this.before, kind), stateOf(this.after, kind)];
    const effect = COUNTED.filter((name) => was[name] || will[name]).map((name) => ({
      name,
      was: was[name],
      will: will[name],
      // Who had no way in at all is not left with one.
      newly: will[name] && !was[name] && !(name === "oneWayIn" && was.lockedOut),
    }));
    this.known.set(key, effect);
    return effect;
  }
}

/** The same kind for all who have the same, in whatever order; of like addresses, two stand for any number. */
function normalised(kind: UserKind): UserKind {
  const addresses = kind.addresses.map((address) => JSON.stringify(address)).sort();
  const kept = addresses.filter((address, index) => address !== addresses[index - 2]);
  return { ...kind, addresses: kept.map((text) => JSON.parse(text) as Address) };
}
