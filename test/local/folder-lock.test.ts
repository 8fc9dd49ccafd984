import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFolder } from "../../local/folder-lock";

const root = mkdtempSync(join(tmpdir(), "folder-lock-"));
const folder = join(root, "not", "there");
const log = (line: string) => lines.push(line);
const remedy = "stop it first";
const signal = new AbortController().signal;
let lines: string[];

beforeEach(() => {
  lines = [];
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("the second waits for the first, and says so", async () => {
  const unlock = await lockFolder({ folder, waitMs: 0, signal, remedy, log });
  const second = lockFolder({ folder, waitMs: 10_000, signal, remedy, log });
  setTimeout(unlock, 1_500);
  await (await second)();
  expect(lines).toEqual([`waiting for another process, which uses ${folder}`]);
});

test("a folder that stays taken is an error that says what to do, and a wait can be ended", async () => {
  const unlock = await lockFolder({ folder, waitMs: 0, signal, remedy, log });
  await expect(lockFolder({ folder, waitMs: 0, signal, remedy, log })).rejects.toThrow(
    `${folder} is used by another process; stop it first`,
  );
  const enough = new AbortController();
  setTimeout(() => enough.abort(new Error("enough")), 200);
  await expect(lockFolder({ folder, waitMs: 60_000, signal: enough.signal, remedy, log })).rejects.toThrow(
    "enough",
  );
  await unlock();
});
