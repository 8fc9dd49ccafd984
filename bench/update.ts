/** An `up` with one toggle changed, and where its time goes. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Project } from "../test/e2e/project";
import { CODES, files, shop } from "../test/e2e/shop";
import { startKratos } from "../test/kratos/server";
import type { Tools } from "../toolchain/tools";
import { median, type Row, timed } from "./measurement";

const RUNS = 7;
const PHASES = ["engine", "observe", "trial", "write", "proof"] as const;

export async function updateRows({ kratos: binary }: Tools): Promise<Row[]> {
  const kratos = await startKratos({ binary, files });
  const project = await Project.create();
  const log = join(project.dir, "phases");
  const up = async (totp: boolean) => {
    await project.program(shop(kratos, binary, CODES.replace("totp: true", `totp: ${totp}`)));
    rmSync(log, { force: true });
    const total = await timed(async () => {
      const { code, output } = await project.pulumi(["up", "--yes"], {
        BENCH_PHASES: log,
        NODE_OPTIONS: `--require ${join(__dirname, "phases.js")}`,
      });
      if (code !== 0) throw new Error(`an update failed:\n${output}`);
    });
    return split(total, readFileSync(log, "utf8"));
  };
  try {
    await up(true);
    const runs: ReturnType<typeof split>[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await up(run % 2 === 1));
    const row = (name: string, values: number[]): Row => ({
      name,
      value: median(values),
      unit: "ms",
      runs: RUNS,
    });
    return [
      row(
        "up with one toggle changed",
        runs.map(({ total }) => total),
      ),
      ...PHASES.map((phase) =>
        row(
          `  of which ${phase}`,
          runs.map((run) => run[phase]),
        ),
      ),
    ];
  } finally {
    await Promise.all([kratos.stop(), project.remove()]);
  }
}

/** Preview and update observe and try, each; what is no phase of the target is the engine's, the program's or the plan's. */
function split(total: number, log: string) {
  const sums: Record<string, number> = {};
  for (const line of log.trim().split("\n")) {
    const { phase, ms } = JSON.parse(line) as { phase: string; ms: number };
    sums[phase] = (sums[phase] ?? 0) + ms;
  }
  for (const phase of ["observe", "trial", "proof", "write and proof"]) {
    if (sums[phase] === undefined)
      throw new Error(`phases.js has timed no ${phase}: what it wraps has moved`);
  }
  const { observe = 0, trial = 0, proof = 0, "write and proof": delivery = 0 } = sums;
  return {
    total,
    observe,
    trial,
    write: delivery - proof,
    proof,
    engine: total - observe - trial - delivery,
  };
}
