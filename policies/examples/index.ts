import { changeExamples } from "./changes";
import { courierExamples } from "./courier";
import type { Example, Examples } from "./example";
import { flowExamples } from "./flows";
import { keyExamples } from "./keys";
import { networkExamples } from "./network";
import { schemaExamples } from "./schemas";
import { signInExamples } from "./sign-in";

export type { Example } from "./example";

/** An example of each rule, by its id. They stand apart from the rules, which the provider loads without them. */
export const examples: Examples = {
  ...signInExamples,
  ...flowExamples,
  ...courierExamples,
  ...schemaExamples,
  ...keyExamples,
  ...changeExamples,
  ...networkExamples,
};

/** What an example is for, in words: `on Ory Network`, `on kratos 26.2.0`; empty where that does not matter. */
export const placeOf = ({ target, kratosVersion }: Example): string =>
  target === "network" ? "on Ory Network" : kratosVersion === undefined ? "" : `on kratos ${kratosVersion}`;

/** The configs of an example with what each is, in the order in which they are read. */
export function stepsOf(example: Example): [title: string, text: string][] {
  const { before, lower, bad, good } = example;
  const place = placeOf(example);
  const steps: [string, string | undefined][] = [
    ["in force before", before],
    ["on the stage before", lower],
    [`violates it${place && ` ${place}`}`, bad],
    ["repaired", good],
  ];
  return steps.flatMap(([title, text]): [string, string][] => (text === undefined ? [] : [[title, text]]));
}
