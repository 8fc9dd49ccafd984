import { closest, distance } from "fastest-levenshtein";
import { DOCUMENT } from "../../infra/identity-config/keys/document";
import { type Fault, faultsOf } from "../../infra/identity-config/keys/faults";
import type { Topic } from "../../infra/identity-config/keys/kind";
import { knownKeys } from "../../infra/identity-config/keys/paths";
import { valueAt } from "../../infra/identity-config/leaves";
import { isBranch, isUnknown } from "../../infra/identity-config/model";
import { type Segment, segments } from "../../infra/identity-config/path";
import { shown } from "../../infra/identity-config/reading";
import { isSensitive, redactText } from "../../infra/identity-config/sensitive";
import { undecided } from "./condition";
import type { Review, Violation } from "./rule";

/** All rules of one run get the same review, and each looks at its own topic only. */
const seen = new WeakMap<Review, Fault[]>();

/** What is wrong in the document about `topic`, as violations. */
export function violationsAbout(topic: Topic, review: Review): Violation[] {
  let faults = seen.get(review);
  if (faults === undefined) {
    const document: unknown = review.effective;
    faults = isBranch(document) && !isUnknown(document) ? faultsOf(document, DOCUMENT, review) : [];
    seen.set(review, faults);
  }
  return faults
    .filter((fault) => fault.topic === topic && isOurs(fault, review))
    .map((fault) => violationOf(fault));
}

/**
 * Ory Network runs newer versions than are known here, has keys of its own (`saml`, `captcha`), and what it has was taken
 * by it. So only what the program declares is blamed there, and of keys only what looks like a slip.
 */
function isOurs(fault: Fault, { target, declared }: Review): boolean {
  if (target !== "network") return true;
  const { path, sort, topic } = fault;
  // Ory Network has defaults of its own; an element of a list is what the program makes it.
  if (topic === "required" && !segments(path).some(isElement)) return false;
  const owner = sort === "missing" ? path.slice(0, path.lastIndexOf("/")) : path;
  if (owner === "" || valueAt(declared, owner) === undefined) return false;
  return sort !== "key" || topic !== "unknown-key" || meantKey(fault, nameOf(path)) !== undefined;
}

/** A fault in words. @param place Where it is, where that is not a path in the document. */
export function violationOf(fault: Fault, place: string = fault.path): Violation {
  const { path } = fault;
  const name = nameOf(path);
  switch (fault.sort) {
    case "open":
      return undecided(path);
    case "key":
      return {
        path,
        message:
          fault.topic === "ignored-key"
            ? `kratos ignores the key ${shown(name)}`
            : `kratos does not know the key ${shown(name)} here`,
        remedy: remedyForKey(fault, name),
      };
    case "missing":
      return { path, message: `${name} is missing`, remedy: `set ${place}` };
    case "excluded":
      return {
        path,
        beside: [fault.expected],
        message: `${name} is not taken beside what stands at ${fault.expected}`,
        remedy: `remove ${place}, or change ${fault.expected}`,
      };
    case "repeated":
      return { path, message: "this element stands in the list before", remedy: `remove ${place}` };
    case "value":
      return { path, ...wrongValue(fault, name, place) };
  }
}

function wrongValue({ path, value, expected, known = [], since }: Fault, name: string, place: string) {
  const remedy = `set ${place} to ${expected}`;
  if (isSensitive(path)) return { message: `${name} is not ${expected}`, remedy };
  // What stands in the place of an object or a list may be anything, a secret, too.
  const isScalar = !/^(an object|a list)/.test(expected);
  const wrong = `${name} is ${isScalar ? redactText(shown(value)) : nounOf(value)}`;
  const nearest = typeof value === "string" && known.length > 0 ? closest(value, [...known]) : undefined;
  if (since !== undefined) {
    const message = `${wrong}, which kratos takes from ${since} on`;
    return { message, remedy: `${remedy}, or run kratos ${since} or newer` };
  }
  if (nearest !== undefined && isNear(value as string, nearest))
    return { message: `${wrong}, not ${expected}`, remedy: `set ${place} to ${shown(nearest)}` };
  return { message: `${wrong}, which kratos does not take`, remedy };
}

function nounOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return shown(value);
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

function remedyForKey(fault: Fault, name: string): string {
  if (fault.since !== undefined) return `remove it, or run kratos ${fault.since} or newer, which reads it`;
  const meant = meantKey(fault, name);
  if (meant === undefined) return "remove it";
  return meant.away === 0 ? `move it to ${meant.place}` : `rename it to ${meant.place}`;
}

/** The known key that somebody may have meant who wrote one that is not known. */
function meantKey({ path, known = [] }: Fault, name: string): { place: string; away: number } | undefined {
  const above = path.slice(0, path.lastIndexOf("/"));
  const nearest = [...known.map((key) => `${above}/${key}`), ...neighbours(above)]
    .map((place) => ({ place, key: place.slice(place.lastIndexOf("/") + 1) }))
    .map(({ place, key }) => ({ place, key, away: distance(name, key) }))
    .sort((a, b) => a.away - b.away)[0];
  return nearest && isNear(name, nearest.key) ? nearest : undefined;
}

const isNear = (text: string, other: string): boolean =>
  distance(text, other) <= Math.max(2, text.length / 3);

/** The keys that stand beside `path`, and below the keys there. */
function neighbours(path: string): string[] {
  const here = `/${segments(path)
    .map((step) => (isElement(step) ? "*" : step))
    .join("/")}`;
  const beside = here.slice(0, here.lastIndexOf("/"));
  const { children, grandchildren } = families();
  return [
    ...(children.get(beside) ?? []).map((key) => path.slice(0, path.lastIndexOf("/")) + key),
    ...(grandchildren.get(here) ?? []).map((key) => path + key),
  ];
}

/** The keys below each path, by how far below; what is in lists and maps stands below `*`. */
interface Families {
  children: Map<string, string[]>;
  grandchildren: Map<string, string[]>;
}

let known: Families | undefined;

function families(): Families {
  if (known === undefined) {
    known = { children: new Map(), grandchildren: new Map() };
    for (const { path } of knownKeys()) {
      const steps = path.replaceAll("[*]", "/*").split("/");
      for (const [depth, family] of [known.children, known.grandchildren].entries()) {
        const [above, below] = [steps.slice(0, -1 - depth).join("/"), steps.slice(-1 - depth)];
        if (!below.includes("*")) family.set(above, [...(family.get(above) ?? []), `/${below.join("/")}`]);
      }
    }
  }
  return known;
}

const isElement = (step: Segment): boolean => typeof step !== "string" || /^[0-9]+$/.test(step);

/** The last name in a path; of an element of a list, the list's. */
function nameOf(path: string): string {
  const steps = segments(path);
  const last = steps.filter((step) => !isElement(step)).at(-1);
  return typeof last === "string" ? last : "the document";
}
