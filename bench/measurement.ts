/** One line of the report. */
export interface Row {
  /** What was measured. */
  name: string;
  /** The median. */
  value: number;
  unit: "ms" | "MB" | "x";
  /** The most that `value` may be; none where it is only told. */
  budget?: number;
  /** Calls of an API in one run, and revisions that they made. */
  calls?: number;
  revisions?: number;
  /** How many times it was measured. */
  runs: number;
}

export const isHeld = ({ value, budget }: Row): boolean => budget === undefined || value <= budget;

/** The middle of `values`, which shared and noisy machines move least. */
export function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = Math.floor(ascending.length / 2);
  return ascending.length % 2 === 1 ? ascending[middle]! : (ascending[middle - 1]! + ascending[middle]!) / 2;
}

/** How long `work` takes, in milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Times all of `works` in turn, `runs` times, so that whatever else the machine does befalls them alike.
 * @returns Milliseconds by work, in the order of the runs.
 */
export async function interleaved<Name extends string>(
  works: Record<Name, () => unknown>,
  runs: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(works) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let run = 0; run < runs; run++) {
    for (const name of names) times[name].push(await timed(works[name]));
  }
  return times;
}

/** The median of how many times longer `over` took than `under`, run by run. */
export const ratio = (over: readonly number[], under: readonly number[]): number =>
  median(over.map((time, run) => time / under[run]!));
