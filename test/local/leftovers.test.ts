import { spawn } from "node:child_process";
import { once } from "node:events";
import { endLeftovers } from "../../local/leftovers";

test("a process with the arguments is interrupted, and others live", async () => {
  const start = (mark: string) =>
    spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "--", "-c", mark]);
  const mark = `leftover-${process.pid}`;
  const [found, other] = [start(mark), start(`other-${process.pid}`)];
  await Promise.all([once(found, "spawn"), once(other, "spawn")]);
  const lines: string[] = [];
  const ended = once(found, "exit");
  await endLeftovers(`-c ${mark}`, (line) => lines.push(line));
  expect((await ended)[1]).toBe("SIGINT");
  expect(lines).toEqual([`ending what an earlier run has left: process ${found.pid}`]);
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill("SIGKILL");
});
