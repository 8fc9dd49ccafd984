import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { killPoints, runKill, usualTime } from "./kills";
import { CANARY, NetworkScene } from "./scene";
import type { Outcome } from "./schedules";

describe("a provider that is killed in an update", () => {
  let scene: NetworkScene;
  let usual: number;
  const outcomes: Outcome[] = [];
  beforeAll(async () => {
    scene = await NetworkScene.start();
    usual = await usualTime(scene);
  });
  afterAll(() => scene?.stop());

  it.each(killPoints(90).map((point) => [point.name, point] as const))(
    "leaves the old config or the new one, and another makes it good, %s",
    async (name, point) => {
      outcomes.push(await runKill(scene, name.replace(/\W+/g, "-"), point, usual));
    },
  );

  it("at some of these points before the write, and at some after it", () => {
    expect(outcomes).toEqual(expect.arrayContaining(["old", "new"]));
  });

  it("leaves no secret in a file", async () => {
    const entries = await readdir(scene.folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((file) => join(file.parentPath, file.name));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(await readFile(file, "utf8")).not.toContain(CANARY);
  });
});
