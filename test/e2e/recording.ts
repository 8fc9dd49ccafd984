import type { Project, Run } from "./project";

/** Runs of a project in which no secret may be seen. */
export class Recording {
  private readonly seen: string[] = [];

  constructor(private readonly project: Project) {}

  /** Runs Pulumi's CLI. Not for -v: the engine's own trace (-v=7 and more) prints every message to a plugin in the clear. */
  async run(...args: string[]): Promise<Run> {
    const result = await this.project.pulumi(args);
    await this.keep(result);
    return result;
  }

  /** Keeps a run that was started otherwise. */
  async keep({ output }: Run): Promise<void> {
    this.seen.push(output, await this.project.state());
  }

  /** The lines that were printed, or stood in the state after a run, and match `pattern`. */
  lines(pattern: RegExp): string[] {
    // Lines, not whole logs: a failure must be readable.
    const lines = this.seen.flatMap((text) => text.split("\n").filter((line) => pattern.test(line)));
    return lines.map((line) => line.slice(0, 300));
  }
}
