import { setTimeout as sleep } from "node:timers/promises";
import { withProgress } from "../../cli/progress";

/** What is written to a terminal, or to what is none, while something takes so many milliseconds. */
async function written(milliseconds: number, isTTY: boolean): Promise<string> {
  let text = "";
  const write = (more: string) => {
    text += more;
    return true;
  };
  const work = sleep(milliseconds).then(() => "result");
  expect(await withProgress("reading\u0007…", work, { isTTY, write } as never)).toBe("result");
  return text;
}

test("what takes long is told on a terminal, and taken back", async () => {
  expect(await written(1_500, true)).toBe("reading\\u0007…\r\u001b[K");
});

test("what is quick is not told, and nothing is where there is no terminal", async () => {
  expect(await Promise.all([written(1, true), written(1_500, false)])).toEqual(["\r\u001b[K", ""]);
});

test("what fails is taken back, too, and fails", async () => {
  let text = "";
  const screen = { isTTY: true, write: (more: string) => !!(text += more) };
  await expect(withProgress("reading", Promise.reject(new Error("no")), screen as never)).rejects.toThrow(
    "no",
  );
  expect(text).toBe("\r\u001b[K");
});
