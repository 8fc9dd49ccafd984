#!/usr/bin/env node
// The command `pulumi-ory`; runs the compiled cli/main.ts. Plain JavaScript, so that it is there before the build.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const main = join(__dirname, "../bin/cli/main.js");
if (existsSync(main)) {
  // From Node 22.1 on: keeps what was compiled, for the next start.
  require("node:module").enableCompileCache?.();
  require(main);
} else {
  const root = join(__dirname, "..");
  const install = existsSync(join(root, "node_modules")) ? "" : "`npm ci` and ";
  process.stderr.write(
    `error: pulumi-ory is not built yet: run ${install}\`npm run build\` in ${root} first\n`,
  );
  process.exitCode = 1;
}
