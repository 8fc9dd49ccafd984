import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { COMMAND } from "./pulumi-ory";

/** A terminal is made by `script` of util-linux; elsewhere it takes other options. */
export const hasTerminal: boolean = process.platform === "linux" && existsSync("/usr/bin/script");
if (!hasTerminal)
  process.stdout.write("skipped: what is done on a terminal, as `script` of util-linux is not here\n");

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Runs the compiled command on a terminal of its own, to which `type` types. Standard output may go to a file. */
export function startOnTerminal(
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; answer?: string },
) {
  const { cwd, env, answer } = options;
  const command = [process.execPath, COMMAND, ...args].map(quoted).join(" ");
  const line = `stty cols 100 rows 30; exec ${command}${answer === undefined ? "" : ` >${quoted(answer)}`}`;
  const child = spawn("script", ["--quiet", "--flush", "--return", "--command", line, "/dev/null"], {
    cwd,
    env: { ...process.env, TERM: "xterm-256color", ...env },
  });
  let screen = "";
  let look: () => void = () => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    look();
  });
  const done = new Promise<{ code: number | null; screen: string }>((ended) =>
    child.once("close", (code) => ended({ code, screen })),
  );
  return {
    done,
    type: (keys: string) => child.stdin.write(keys),
    /** Resolves once the screen shows it; rejects where the command ends before. */
    shows: (text: RegExp) =>
      new Promise<void>((seen, failed) => {
        look = () => text.test(screen) && seen();
        look();
        void done.then(({ code }) =>
          failed(new Error(`ended with ${code}, showing ${JSON.stringify(screen)}`)),
        );
      }),
  };
}

export const CTRL_C = "\u0003";
