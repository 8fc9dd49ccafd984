import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { schemaUrl } from "../kratos/config";
import { kratosBinaries } from "../kratos/server";
import { folderWith, startPulumiOry } from "./pulumi-ory";

const [binary] = kratosBinaries();
const schema = (trait: string) => ({
  id: trait,
  url: schemaUrl({ [trait]: { type: "string" } }),
});
const CONFIG = JSON.stringify({
  version: "v1.3.1",
  identity: { schemas: [schema("default"), schema("nickname"), schema("title")] },
  selfservice: { default_browser_return_url: "https://shop.example" },
  session: { lifespan: "1h" },
});

/** Everything in a folder by its path; none where there is no folder. */
const contentsOf = (dir: string): Record<string, string> =>
  existsSync(dir)
    ? Object.fromEntries(
        readdirSync(dir, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((path) => [path.slice(dir.length), readFileSync(path, "utf8")]),
      )
    : {};

/** The processes that work in a folder. */
const processesIn = (dir: string): string[] =>
  readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(dir);
      } catch {
        return false;
      }
    });

/** Starts an import of a Kratos's file, which is tried on a Kratos, in folders of its own. */
async function started() {
  const { dir, remove } = await folderWith({ "kratos.yml": CONFIG });
  const [out, temporary] = [join(dir, "out"), join(dir, "tmp")];
  await mkdir(temporary);
  const args = ["import", "kratos.yml", "--binary", binary!, "--out", "out", "--json"];
  return { ...startPulumiOry(args, { cwd: dir, env: { TMPDIR: temporary } }), out, temporary, remove };
}

/** What an import writes that nobody interrupts, and how long it takes in milliseconds. */
async function uninterrupted() {
  const begin = performance.now();
  const { done, out, remove } = await started();
  expect(await done).toMatchObject({ code: 0, stderr: "" });
  const files = contentsOf(out);
  await remove();
  return { files, milliseconds: performance.now() - begin };
}

/** Interrupts an import at a moment. What is left is all of it, or nothing. */
async function interruptedAt(moment: (run: Awaited<ReturnType<typeof started>>) => Promise<unknown>) {
  const run = await started();
  const { child, done, out, temporary, remove } = run;
  try {
    await moment(run);
    child.kill("SIGINT");
    const { code, stderr } = await done;
    expect(stderr).toBe("");
    // Before it handles signals it has not begun, and has none of its own code; at its end it has done its work.
    expect([130, 0, null]).toContain(code);
    const files = contentsOf(out);
    if (existsSync(out)) expect(files).toEqual(whole.files);
    expect(readdirSync(temporary)).toEqual([]);
    expect(processesIn(temporary)).toEqual([]);
    return { code, wrote: Object.keys(files).length };
  } finally {
    child.kill("SIGKILL");
    await remove();
  }
}

const isThere = async (look: () => string[]): Promise<void> => {
  while (look().length === 0) await sleep(1);
};

let whole: Awaited<ReturnType<typeof uninterrupted>>;
beforeAll(async () => {
  whole = await uninterrupted();
  expect(Object.keys(whole.files).length).toBeGreaterThan(5);
});

if (process.platform !== "linux")
  process.stdout.write("skipped: an import that is interrupted, as processes are looked up in /proc\n");

(process.platform === "linux" ? describe : describe.skip)("an import that is interrupted", () => {
  test("while a Kratos tries the config writes nothing, and ends that", async () => {
    const left = await interruptedAt(({ temporary }) => isThere(() => readdirSync(temporary)));
    expect(left).toEqual({ code: 130, wrote: 0 });
  });

  test("while that Kratos runs writes nothing, and ends that", async () => {
    const left = await interruptedAt(({ temporary }) => isThere(() => processesIn(temporary)));
    expect(left).toEqual({ code: 130, wrote: 0 });
  });

  test("while it writes leaves all files, which belong together", async () => {
    const left = await interruptedAt(({ out }) => isThere(() => (existsSync(out) ? readdirSync(out) : [])));
    expect(left.wrote).toBe(Object.keys(whole.files).length);
  });

  test("at whatever moment leaves all files or none, and nothing else", async () => {
    for (let part = 1; part <= 10; part++) await interruptedAt(() => sleep((whole.milliseconds * part) / 11));
  });
});
