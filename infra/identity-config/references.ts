import { documentOf, leavesOf } from "./leaves";
import { type Document, inlineUri, isUnknown, UNKNOWN } from "./model";
import { ancestors } from "./path";
import { mapScalars, scalarsOf } from "./scalars";

const ASSET = "asset:";
const SECRET = "secret:";

/** The reference to the asset `name`, as it stands in a declared document. */
export const assetReference = (name: string): string => ASSET + name;

/** The reference to the secret `name`, as it stands in a declared document. */
export const secretReference = (name: string): string => SECRET + name;

/** The name that a reference to an asset points at, or undefined where `value` is none. */
export const assetName = (value: unknown): string | undefined => nameAfter(ASSET, value);

/** The name that a reference to a secret points at, or undefined where `value` is none. */
export const secretName = (value: unknown): string | undefined => nameAfter(SECRET, value);

const nameAfter = (prefix: string, value: unknown): string | undefined =>
  typeof value === "string" && value.startsWith(prefix) ? value.slice(prefix.length) : undefined;

/** Whether `value`, or anything in it, would be read as a reference. */
export const hasReference = (value: unknown): boolean =>
  scalarsOf(value).some(([, scalar]) => (assetName(scalar) ?? secretName(scalar)) !== undefined);

/** Names of all secrets that `document` refers to, sorted, each once. */
export function secretNames(document: unknown): string[] {
  const names = scalarsOf(document).flatMap(([, value]) => secretName(value) ?? []);
  return [...new Set(names)].sort();
}

/**
 * Whether `document` refers to a secret at a path, or above it. What is live there is a secret, too, whatever it is. In
 * lists whose elements have no key, any element counts.
 */
export function secretPlaces(document: unknown): (path: string) => boolean {
  const places = new Set<string>();
  for (const [leafPath, leaf] of leavesOf(document))
    for (const [path, value] of scalarsOf(leaf, leafPath))
      if (secretName(value) !== undefined) places.add(ofAnyElement(path));
  if (places.size === 0) return () => false;
  return (path) => [path, ...ancestors(path)].some((one) => places.has(ofAnyElement(one)));
}

const ofAnyElement = (path: string): string => path.replace(/\/\d+(?=\/|$)/g, "/*");

/** A reference that points at nothing. */
export interface Dangling {
  path: string;
  reference: string;
}

/**
 * `document` with its references replaced: assets inlined as `base64://`, secrets in the clear. A reference to a
 * value that is not known yet becomes an unknown leaf; one that points at nothing is reported and left as it is.
 */
export function resolveReferences(
  document: Document,
  assets: Record<string, unknown>,
  secrets: Record<string, unknown>,
): { document: Document; dangling: Dangling[] } {
  const dangling: Dangling[] = [];
  const leaves = leavesOf(document);
  for (const [leafPath, leaf] of leaves) {
    const resolved = mapScalars(leafPath, leaf, (path, value) => {
      const [prefix, source] = referenced(value, assets, secrets);
      if (source === undefined) return value;
      const name = (value as string).slice(prefix.length);
      const target = Object.hasOwn(source, name) ? source[name] : undefined;
      if (isUnknown(target)) return UNKNOWN;
      if (typeof target !== "string") {
        dangling.push({ path, reference: value as string });
        return value;
      }
      return prefix === ASSET ? inlineUri(target) : target;
    });
    leaves.set(leafPath, resolved);
  }
  return { document: documentOf(leaves), dangling };
}

function referenced(
  value: unknown,
  assets: Record<string, unknown>,
  secrets: Record<string, unknown>,
): [string, Record<string, unknown> | undefined] {
  if (typeof value !== "string") return ["", undefined];
  if (value.startsWith(ASSET)) return [ASSET, assets];
  return value.startsWith(SECRET) ? [SECRET, secrets] : ["", undefined];
}
