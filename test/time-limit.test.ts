import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { withTimeLimit } from "../infra/time-limit";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe("a time limit", () => {
  it("is kept after garbage was collected", async () => {
    const limit = withTimeLimit(200, new AbortController().signal);
    await wait(20);
    collectGarbage();
    await new Promise((done) => limit.addEventListener("abort", done));
    expect(limit.reason).toMatchObject({ name: "TimeoutError" });
  });

  it("leaves the signal its own reason", () => {
    const controller = new AbortController();
    const limit = withTimeLimit(60_000, controller.signal);
    controller.abort(new Error("enough"));
    expect(limit.reason).toEqual(new Error("enough"));
  });
});
