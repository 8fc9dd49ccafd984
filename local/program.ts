import { constants } from "node:os";
import { UserError } from "../infra/identity-config/user-error";
import { ToolchainError } from "../toolchain/tools";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export type ProgramOptions = {
  /** The exit code after Ctrl-C and other signals that end a program. Default: 128 and the signal's number. */
  interruptedCode?: number;
};

/**
 * Runs `body` as this process's whole work, and ends the process with 0, or with 1 after its error was shown. A signal
 * that ends programs aborts `body`, which is waited for.
 */
export async function runAsProgram(
  body: (signal: AbortSignal) => Promise<void>,
  { interruptedCode }: ProgramOptions = {},
): Promise<never> {
  const interruption = new AbortController();
  let code: number | undefined;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (interruption.signal.aborted) return;
      code = interruptedCode ?? 128 + constants.signals[name];
      console.log("\nstopping");
      interruption.abort(new UserError(`stopped by ${name}`));
    });
  }
  // A terminal that was closed, or a pipe whose reader has gone, must not keep us from stopping what we have started.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    await body(interruption.signal);
    process.exit(code ?? 0);
  } catch (error) {
    if (error !== interruption.signal.reason) console.error(`error: ${errorText(error)}`);
    process.exit(code ?? 1);
  }
}

/** How an error is shown: only a defect of ours comes with its stack. */
export function errorText(error: unknown): string {
  const { message, stack } = error as Error;
  return error instanceof UserError || error instanceof ToolchainError ? message : (stack ?? String(error));
}
