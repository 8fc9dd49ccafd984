import type { AxiosError } from "axios";
import * as fc from "fast-check";
import MarkdownIt from "markdown-it";
import { shortened } from "../../cli/ci/body";
import { pause } from "../../cli/ci/repeating";
import { FakeForge } from "./fake-forge";
import { startPulumiOry } from "./pulumi-ory";

const limited = (status: number, headers: Record<string, string>, message = "") =>
  ({ response: { status, headers, data: { message } } }) as unknown as AxiosError;

test("after a limit, it is called again when the forge says, or later each time where it does not", () => {
  const asked = pause(1, limited(429, { "retry-after": "7" }));
  expect(asked).toBeGreaterThanOrEqual(7_000);
  expect(asked).toBeLessThan(10_000);
  const spent = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000" };
  expect(pause(1, limited(403, spent), 940_000)).toBeGreaterThanOrEqual(60_000);
  // The time has passed already, as where clocks differ.
  expect(pause(1, limited(403, spent), 2_000_000)).toBeLessThan(2_000);
  const secondary = limited(403, {}, "You have exceeded a secondary rate limit");
  expect([1, 2, 3].map((attempt) => pause(attempt, secondary))).toEqual([60_000, 120_000, 240_000]);
  expect(pause(1, limited(503, { "retry-after": "7" }))).toBeGreaterThanOrEqual(7_000);
  expect(pause(1, limited(502, {}))).toBeLessThan(2_000);
});

test("Ctrl-C ends the wait for a limit, and leaves no word", async () => {
  const forge = await FakeForge.start();
  try {
    forge.faults.push({ method: "GET", path: /./, status: 429, headers: { "retry-after": "120" } });
    const { child, done } = startPulumiOry(
      ["ci", "comment", "--pull-request", "7", "--marker", "m", "--remove"],
      { env: forge.env },
    );
    while (forge.calls.length === 0) await new Promise((soon) => setTimeout(soon, 20));
    await new Promise((soon) => setTimeout(soon, 300));
    child.kill("SIGINT");
    expect(await done).toEqual({ code: 130, stdout: "", stderr: "" });
  } finally {
    await forge.stop();
  }
});

test("a shortened text is no longer than it may be, shows whole lines, and leaves no block of code open", () => {
  const line = fc.oneof(
    fc.constantFrom("```", "````text", "~~~", "   ```js", "```a`b", "", "# head", "- item"),
    fc.string({ maxLength: 60 }).map((text) => text.replace(/[\r\n]/g, " ")),
  );
  const github = new MarkdownIt({ html: false });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 80 }), fc.integer({ min: 200, max: 1_500 }), (lines, room) => {
      const text = `${lines.join("\n")}\n`;
      const short = shortened(text, room, "The log has all of it.");
      expect(short.length).toBeLessThanOrEqual(room);
      if (text.length <= room) return expect(short).toBe(text);
      const all = text.trimEnd().split("\n");
      const left = Number(
        /_(\d+) more lines are not shown here\. The log has all of it\._\n$/.exec(short)![1],
      );
      const shown = all.slice(0, all.length - left);
      expect(short.startsWith(shown.map((one) => `${one}\n`).join(""))).toBe(true);
      const last = github
        .parse(short, {})
        .filter(({ type }) => type === "inline")
        .at(-1)!;
      expect(last.content).toContain("The log has all of it.");
    }),
    { numRuns: 2_000 },
  );
});
