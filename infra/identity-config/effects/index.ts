import { canonicalAt } from "../canonical";
import type { Running } from "../kratos-version";
import { courierRows } from "./courier";
import { type Judged, judged, type Row } from "./effect";
import { flowRows } from "./flows";
import { hookRows } from "./hooks";
import { identityRows } from "./identity";
import { methodRows } from "./methods";
import { serverRows } from "./server";
import { sessionRows } from "./session";
import { socialSignInRows } from "./social-sign-in";

export type { Effect, Judged } from "./effect";

/** Every key whose changes have a known effect, by area. A key without a row has an unknown one. */
export const effectRows: readonly Row[] = [
  ...methodRows,
  ...socialSignInRows,
  ...sessionRows,
  ...flowRows,
  ...hookRows,
  ...courierRows,
  ...identityRows,
  ...serverRows,
];

const ANY = /\/\*|=\*/;
const exact = new Map(effectRows.filter(({ path }) => !ANY.test(path)).map((row) => [row.path, row]));
const patterns = effectRows
  .filter(({ path }) => ANY.test(path))
  .map((row) => ({ row, pattern: patternOf(row.path) }));

/** `*` stands for one key or id; a trailing `/**` for the key before it and all below. */
function patternOf(path: string): RegExp {
  const escaped = path.replace(/[[\].]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\/\*\*$/, "(/.*)?").replace(/([/=])\*(?!\))/g, "$1[^/[\\]]*")}$`);
}

/** The row of the key at `path`, whose arrays' elements may have any ids; undefined where there is none. */
export const rowOf = (path: string): Row | undefined =>
  exact.get(path) ?? patterns.find(({ pattern }) => pattern.test(path))?.row;

/**
 * The effect of `path` changing from `before` to `after`, values as Kratos would read them; undefined is its default.
 * Pure; never throws. Where nothing here can tell, the effect is `unknown`.
 */
export function effectOf(path: string, before: unknown, after: unknown, running: Running): Judged {
  return judged(rowOf(path), canonicalAt(path, before), canonicalAt(path, after), running);
}
