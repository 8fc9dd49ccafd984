import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PACKAGE_VERSION } from "../../infra/provider/schema";

const PROVIDER = resolve(__dirname, "../../infra/provider");

describe("the package schema", () => {
  it("is the one that the engine gets from the plugin, and holds for it", () => {
    const text = execFileSync("pulumi", ["package", "get-schema", PROVIDER], { encoding: "utf8" });
    const schema = JSON.parse(text);
    expect(schema).toMatchObject({ name: "ory", version: PACKAGE_VERSION });
    expect(Object.keys(schema.resources).sort()).toEqual([
      "ory:index:IdentityConfig",
      "ory:index:SignInProof",
    ]);
    const folder = mkdtempSync(join(tmpdir(), "schema-"));
    try {
      writeFileSync(join(folder, "schema.json"), text);
      execFileSync("pulumi", ["schema", "check", join(folder, "schema.json")], { encoding: "utf8" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has the version of the npm package", () => {
    expect(PACKAGE_VERSION).toBe(jest.requireActual("../../package.json").version);
  });
});
