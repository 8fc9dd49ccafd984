import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Document } from "../../infra/identity-config/model";
import { Resource, type State } from "../provider/resource";
import { CANARY, NetworkScene, PROJECT } from "./scene";

const SOURCE = readFileSync(join(__dirname, "../fixtures/network-project/source.yml"), "utf8");

/** A live project's identity config, as it is exported. */
const source = parse(SOURCE.replace("local-password", CANARY)) as Document;

describe.each(["omitted", "masked", "shown"] as const)(
  "an import from a project whose secrets are %s",
  (secrets) => {
    let scene: NetworkScene;
    let imported: State;
    beforeAll(async () => {
      scene = await NetworkScene.start({
        projects: [{ id: PROJECT, environment: "prod", config: source }],
        quirks: { secrets, organizationHook: true },
      });
      imported = await new Resource(scene.plugin).read({ id: `network/${PROJECT}`, inputs: {}, outputs: {} });
    });
    afterAll(() => scene?.stop());

    it("owns nothing, tells no secret, and has the texts themselves", () => {
      expect(imported.inputs).toMatchObject({
        owned: [],
        target: { network: { project: PROJECT, environment: "prod" } },
      });
      expect(JSON.stringify(imported)).not.toContain(CANARY);
      expect(JSON.stringify(imported)).not.toContain("********");
      const assets = Object.values(imported.inputs.assets as object);
      expect(assets.some((text: string) => text.includes('"title":"Customer"'))).toBe(true);
      expect(JSON.stringify(imported.inputs.config)).not.toContain("/storage/");
    });

    it("is a program that changes nothing", async () => {
      scene.told();
      await scene.preview(imported.inputs, imported);
      expect(scene.told()).toEqual([]);
      const before = structuredClone(scene.live());
      const { revisions } = scene.network.projects.get(PROJECT)!;
      const count = revisions.size;
      const adopted = await scene.up(imported.inputs, imported);
      expect(revisions.size).toBe(count);
      expect(scene.live()).toEqual(before);
      expect((adopted.inputs.owned as string[]).length).toBeGreaterThan(100);
    });

    it("resets nothing when a program then declares a part of it", async () => {
      const before = structuredClone(scene.live());
      const target = imported.inputs.target;
      const state = await scene.up({ target, config: { session: { lifespan: "2h" } } }, imported);
      expect(scene.told().filter((line) => line.includes("=>"))).toEqual(
        Array(2).fill(expect.stringMatching(/^\/session\/lifespan: "\S+" => "2h0m0s" \(hardening: /)),
      );
      expect(scene.live()).toEqual({
        ...before,
        session: { ...(before.session as object), lifespan: "2h0m0s" },
      });
      await scene.preview({ target, config: { session: { lifespan: "120m" } } }, state);
      expect(scene.told()).toEqual([]);
    });
  },
);
