import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { userCache } from "../../toolchain/tools";

const ROOT = join(__dirname, "..", "..");

/** A program of this project that a test has started. */
export interface RunningProgram {
  child: ChildProcess;
  /** Both outputs so far. */
  output(): string;
  /** Waits until the output has `text` in it, from `offset` on. Throws when the program ends before. */
  says(text: string, offset?: number): Promise<void>;
  /** The exit code; null after a signal. */
  ended: Promise<number | null>;
}

/**
 * Runs a TypeScript file of this project. All that it starts can be found by `mark`, which it gets as its HOME, the one
 * variable that also Kratos inherits.
 */
export function runProgram(script: string, args: string[], mark: string): RunningProgram {
  const child = spawn(process.execPath, ["--import", "tsx", script, ...args], {
    cwd: ROOT,
    // The cache is found by the real HOME; with another one the tools would be built once more.
    env: { ...process.env, HOME: mark, PULUMI_ORY_CACHE: userCache() },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  let ending = false;
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve)).finally(() => {
    ending = true;
  });
  return {
    child,
    ended,
    output: () => output,
    async says(text, offset = 0) {
      while (!output.slice(offset).includes(text)) {
        if (ending) throw new Error(`ended without saying "${text}":\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** The processes that carry `mark` in their arguments or their environment, a line each. */
export function processesOf(mark: string): string[] {
  const withEnvironment = process.platform === "darwin" ? "axEww" : "axeww";
  const all = execFileSync("ps", [withEnvironment, "-o", "pid=,args="], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: { PATH: process.env.PATH },
  });
  return all.split("\n").filter((line) => line.includes(mark));
}

/** That a start has proven sign-in by e-mail and by SMS, with the very codes that its outbox has shown. */
export function expectSignInProven(output: string): void {
  for (const [journey, by] of [
    ["password+email", "e-mail"],
    ["password+sms", "SMS"],
  ]) {
    const code = new RegExp(`outbox: code (\\d{6}) for \\S+ by ${by}`).exec(output)?.[1];
    expect(output).toContain(`${journey}: code ${code} arrived\n`);
    expect(output).toContain(`${journey}: whoami reaches aal2\n`);
  }
  expect(output).toMatch(
    /\ndone in \d+ s: \d+ changes applied, sign-in proven with password\+email and password\+sms\n/,
  );
}
