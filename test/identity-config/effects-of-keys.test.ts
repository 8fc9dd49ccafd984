import { effectOf, effectRows, rowOf } from "../../infra/identity-config/effects/index";
import { knownKeys } from "../../infra/identity-config/keys/paths";

const RUNNING = { target: "kratos", kratosVersion: "26.2.0" } as const;

/** A path as changes have it: elements by id, keys of maps by name, and hooks by the list that they stand in. */
const changed = (path: string) =>
  path
    .replace(/\/hooks\[\*\].*$/, "/hooks")
    .replaceAll("[*]", "[id=x]")
    .replaceAll("/*", "/x");
const keys = knownKeys().map((key) => ({ ...key, path: changed(key.path) }));

/** Values of every kind, each greater than the one before it. */
const PAIRS = [
  [false, true],
  ["1m", "1h"],
  [1, 2],
  ["64MB", "1GB"],
  ["aal1", "highest_available"],
  ["Lax", "Strict"],
  ["bcrypt", "argon2"],
  ["noop", "aes"],
  ["code", "link"],
  ["legacy", "unified"],
  [[], ["https://a.example"]],
];

/** Which way a row goes: `false => true is weakening: …`; undefined where it knows none of the pairs. */
function direction(path: string): string | undefined {
  const at = path.replace(/\/\*\*$/, "/x").replaceAll("*", "x");
  return PAIRS.map(([before, after]) => {
    const { effect, reason } = effectOf(at, before, after, RUNNING);
    return `${JSON.stringify(before)} => ${JSON.stringify(after)} is ${effect}: ${reason}`;
  }).find((line) => / is (weakening|hardening): /.test(line));
}

describe("effects of all keys that Kratos knows", () => {
  it("go the way that was meant", () => {
    const directions = effectRows.flatMap(({ path }) => direction(path)?.replace(/^/, `${path}: `) ?? []);
    expect(directions.length).toBeGreaterThan(50);
    expect(directions.sort()).toMatchSnapshot();
  });

  it("are known, or these keys' are not", () => {
    const without = keys.map(({ path }) => path).filter((path) => rowOf(path) === undefined);
    expect([...new Set(without)].sort()).toMatchSnapshot();
  });

  it("take an absent key for Kratos's default", () => {
    const other = keys.filter(
      ({ path, default: byDefault }) =>
        byDefault !== undefined &&
        rowOf(path) !== undefined &&
        !["neutral", "unknown"].includes(effectOf(path, undefined, byDefault, RUNNING).effect),
    );
    expect(other).toEqual([]);
  });
});
