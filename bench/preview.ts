/** A preview of the dev stack in which nothing changes, beside that of a program that only imports `@pulumi/pulumi`. */
import { mkdirSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { startEmbedded } from "../local/embedded";
import { runPulumi } from "../local/pulumi-cli";
import { openLocalStack } from "../local/stack";
import { Project } from "../test/e2e/project";
import type { Tools } from "../toolchain/tools";
import { interleaved, median, type Row, ratio } from "./measurement";

const ROOT = join(__dirname, "..");
const RUNS = 9;

export async function previewRows(tools: Tools, folder: string): Promise<Row[]> {
  const kratosDir = join(folder, "kratos");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const signal = new AbortController().signal;
  const silent = () => {};
  const embedded = await startEmbedded({
    kratos: tools.kratos,
    kratosDir,
    signal,
    log: silent,
    onDeath: silent,
  });
  const empty = await Project.create();
  const bare = await Project.create();
  try {
    const stack = openLocalStack({ project: ROOT, folder, tools });
    await stack.up({
      target: { kratosDir: relative(ROOT, kratosDir) },
      outboxUrl: embedded.outbox.url,
      tell: silent,
    });
    const preview = ["preview", "--non-interactive", "--expect-no-changes"];
    const ofDev = async () => {
      const { ok, stdout, stderr } = await runPulumi({
        binary: join(tools.bin, "pulumi"),
        args: [...preview, "--stack", "dev", "--config-file", stack.configFile],
        cwd: ROOT,
        env: { ...process.env, ...stack.env },
      });
      if (!ok) throw new Error(`a preview of the dev stack failed:\n${stdout}${stderr}`);
    };
    await empty.program("");
    await empty.pulumi(["up", "--yes"]);
    // Nobody has such a program; it tells what importing @pulumi/pulumi takes.
    await writeFile(join(bare.dir, "main.ts"), "");
    await bare.pulumi(["up", "--yes"]);
    const ofEmpty = (program: Project) => async () => {
      const { code, output } = await program.pulumi(["preview", "--expect-no-changes"]);
      if (code !== 0) throw new Error(`a preview of an empty program failed:\n${output}`);
    };
    const works = { nothing: ofEmpty(empty), bare: ofEmpty(bare), dev: ofDev };
    await interleaved(works, 1);
    const { dev, nothing, bare: unimporting } = await interleaved(works, RUNS);
    return [
      { name: "preview, empty program", value: median(nothing), unit: "ms", runs: RUNS },
      { name: "preview, dev stack without changes", value: median(dev), unit: "ms", runs: RUNS },
      {
        name: "preview, dev stack over empty program",
        value: ratio(dev, nothing),
        unit: "x",
        budget: 1.3,
        runs: RUNS,
      },
      {
        name: "preview, dev stack over a program without even an import",
        value: ratio(dev, unimporting),
        unit: "x",
        runs: RUNS,
      },
    ];
  } finally {
    await Promise.all([embedded.stop(), empty.remove(), bare.remove()]);
  }
}
