import { isBranch, UNKNOWN } from "../infra/identity-config/model";

/**
 * The value that `read` returns, with UNKNOWN in place of every leaf that the engine does not know.
 *
 * The SDK hands out such values behind proxies that throw when an unknown leaf is read, and answers what a policy
 * throws with mere advice. Rules judge unknown leaves themselves, and often need not know them.
 */
export function withUnknowns(read: () => unknown): unknown {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    // UnknownValueError of @pulumi/policy (proxy.ts), which is neither exported nor named.
    if (error instanceof Error && "unknownTypeSentinel" in error) return UNKNOWN;
    throw error;
  }
  if (Array.isArray(value)) {
    const array = value;
    return Array.from({ length: array.length }, (_, index) => withUnknowns(() => array[index]));
  }
  if (!isBranch(value)) return value;
  const branch = value;
  return Object.fromEntries(Object.keys(branch).map((key) => [key, withUnknowns(() => branch[key])]));
}
