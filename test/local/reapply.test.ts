import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { reapplyOnChange } from "../../local/reapply";

const folder = mkdtempSync(join(tmpdir(), "reapply-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string) => writeFileSync(join(folder, name), String(Math.random()));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

test("changes while something is applied lead to one more call, also after a failure; never two at once", async () => {
  const batches: string[][] = [];
  const errors: unknown[] = [];
  let running = 0;
  let release = () => {};
  const watch = await reapplyOnChange({
    paths: [folder],
    ignored: (path) => path.endsWith(".log"),
    async apply(changed) {
      running += 1;
      expect(running).toBe(1);
      batches.push(changed.map((path) => path.slice(folder.length + 1)).sort());
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      running -= 1;
      if (batches.length === 1) throw new Error("the first fails");
    },
    onError: (error) => errors.push(error),
  });
  expect(batches).toEqual([[]]);

  write("a.ts");
  write("ignored.log");
  await delay(500);
  write("b.ts");
  await delay(500);
  expect(batches).toHaveLength(1);
  release();
  await until(() => batches.length === 2);
  expect(batches[1]).toEqual(["a.ts", "b.ts"]);
  expect(errors).toEqual([new Error("the first fails")]);

  const stopped = watch.stop();
  write("c.ts");
  release();
  await stopped;
  await delay(500);
  expect(batches).toHaveLength(2);
});
