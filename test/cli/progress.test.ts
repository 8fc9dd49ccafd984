import { setTimeout as sleep } from "node:timers/promises";
import { withProgress } from "../../cli/progress";

type Screen = NonNullable<Parameters<typeof withProgress>[2]>;

/** A terminal, or what is none, that keeps what is written to it. */
function screen(isTTY: boolean) {
  const lines: string[] = [];
  const stand = { isTTY, write: (text: string) => lines.push(text) > 0 } as Screen;
  return { stand, text: () => lines.join("") };
}

/** What is written while something takes so many milliseconds. */
async function written(milliseconds: number, isTTY: boolean): Promise<string> {
  const { stand, text } = screen(isTTY);
  const work = sleep(milliseconds).then(() => "result");
  expect(await withProgress("reading\u0007…", work, stand)).toBe("result");
  return text();
}

test("what takes long is told on a terminal, and taken back", async () => {
  expect(await written(1_500, true)).toBe("reading\\u0007…\r\u001b[K");
});

test("what is quick is not told, and nothing is where there is no terminal", async () => {
  expect(await Promise.all([written(1, true), written(1_500, false)])).toEqual(["\r\u001b[K", ""]);
});

test("what fails is taken back, too, and fails", async () => {
  const { stand, text } = screen(true);
  await expect(withProgress("reading", Promise.reject(new Error("no")), stand)).rejects.toThrow("no");
  expect(text()).toBe("\r\u001b[K");
});
