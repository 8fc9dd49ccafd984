/**
 * `npm run bench [-- <part of a name>…]`: measures what the project promises of its speed and size, prints a table, and
 * writes .local/bench.json. Exits non-zero where a budget was exceeded or something was not measured.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { ensureTools, type Tools } from "../toolchain/tools";
import { cliRows } from "./cli";
import { impactRows } from "./impact";
import { isHeld, type Row } from "./measurement";
import { networkRows } from "./network";
import { planRows } from "./plan";
import { previewRows } from "./preview";
import { projectRows } from "./projects";
import { providerRows } from "./provider";
import { ruleRows } from "./rules";
import { updateRows } from "./update";

const FOLDER = join(__dirname, "..", ".local");
const REPORT = join(FOLDER, "bench.json");

const BENCHES: Record<string, (tools: Tools, folder: string) => Promise<Row[]>> = {
  plan: planRows,
  rules: ruleRows,
  impact: impactRows,
  cli: cliRows,
  provider: providerRows,
  update: updateRows,
  preview: previewRows,
  network: networkRows,
  projects: projectRows,
};

/** What the numbers depend on. */
function machine(tools: Tools) {
  const says = (binary: string) =>
    execFileSync(binary, ["version"], { encoding: "utf8" })
      .trim()
      .split("\n")[0]!
      .replace(/^Version:\s*/, "");
  return {
    processor: `${cpus().length} x ${cpus()[0]?.model.trim()}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${platform()} ${release()} ${arch()}`,
    load: loadavg().map((load) => Number(load.toFixed(1))),
    versions: { node: process.version, pulumi: says(tools.pulumi), kratos: says(tools.kratos) },
  };
}

async function main(wanted: string[]): Promise<void> {
  const tools = await ensureTools();
  process.env.PATH = tools.env.PATH;
  const about = machine(tools);
  const rows: Row[] = [];
  let failed = false;
  for (const [name, measure] of Object.entries(BENCHES)) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    process.stderr.write(`measuring: ${name}\n`);
    try {
      rows.push(...(await measure(tools, join(FOLDER, "bench"))));
    } catch (error) {
      // What the others have measured must not be lost.
      console.error(`error: ${name} was not measured: ${(error as Error).stack}`);
      failed = true;
    }
  }
  const told = rows.map((row) => ({ ...row, value: Number(row.value.toPrecision(3)), held: isHeld(row) }));
  console.log(`${about.processor}, ${about.memory}, ${about.system}, load ${about.load.join(" ")}`);
  console.log(
    Object.entries(about.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  );
  console.table(
    told.map(({ name, value, unit, calls, revisions, budget, runs, held }) => ({
      measured: name,
      "median of runs": `${value} ${unit}`,
      calls: calls ?? "",
      revisions: revisions ?? "",
      budget: budget === undefined ? "" : `<= ${budget} ${unit}`,
      held: budget === undefined ? "" : held ? "yes" : "NO",
      runs,
    })),
  );
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(
    REPORT,
    `${JSON.stringify({ at: new Date().toISOString(), ...about, rows: told }, null, 2)}\n`,
  );
  console.log(`written to ${REPORT}`);
  process.exitCode = !failed && rows.every(isHeld) ? 0 : 1;
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`error: ${error.stack}`);
  process.exitCode = 1;
});
