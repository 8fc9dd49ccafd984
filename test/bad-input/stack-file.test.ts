import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { kratosBinaries } from "../kratos/server";
import { EngineScene } from "./engine-scene";

/** Texts of a stack's file that do not depend on the version of Kratos; the engine reads them before anything else. */
describe("a stack's file", () => {
  let scene: EngineScene;
  beforeAll(async () => {
    scene = await EngineScene.start(kratosBinaries()[0]!);
  });
  afterAll(() => scene?.stop());
  beforeEach(() => scene.reset());

  it.each<[string, (settings: string) => string]>([
    ["breaks off", (settings) => `${settings}  shop:sms: {url: "canary`],
    ["is a list", () => "- canary\n"],
    ["is empty", () => ""],
    ["has a list as config", () => "config: [canary]\n"],
    ["has a key twice", (settings) => `${settings}  shop:raw: {a: 1}\n  shop:raw: {b: 2}\n`],
    ["has a key of nobody", (settings) => `${settings}  nobody: {kratos: {}}\n`],
    ["has an alias to nothing", (settings) => `${settings}  shop:raw: *nowhere\n`],
    [
      "has dates, numbers and truths where texts belong",
      (settings) => `${settings}  shop:sms: {url: 4711, method: true, headers: {a: 2026-01-01}}\n`,
    ],
    [
      "has prototype keys",
      (settings) =>
        `${settings}  shop:secondFactor: {__proto__: {code: true}, constructor: {}, code: yes please}\n`,
    ],
    ["has secrets in the clear", (settings) => `${settings}  shop:secrets: {smtp-uri: canary}\n`],
    ["has a list of secrets", (settings) => `${settings}  shop:secrets: [canary]\n`],
    [
      "has a secret that nobody can decrypt",
      (settings) => `${settings}  shop:secrets:\n    smtp-uri:\n      secure: v1:canary:canary\n`,
    ],
    [
      "has several wrong keys",
      (settings) =>
        `${settings}  shop:requiredAAL: {session: aal2}\n  shop:requiredAal: {session: aal2}\n  shop:proof: {as: [magic]}\n  shop:raw: canary\n`,
    ],
    ["has raw of a wrong shape", (settings) => `${settings}  shop:raw: {courier: smtp}\n`],
    [
      "has a raw prototype key",
      (settings) => `${settings}  shop:raw: {session: {__proto__: {lifespan: 1h}}}\n`,
    ],
  ])("that %s", async (_what, text) => {
    await scene.stack(text(scene.settings()));
    expect(await scene.refusal()).toMatchSnapshot();
  });

  it("that is no UTF-8", async () => {
    await scene.stack(
      Buffer.concat([Buffer.from(`${scene.settings()}  shop:raw: {a: "`), Buffer.from([0xff, 0x22, 0x7d])]),
    );
    expect(await scene.refusal()).toMatchSnapshot();
  });

  it("that is a folder", async () => {
    await scene.stack("");
    const path = join(scene.project.dir, "Pulumi.test.yaml");
    await rm(path);
    await mkdir(path);
    expect(await scene.refusal()).toMatchSnapshot();
  });
});
