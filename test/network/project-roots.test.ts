import type { Document } from "../../infra/identity-config/model";
import { codeMfa, inputs, NetworkScene, PROJECT } from "./scene";

describe("the project beside its identity config", () => {
  let scene: NetworkScene;
  beforeEach(async () => {
    scene = await NetworkScene.start();
  });
  afterEach(() => scene?.stop());

  const root = () => scene.network.projects.get(PROJECT)!.project;
  const roots = (project: Document) => inputs({ ...codeMfa(true), project });

  it("is declared under `project`, and written in the same call", async () => {
    const before = structuredClone(root());
    const news = roots({
      cors_public: { enabled: true, origins: ["https://shop.example"] },
      services: { account_experience: { config: { default_locale: "de" } } },
    });
    const state = await scene.up(news);
    expect(scene.calls()).toEqual(["GET", "GET", "PATCH"]);
    expect(scene.told()).toContain(
      '/project/services/account_experience/config/default_locale: "en" => "de" (unknown effect)',
    );
    expect(root()).toMatchObject({
      name: before.name,
      cors_public: { enabled: true, origins: ["https://shop.example"] },
      cors_admin: before.cors_admin,
      services: {
        account_experience: { config: { default_locale: "de" } },
        oauth2: before.services.oauth2,
        permission: before.services.permission,
      },
    });
    scene.told();
    await scene.preview(news, state);
    expect(scene.told()).toEqual([]);

    await scene.network.writeAsOther(PROJECT, [
      { op: "replace", path: "/cors_public/enabled", value: false },
    ]);
    await scene.preview(news, state);
    expect(scene.told().filter((line) => line.includes("=>"))).toEqual([
      "/project/cors_public/enabled: false => true (weakening: pages of other sites can call Kratos)",
    ]);
  });
});
