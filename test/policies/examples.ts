import type { Document } from "../../infra/identity-config/model";
import type { Review } from "../../policies/rules/rule";
import { undecidedAt, violations } from "./review";

/** A config that a rule is asked about, and what else the review says. */
type Example = [config: Document, review?: Partial<Review>];

/** What a rule must say of configs. */
export interface Examples {
  /** Each with the path that is blamed. */
  violated: [path: string, ...Example][];
  kept: Example[];
  /** Each with the path that it waits for. */
  undecided?: [path: string, ...Example][];
}

/** Declares the tests of the rule `id`. */
export function judges(id: string, { violated, kept, undecided = [] }: Examples): void {
  describe(id, () => {
    for (const [path, config, review] of violated)
      test(`blames ${path} in ${inWords(config, review)}`, () => {
        const found = violations(id, config, review);
        expect(found.map((one) => [one.path, one.undecided])).toContainEqual([path, undefined]);
        for (const { message, remedy } of found)
          for (const text of [message, remedy]) expect(text).toMatch(/[^.]$/);
      });
    for (const [config, review] of kept)
      test(`finds nothing in ${inWords(config, review)}`, () => {
        expect(violations(id, config, review)).toEqual([]);
      });
    for (const [path, config, review] of undecided)
      test(`waits for ${path} in ${inWords(config, review)}`, () => {
        expect(violations(id, config, review)).toEqual([undecidedAt(path)]);
      });
  });
}

const inWords = (config: Document, review: Partial<Review> = {}): string =>
  [config, review].map((part) => JSON.stringify(part)).join(" with ");

/** A config with these methods; `rest` beside them. */
export const methods = (of: Document, rest: Document = {}): Document => ({
  selfservice: { methods: of },
  ...rest,
});
