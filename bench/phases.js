/**
 * Loaded into every Node process of an `up` by NODE_OPTIONS; in the provider, times the phases of its target and
 * appends them as lines of JSON to the file that BENCH_PHASES names.
 */
const { appendFileSync } = require("node:fs");
const { join } = require("node:path");

const KRATOS = join(__dirname, "../bin/infra/targets/kratos");

/** @param holder A prototype, or the exports of a module. */
function time(holder, method, phase) {
  const original = holder[method];
  holder[method] = async function (...args) {
    const start = performance.now();
    try {
      return await original.apply(this, args);
    } finally {
      const line = { phase, ms: performance.now() - start };
      appendFileSync(process.env.BENCH_PHASES, `${JSON.stringify(line)}\n`);
    }
  };
}

if (process.env.BENCH_PHASES && /provider[\\/]main\.js$/.test(process.argv[1] ?? "")) {
  const { KratosTarget } = require(join(KRATOS, "kratos-target.js"));
  const { FileTransport } = require(join(KRATOS, "transport.js"));
  time(KratosTarget.prototype, "observe", "observe");
  time(KratosTarget.prototype, "trial", "trial");
  time(require(join(KRATOS, "servers.js")), "prove", "proof");
  time(FileTransport.prototype, "deliver", "write and proof");
}
