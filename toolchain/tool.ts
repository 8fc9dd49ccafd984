/** A way to get a tool onto this machine. */
export interface Source {
  /** Kept in the record beside the binary. */
  name: "release" | "module";
  /** What happens, as `downloading Kratos 1.3.1`, with an honest estimate where it takes long. */
  title: string;
  /** How this way is called in an error. */
  label: string;
  /** What a user can do to open this way. */
  remedy: string;
  /** Puts the executable at `bin/<tool>` in `directory`, which is empty and on the cache's file system. Throws an Error that says why not. */
  fetch(directory: string): Promise<void>;
}

/** An executable that this project needs. */
export interface Tool {
  /** The executable's name. */
  name: string;
  /** The tool's name in messages. */
  title: string;
  /** The version that the sources bring. */
  version: string;
  /** The versions that do when one is already on the machine. */
  range: string;
  /** Folders to look in after PATH. */
  elsewhere: string[];
  /** Runs `binary` and returns its version. Throws where it does not run or lacks something. */
  probe(binary: string): Promise<string>;
  /** In the order in which they are tried. */
  sources: Source[];
}

/** No way led to a tool. The message says what was tried and what to do, and needs no stack trace. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
}

/** The last lines of what a failed command said, or its message, on one line. */
export function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const text = stderr?.trim() || message || String(error);
  return text.trim().split("\n").slice(-3).join("; ");
}
