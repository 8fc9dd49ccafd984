import { effectOf, rowOf } from "../../infra/identity-config/effects/index";
import { knownKeys } from "../../infra/identity-config/keys/paths";

const RUNNING = { target: "kratos", kratosVersion: "26.2.0" } as const;

/** A path as changes have it: elements by id, keys of maps by name, and hooks by the list that they stand in. */
const changed = (path: string) =>
  path
    .replace(/\/hooks\[\*\].*$/, "/hooks")
    .replaceAll("[*]", "[id=x]")
    .replaceAll("/*", "/x");
const keys = knownKeys().map((key) => ({ ...key, path: changed(key.path) }));

describe("effects of all keys that Kratos knows", () => {
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
