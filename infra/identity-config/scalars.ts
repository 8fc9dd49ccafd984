import { isBranch, isUnknown } from "./model";
import { join } from "./path";

/**
 * `value` with every scalar in it replaced by what `map` makes of it. Scalars are whatever is no array and no plain
 * object, and unknown leaves; elements of arrays are addressed by position.
 * @param path Where `value` stands.
 */
export function mapScalars(
  path: string,
  value: unknown,
  map: (path: string, scalar: unknown) => unknown,
): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => mapScalars(join(path, String(index)), item, map));
  if (!isBranch(value) || isUnknown(value)) return map(path, value);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapScalars(join(path, name), item, map)]),
  );
}

/** The scalars in `value`, with their paths. */
export function scalarsOf(value: unknown, path = ""): [string, unknown][] {
  const found: [string, unknown][] = [];
  mapScalars(path, value, (at, scalar) => found.push([at, scalar]));
  return found;
}
