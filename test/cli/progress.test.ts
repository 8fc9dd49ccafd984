import { setTimeout as sleep } from "node:timers/promises";
import { progressLine, type Screen, withProgress } from "../../cli/progress";

const CLEAR = "\r\u001b[K";

/** A terminal, or what is none, that keeps what is written to it. */
function screen(isTTY: boolean) {
  const lines: string[] = [];
  const stand = { isTTY, columns: 20, write: (text: string) => lines.push(text) > 0 } as Screen;
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
  expect(await written(1_500, true)).toBe(`${CLEAR}reading\\u0007…${CLEAR}`);
});

test("what is quick is not told, and nothing is where there is no terminal", async () => {
  expect(await Promise.all([written(1, true), written(1_500, false)])).toEqual([CLEAR, ""]);
});

test("what fails is taken back, too, and fails", async () => {
  const { stand, text } = screen(true);
  await expect(withProgress("reading", Promise.reject(new Error("no")), stand)).rejects.toThrow("no");
  expect(text()).toBe(CLEAR);
});

test("what it is told takes the place of what it says, on one line", async () => {
  const { stand, text } = screen(true);
  const line = progressLine("counting…", stand);
  line.say("1 of 2\n");
  line.say("nobody of far too many identities");
  await sleep(1_500);
  line.end();
  expect(text()).toBe(`${CLEAR}1 of 2 ${CLEAR}nobody of far too m${CLEAR}`);
});
